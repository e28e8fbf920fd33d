// master.cf as lossless syntax: master(5).
//
// Reading is tolerant: a line that is no service becomes a problem, the others are usable. Edits
// are in MasterCFEdit.swift.

package import Bytes

/// The text of a master.cf and its services.
package struct MasterCF: Sendable {
    /// The file's content, byte for byte.
    package let text: ByteString
    /// All services in the order of the file.
    package let entries: [Entry]
    /// Everything that Postfix would warn of or die of while reading.
    package let problems: [Problem]

    /// One service and where it stands.
    package struct Entry: Hashable, Sendable {
        package var service: MasterService
        /// Line numbers, counted from 1, of the first and the last line of the service.
        package var firstLine: Int
        package var lastLine: Int
    }

    /// Something in a master.cf that postconf(1) warns of, or cannot read at all.
    package enum Problem: Hashable, Sendable {
        case notAService(line: Int, fault: MasterServiceFault)
        /// Indented text at the top of the file; Postfix ignores it with a warning.
        case continuesNothing(line: Int, text: ByteString)
        case warning(line: Int, MasterServiceWarning)

        /// True if postconf(1) dies of it.
        package var isFatal: Bool {
            if case .notAService = self { true } else { false }
        }

        /// Postfix's own words, "fatal:" or "warning:" in front.
        package func wording(path: ByteString) -> ByteString {
            switch self {
            case .notAService(let line, .fieldCount):
                let words = MasterServiceFault.fieldCount.wording
                return "fatal: file \(path): line \(line): \(words)"
            case .notAService(_, let fault): return "fatal: \(fault.wording)"
            case .continuesNothing(_, let text):
                return "warning: \(LogicalLine.orphanWording(path: path, text: text))"
            case .warning(_, let warning): return "warning: \(warning.wording)"
            }
        }
    }

    /// Reads a master.cf; never fails, see `problems`.
    package init(_ text: ByteString) {
        var entries: [Entry] = []
        var problems: [Problem] = []
        let (lines, orphan) = LogicalLine.scan(text)
        if let orphan {
            let start = ByteString(orphan.joined(in: text))
            problems.append(.continuesNothing(line: orphan.firstLine, text: start))
        }
        for line in lines {
            do throws(MasterServiceFault) {
                let service = try MasterService(line: ByteString(line.joined(in: text)))
                problems += service.warnings.map { .warning(line: line.firstLine, $0) }
                entries.append(
                    Entry(service: service, firstLine: line.firstLine, lastLine: line.lastLine))
            } catch {
                problems.append(.notAService(line: line.firstLine, fault: error))
            }
        }
        self.text = text
        self.entries = entries
        self.problems = problems
    }

    /// The first service of that name and type, `smtp` and `inet` for instance.
    package func service(_ name: ByteString, _ type: ByteString) -> MasterService? {
        entries.first { $0.service[.service] == name && $0.service[.type] == type }?.service
    }
}
