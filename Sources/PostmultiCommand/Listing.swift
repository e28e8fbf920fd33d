// The output of option -l, as columns or as JSON.

import Bytes
import Instances

/// The lines of option -l for the selected instances.
func listing(of instances: InstanceSet, _ options: Options) -> ByteString {
    let selection = options.selection == .unspecified ? .all : options.selection
    let selected = instances.usable.filter(selection.matches)
    var text: ByteString = ""
    for instance in options.isReversed ? selected.reversed() : selected {
        text += options.isJSON ? jsonLine(instance) : columns(instance)
    }
    return text
}

private func columns(_ instance: Instance) -> ByteString {
    let name = instance.name?.text ?? "-"
    let group = instance.group?.text ?? "-"
    let enabled: ByteString = instance.isEnabled ? "y" : "n"
    return padded(name, 15) + padded(group, 15) + padded(enabled, 9) + instance.configDirectory
        + "\n"
}

/// The text filled with blanks to `width` bytes, and one more.
private func padded(_ text: ByteString, _ width: Int) -> ByteString {
    let missing = max(0, width - text.count) + 1
    return text + ByteString([UInt8](repeating: 0x20, count: missing))
}

private func jsonLine(_ instance: Instance) -> ByteString {
    let members: [(ByteString, ByteString)] = [
        ("name", instance.name?.text ?? "-"), ("group", instance.group?.text ?? "-"),
        ("enabled", instance.isEnabled ? "y" : "n"),
        ("config_directory", instance.configDirectory),
    ]
    var line: ByteString = "{"
    for (index, (name, value)) in members.enumerated() {
        if index > 0 { line += "," }
        line += "\"\(name)\": \"\(escaped(value))\""
    }
    return line + "}\n"
}

/// The text as the inside of a JSON string; bytes that are not UTF-8 are replaced.
private func escaped(_ text: ByteString) -> ByteString {
    var result: ByteString = ""
    for byte in text.text.utf8 {
        switch byte {
        case 0x22: result += "\\\""
        case 0x5C: result += "\\\\"
        case 0x08: result += "\\b"
        case 0x0C: result += "\\f"
        case 0x0A: result += "\\n"
        case 0x0D: result += "\\r"
        case 0x09: result += "\\t"
        case 0..<0x20, 0x7F:
            let digits = String(byte, radix: 16, uppercase: true)
            result += "\\u" + ByteString(String(repeating: "0", count: 4 - digits.count) + digits)
        default: result.bytes.append(byte)
        }
    }
    return result
}
