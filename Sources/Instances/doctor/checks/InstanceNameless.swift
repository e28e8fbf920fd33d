// Check instance-nameless: a secondary that logs as the primary does.

import Bytes

extension Check {
    static let instanceNameless = Check(
        id: "instance-nameless", title: "A secondary has neither name nor log tag",
        severity: .warning, reference: "MULTI_INSTANCE_README, multi_instance_name",
        why: """
            Without multi_instance_name and without a syslog_name of its own the instance logs as \
            "postfix", like the primary: nobody can tell whose mail a line is about. It can also \
            be selected by its directory only.
            """,
        example: "/etc/postfix-out/main.cf sets neither multi_instance_name nor syslog_name",
        mend: "postmulti -i /etc/postfix-out -I postfix-out -e assign"
    ) { snapshot in
        snapshot.usable.filter { instance in
            !instance.isPrimary && instance.instance?.name == nil && !instance.sets("syslog_name")
        }.map { instance in
            let last = instance.directory.split { $0 == 0x2F }.last ?? ""
            let name = last.hasPrefix("postfix-") ? last : "postfix-\(last)"
            return Sighting(
                of: [instance], at: instance.place(of: "multi_instance_name"),
                "\(instance.directory) has no name and logs under the primary's",
                mend: "postmulti -i \(instance.directory.quotedForShell) "
                    + "-I \(name.quotedForShell) -e assign")
        }
    }
}
