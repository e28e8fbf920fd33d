// What differs between any two runs, and is therefore made equal before they are compared.
//
// Each mask is as narrow as it can be: a mask that hides more would hide faults.

import Bytes

enum Masks {
    /// What a terminal recorded: its line ends are a carriage return and a newline.
    static func terminalText(_ text: ByteString) -> ByteString {
        var bytes: [UInt8] = []
        for byte in text.bytes {
            if byte == UInt8(ascii: "\n"), bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            bytes.append(byte)
        }
        return processIDs(in: ByteString(bytes))
    }

    /// Digits after `PID: ` and in `[…]:`, as in `master[17]:`.
    static func processIDs(in text: ByteString) -> ByteString {
        var bytes: [UInt8] = []
        var rest = text.bytes[...]
        while let byte = rest.first {
            bytes.append(byte)
            rest = rest.dropFirst()
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            if digits.isEmpty { continue }
            let follows = rest.dropFirst(digits.count).prefix(2)
            let bracketed = byte == UInt8(ascii: "[") && follows.elementsEqual("]:".utf8)
            if bracketed || bytes.suffix(5).elementsEqual("PID: ".utf8) {
                bytes += Array("PID".utf8)
                rest = rest.dropFirst(digits.count)
            }
        }
        return ByteString(bytes)
    }

    /// `<22>Nov 21 09:00:00 tag[17]: text` becomes `22 tag[PID]: text`.
    static func logMessage(_ message: ByteString) -> ByteString {
        let parts = message.bytes.split(separator: UInt8(ascii: ">"), maxSplits: 1)
        guard parts.count == 2, parts[0].first == UInt8(ascii: "<") else { return message }
        // The date is of fixed length, as in `Nov  1 09:00:00 `.
        let priority = ByteString(parts[0].dropFirst())
        return processIDs(in: "\(priority) \(ByteString(parts[1].dropFirst(16)))")
    }
}
