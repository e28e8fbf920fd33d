// Check parameter-repeated: a setting that a later line takes back.

import Bytes
import PostfixFormats

extension Check {
    static let parameterRepeated = Check(
        id: "parameter-repeated", title: "A parameter is set twice", severity: .note,
        reference: "postconf(5)",
        why: """
            Postfix takes the last setting in main.cf and warns in the log. Whoever edits the \
            first one wonders why nothing changes.
            """,
        example: """
            relayhost = [hub1.example.com]
            ...
            relayhost = [hub2.example.com]
            """,
        mend: "Remove the line that is not meant."
    ) { snapshot in
        snapshot.usable.flatMap { instance in
            var first: [ByteString: Int] = [:]
            var sightings: [Sighting] = []
            for entry in instance.parameters?.mainCF.entries ?? [] {
                guard let line = first[entry.name] else {
                    first[entry.name] = entry.firstLine
                    continue
                }
                sightings.append(
                    Sighting(
                        of: [instance],
                        at: Finding.Place(
                            file: instance.mainPath, line: entry.firstLine,
                            parameter: entry.name),
                        "\(instance.name) sets \(entry.name) again, first in line \(line)",
                        mend: "vi +\(line) \(instance.mainPath.quotedForShell)"))
            }
            return sightings
        }
    }
}
