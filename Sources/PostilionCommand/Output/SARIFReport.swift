// Findings as a SARIF 2.1.0 document, which code review and security tools read.

import ArgumentParser
import Bytes
import Instances

/// All findings of a checkup as one document.
struct SARIFReport {
    private let findings: [Finding]

    init(_ findings: [Finding]) { self.findings = findings }

    /// The document, on one line.
    var document: ByteString {
        JSONValue.object([
            .init("$schema", "https://json.schemastore.org/sarif-2.1.0.json"),
            .init("version", "2.1.0"),
            .init(
                "runs",
                .list([
                    .object([
                        .init("tool", .object([.init("driver", driver)])),
                        .init("columnKind", "utf16CodeUnits"),
                        .init("results", .list(findings.map(result))),
                    ])
                ])),
        ]).line
    }

    private var driver: JSONValue {
        .object([
            .init("name", "postilion"),
            .init("version", .text(ByteString(Postilion.configuration.version))),
            .init("rules", .list(Checkup.all.map(rule))),
        ])
    }

    private func rule(_ check: Check) -> JSONValue {
        .object([
            .init("id", .text(check.id)),
            .init("shortDescription", message(check.title)),
            .init("fullDescription", message(check.why)),
            .init("help", message(check.mend)),
            .init(
                "defaultConfiguration", .object([.init("level", .text(check.severity.word))])),
        ])
    }

    private func result(_ finding: Finding) -> JSONValue {
        var location: [JSONValue.Member] = []
        if let file = finding.place.file {
            location.append(.init("physicalLocation", physical(file, line: finding.place.line)))
        }
        let names = finding.instances.map { name in
            JSONValue.object([.init("name", .text(name)), .init("kind", "module")])
        }
        location.append(.init("logicalLocations", .list(names)))
        let index = Checkup.all.firstIndex { $0.id == finding.id }
        return .object([
            .init("ruleId", .text(finding.id)), .init("ruleIndex", .number(index ?? -1)),
            .init("level", .text(finding.severity.word)),
            .init("message", message(finding.message)),
            .init("locations", .list([.object(location)])),
            .init(
                "properties",
                .object([
                    .init("instances", .list(finding.instances.map { .text($0) })),
                    .init("parameter", JSONValue(finding.place.parameter)),
                    .init("mend", JSONValue(finding.mend)),
                ])),
        ])
    }

    private func message(_ text: ByteString) -> JSONValue {
        .object([.init("text", .text(text))])
    }

    private func physical(_ file: ByteString, line: Int?) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("artifactLocation", .object([.init("uri", .text(uri(file)))]))
        ]
        if let line {
            members.append(.init("region", .object([.init("startLine", .number(line))])))
        }
        return .object(members)
    }

    /// The path as a URI; bytes that such a thing must not have are written in hexadecimal.
    private func uri(_ path: ByteString) -> ByteString {
        var text: ByteString = "file://"
        for byte in path.bytes {
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
                || [0x2D, 0x2E, 0x2F, 0x5F, 0x7E].contains(byte)
            if isPlain {
                text.bytes.append(byte)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + ByteString(digits.count < 2 ? "0\(digits)" : digits)
            }
        }
        return text
    }
}
