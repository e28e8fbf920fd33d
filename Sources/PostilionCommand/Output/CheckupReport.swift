// Findings and explanations as text for people.

import Bytes
import Instances

/// The findings of a checkup, the gravest first.
struct CheckupReport {
    let findings: [Finding]
    /// How many instances there are.
    let instanceCount: Int

    /// Each severity with its findings, then how many there are.
    func text(on console: Console) -> ByteString {
        var text: ByteString = ""
        for severity in Finding.Severity.allCases {
            let some = findings.filter { $0.severity == severity }
            if some.isEmpty { continue }
            text += console.styled(counted(some.count, severity.word), .strong) + "\n"
            for finding in some { text += paragraph(finding, on: console) + "\n" }
        }
        return text + summary
    }

    private func paragraph(_ finding: Finding, on console: Console) -> ByteString {
        var text: ByteString = "  \(console.styled(finding.id, finding.severity.style))  "
        text += finding.message.visible + "\n"
        if let file = finding.place.file {
            text += "    at    \(file.visible)"
            if let line = finding.place.line { text += ":\(line)" }
            if let parameter = finding.place.parameter { text += "  \(parameter.visible)" }
            text += "\n"
        }
        if let mend = finding.mend { text += "    mend  \(mend.visible)\n" }
        return text
    }

    private var summary: ByteString {
        let instances = counted(instanceCount, "instance")
        if findings.isEmpty { return "Nothing wrong with \(instances).\n" }
        return "\(instances) looked at; postilion doctor --explain ID tells more of a finding\n"
    }

    private func counted(_ count: Int, _ word: ByteString) -> ByteString {
        "\(count) \(word)\(count == 1 ? "" : "s")"
    }
}

extension Check {
    /// The page about a check.
    func page(on console: Console) -> ByteString {
        var text: ByteString = "\(console.styled(id, .strong)) (\(severity.word)): \(title)\n"
        text += section("Why", why, on: console)
        text += section("Example", example, on: console)
        text += section("Mend", mend, on: console)
        return text + section("See", reference, on: console)
    }

    private func section(
        _ heading: ByteString, _ body: ByteString, on console: Console
    ) -> ByteString {
        // Wider text is hard to read, whatever the terminal has.
        let width = min(console.columns ?? 80, 80) - 2
        var text: ByteString = "\n\(console.styled(heading, .strong))\n"
        for paragraph in body.bytes.split(separator: 0x0A) {
            for line in lines(ByteString(paragraph), width: width) { text += "  \(line)\n" }
        }
        return text
    }

    /// A paragraph broken at blanks; what is indented or short enough stays as it is.
    private func lines(_ paragraph: ByteString, width: Int) -> [ByteString] {
        if paragraph.count <= width { return [paragraph] }
        var lines: [ByteString] = []
        var line: ByteString = ""
        for word in paragraph.split(where: { $0 == 0x20 }) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [line]
    }
}

extension ByteString {
    /// The text without what moves a terminal's cursor.
    fileprivate var visible: ByteString {
        ByteString(bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x3F : $0 })
    }
}
