// Check instance-duplicate-name: two instances with one multi_instance_name.

import Bytes

extension Check {
    static let instanceDuplicateName = Check(
        id: "instance-duplicate-name", title: "Two instances have one name", severity: .error,
        reference: "MULTI_INSTANCE_README, multi_instance_name",
        why: """
            Commands find an instance by its name. With one name for two instances a command \
            reaches the wrong one, their log lines cannot be told apart, and Postfix's own \
            postmulti refuses to work at all.
            """,
        example: """
            /etc/postfix-in/main.cf:   multi_instance_name = postfix-out
            /etc/postfix-out/main.cf:  multi_instance_name = postfix-out
            """,
        mend: "Give the second instance a name of its own, usually that of its directory."
    ) { snapshot in
        var owners: [ByteString: InstanceSnapshot] = [:]
        var sightings: [Sighting] = []
        for instance in snapshot.usable {
            guard let name = instance.instance?.name?.text else { continue }
            guard let owner = owners[name] else {
                owners[name] = instance
                continue
            }
            sightings.append(
                Sighting(
                    of: [owner, instance], at: instance.place(of: "multi_instance_name"),
                    "\(instance.directory) and \(owner.directory) are both named \(name)",
                    mend: instance.setting(
                        "multi_instance_name",
                        newName(for: instance, taken: Set(owners.keys)))))
        }
        return sightings
    }

    /// The name of the directory, with a number if it is taken.
    private static func newName(
        for instance: InstanceSnapshot, taken: Set<ByteString>
    ) -> ByteString {
        let last = instance.directory.split { $0 == 0x2F }.last ?? "postfix-2"
        let base = last.hasPrefix("postfix-") ? last : "postfix-\(last)"
        var name = base
        var number = 2
        while taken.contains(name) {
            name = "\(base)-\(number)"
            number += 1
        }
        return name
    }
}
