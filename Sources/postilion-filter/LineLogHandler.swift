// Log lines on standard error, one for each event; the service manager adds the time.

import Bytes
import FilterProxy
import HostAccess
import Logging

/// Writes `name: level: message key=value ...`, or the same as a JSON object.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let name: String
    private let format: LogSettings.Format

    init(name: String, settings: LogSettings) {
        self.name = name
        format = settings.format
        logLevel = Logger.Level(rawValue: settings.level.rawValue) ?? .info
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = event.metadata ?? [:]
        if !metadata.isEmpty { all.merge(metadata) { new, _ in new } }
        let members = all.sorted { $0.key < $1.key }.map { ($0.key, Self.text($0.value)) }
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch format {
        case .text: appendText(event, members, to: &line)
        case .json: appendJSON(event, members, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        StandardOutput().writeError(ByteString(line))
    }

    private static func text(_ value: Logger.Metadata.Value) -> String {
        if case .string(let text) = value { text } else { "\(value)" }
    }

    private func appendText(
        _ event: LogEvent, _ members: [(String, String)], to line: inout [UInt8]
    ) {
        line += "\(name): \(event.level): \(event.message)".utf8
        for (key, value) in members {
            line.append(UInt8(ascii: " "))
            line += key.utf8
            line.append(UInt8(ascii: "="))
            let isPlain = value.utf8.allSatisfy {
                $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"")
            }
            if isPlain, !value.isEmpty {
                line += value.utf8
            } else {
                Self.appendQuoted(value, escape: "\\x", to: &line)
            }
        }
    }

    private func appendJSON(
        _ event: LogEvent, _ members: [(String, String)], to line: inout [UInt8]
    ) {
        let fixed = [
            ("name", name), ("level", "\(event.level)"), ("event", "\(event.message)"),
        ]
        var separator = UInt8(ascii: "{")
        for (key, value) in fixed + members {
            line.append(separator)
            separator = UInt8(ascii: ",")
            Self.appendQuoted(key, escape: "\\u00", to: &line)
            line.append(UInt8(ascii: ":"))
            Self.appendQuoted(value, escape: "\\u00", to: &line)
        }
        line.append(UInt8(ascii: "}"))
    }

    /// Appends a value in quotation marks, control characters as `escape` and two digits.
    private static func appendQuoted(_ value: String, escape: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                line += (escape + (digits.count == 1 ? "0" : "") + digits).utf8
            default: line.append(byte)
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
