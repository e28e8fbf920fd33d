// Check name-not-portable: a name that other programs will not take.

import Bytes

extension Check {
    static let nameNotPortable = Check(
        id: "name-not-portable", title: "Other programs stumble over a name", severity: .note,
        reference: "postconf(5) multi_instance_name",
        why: """
            The name becomes the log tag and part of a unit's name. Log tools look for letters, \
            digits, dashes and underscores there, and systemd escapes most other characters, so \
            lines of this instance are missed and its unit has another name than one types.
            """,
        example: "multi_instance_name = postfix-a+b",
        mend: "postmulti -i postfix-a+b -I postfix-a-b -e assign"
    ) { snapshot in
        snapshot.usable.compactMap { instance in
            guard let name = instance.instance?.name?.text,
                let odd = name.bytes.first(where: { !isPortable($0) })
            else { return nil }
            let proposal = ByteString(name.bytes.map { isPortable($0) ? $0 : 0x2D })
            return Sighting(
                of: [instance], at: instance.place(of: "multi_instance_name"),
                "the name \(name) has \"\(ByteString([odd]))\", which log tools and systemd "
                    + "do not take as it is",
                mend: "postmulti -i \(instance.directory.quotedForShell) "
                    + "-I \(proposal.quotedForShell) -e assign")
        }
    }

    private static func isPortable(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || byte == 0x2D || byte == 0x5F
    }
}
