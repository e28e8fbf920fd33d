// Check parameter-unknown: names in main.cf that nothing reads.

import Bytes
import PostfixFormats

extension Check {
    static let parameterUnknown = Check(
        id: "parameter-unknown", title: "Nothing reads a parameter", severity: .warning,
        reference: "postconf(1)",
        why: """
            Postfix ignores a name that it does not know, so a slip of the pen leaves the default \
            in force, with nothing but a warning of postconf that nobody sees.
            """,
        example: "smtpd_recipient_restriction = permit_mynetworks, reject",
        mend: "Correct the name: postconf -d lists all that there are."
    ) { snapshot in
        snapshot.usable.flatMap { instance in
            guard let parameters = instance.parameters else { return [Sighting]() }
            let entries = parameters.mainCF.entries
            let unknown = entries.filter { !parameters.hasDefault($0.name) }
            // Most main.cf files have none, and then nothing more needs to be looked for.
            if unknown.isEmpty { return [] }
            let used = UsedNames(parameters, instance.services.value)
            return unknown.filter { entry in
                !used.contain(entry.name) && !parameters.defaultsRefer(to: entry.name)
            }.map { sighting(instance, $0) }
        }
    }

    private static func sighting(
        _ instance: InstanceSnapshot, _ entry: MainCF.Entry
    ) -> Sighting {
        let similar = nearMisses(of: entry.name, among: instance.parameters?.defaultNames ?? [])
        let hint = similar.first.map { "; is it \($0)?" as ByteString } ?? ""
        return Sighting(
            of: [instance],
            at: Finding.Place(
                file: instance.mainPath, line: entry.firstLine, parameter: entry.name),
            "nothing reads \(entry.name) in main.cf of \(instance.name)\(hint)",
            mend: similar.first.map { instance.setting($0, entry.value) }
                ?? instance.resetting(entry.name.quotedForShell))
    }
}
