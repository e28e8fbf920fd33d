// Check registry-not-portable: a list of instances that Debian's units read differently.

import Bytes
import PostfixFormats

extension Check {
    static let registryNotPortable = Check(
        id: "registry-not-portable", title: "Debian's units misread the list of instances",
        severity: .note, reference: "postconf(5) multi_instance_directories",
        why: """
            Postfix takes commas and blanks between the directories. The generator that makes \
            Debian's systemd units is a shell script and knows blanks only: with commas it makes \
            no unit for the instance.
            """,
        example: "multi_instance_directories = /etc/postfix-out, /etc/postfix-in",
        mend: "postconf -e 'multi_instance_directories = /etc/postfix-out /etc/postfix-in'"
    ) { snapshot in
        guard let primary = snapshot.usable.first(where: \.isPrimary),
            let list = primary.value("multi_instance_directories"), list.contains(0x2C)
        else { return [] }
        return [
            Sighting(
                of: [primary], at: primary.place(of: "multi_instance_directories"),
                "multi_instance_directories has commas, which Debian's units do not know",
                mend: primary.setting(
                    "multi_instance_directories",
                    ParameterList.split(list).joined(by: " ")))
        ]
    }
}
