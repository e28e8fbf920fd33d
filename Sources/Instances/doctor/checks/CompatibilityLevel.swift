// Check compatibility-level: instances that have different ideas of the defaults.

import Bytes

extension Check {
    static let compatibilityLevel = Check(
        id: "compatibility-level", title: "Instances differ in compatibility_level",
        severity: .note, reference: "COMPATIBILITY_README",
        why: """
            compatibility_level decides about the defaults of other parameters, among them which \
            services are jailed and which mail is relayed. Instances of one host that differ in \
            it behave differently for no reason that their main.cf files show.
            """,
        example: "compatibility_level = 3.6 in /etc/postfix, 2 in /etc/postfix-out",
        mend: "postconf -c /etc/postfix-out -e compatibility_level=3.6, after reading why it was 2"
    ) { snapshot in
        guard let first = snapshot.enabled.first,
            let level = first.value("compatibility_level")
        else { return [] }
        return snapshot.enabled.dropFirst().compactMap { instance in
            guard let own = instance.value("compatibility_level"), own != level
            else { return nil }
            return Sighting(
                of: [first, instance], at: instance.place(of: "compatibility_level"),
                "\(instance.name) has compatibility_level \(own), \(first.name) has \(level)",
                mend: instance.setting("compatibility_level", level))
        }
    }
}
