// Log lines for the service manager: one line each on standard error, words as key=value.

import Bytes
import HostAccess
import Logging

/// Writes `level message key=value ...`; the service manager adds time and name.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        line += "\(event.level): \(event.message)".utf8
        var all = event.metadata ?? [:]
        if !metadata.isEmpty { all.merge(metadata) { new, _ in new } }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line.append(UInt8(ascii: " "))
            line += key.utf8
            line.append(UInt8(ascii: "="))
            if case .string(let text) = value {
                Self.append(text, to: &line)
            } else {
                Self.append("\(value)", to: &line)
            }
        }
        line.append(UInt8(ascii: "\n"))
        StandardOutput().writeError(ByteString(line))
    }

    /// Appends a value, in quotation marks where it would not be one word, and without control
    /// characters.
    private static func append(_ value: String, to line: inout [UInt8]) {
        let bytes = value.utf8
        let isPlain = bytes.allSatisfy {
            $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"")
        }
        guard !isPlain || bytes.isEmpty else {
            line += bytes
            return
        }
        line.append(UInt8(ascii: "\""))
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                line += (digits.count == 1 ? "\\x0\(digits)" : "\\x\(digits)").utf8
            default: line.append(byte)
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
