// Check group-split: a group of which some members are enabled and some are not.

import Bytes

extension Check {
    static let groupSplit = Check(
        id: "group-split", title: "A group is enabled in part", severity: .warning,
        reference: "MULTI_INSTANCE_README, instance groups",
        why: """
            The members of a group are one service together, such as the input and the output \
            side of a content filter. If one is started and the other is not, mail comes in and \
            stays, or there is nobody to take it.
            """,
        example: """
            postfix-out     mta             n         /etc/postfix-out
            postfix-in      mta             y         /etc/postfix-in
            """,
        mend: "postmulti -i postfix-out -e enable, or disable the whole group"
    ) { snapshot in
        var groups: [ByteString: [InstanceSnapshot]] = [:]
        for instance in snapshot.usable {
            if let group = instance.instance?.group?.text {
                groups[group, default: []].append(instance)
            }
        }
        return groups.compactMap { group, members in
            guard members.contains(where: \.isEnabled),
                let disabled = members.first(where: { !$0.isEnabled })
            else { return nil }
            return Sighting(
                of: members, at: disabled.place(of: "multi_instance_enable"),
                "of the group \(group) \(disabled.name) is not enabled, others are",
                mend: "postmulti -i \(disabled.directory.quotedForShell) -e enable")
        }
    }
}
