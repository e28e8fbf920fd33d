// What must hold for readers of what Postfix's daemons write: queue files, their names, the log.

import Bytes
import PostfixFormats

/// Checks the start of a queue file, the name of one, and a line of the log.
@Sendable
func checkMail(_ input: ByteString) throws(BrokenProperty) {
    if let file = QueueFile(head: input.bytes) {
        try expect(file.arrivedSeconds >= 0, "no message came before 1970")
        try expect(
            QueueFile(head: input.bytes + [0x54]) == file, "what follows does not change the time")
    }
    try checkEnvelope(input)
    if let message = QueueID(fileName: input) {
        try expect(message.text == input, "a name stays as it is")
        try expect((message.createdSeconds ?? 0) >= 0, "no name is older than 1970")
    }
    guard let line = LogLine(input) else { return }
    try expect(input.hasSuffix(line.text), "the text is the end of the line")
    try expect(line.names.first == line.tag, "a tag is its own first name")
    for (name, next) in zip(line.names, line.names.dropFirst()) {
        try expect(name.hasPrefix("\(next)/"), "each name is a beginning of the one before")
    }
    if let problem = line.problem {
        try expect(
            line.text == "\(problem.severity): \(problem.text)", "trouble is the whole text")
    }
}

/// Checks that an envelope is the same in pieces of any size, and takes no more than there is.
private func checkEnvelope(_ input: ByteString) throws(BrokenProperty) {
    let whole = try envelope(of: input, pieceBytes: max(1, input.count))
    for pieceBytes in [1, 7, 64] {
        try expect(
            envelope(of: input, pieceBytes: pieceBytes) == whole, "pieces do not matter")
    }
    let taken = whole.recipients.reduce(0) { $0 + $1.count }
    try expect(taken <= input.count, "no record is read twice")
    for address in whole.recipients + [whole.sender ?? ""] {
        try expect(
            address.outerAddress.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F },
            "no control character is shown")
    }
    for recipient in DeferLog(input.bytes).recipients {
        try expect(
            (recipient.address + recipient.reason).bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F },
            "no control character is shown")
    }
}

/// Reads an envelope in pieces of so many bytes, and more where it asks for more.
private func envelope(
    of file: ByteString, pieceBytes: Int
) throws(BrokenProperty) -> QueueEnvelope {
    var reader = QueueEnvelopeReader(fileBytes: file.count)
    var offset = 0
    var length = pieceBytes
    // Each step passes a record or doubles the piece.
    for _ in 0...(file.count * 8 + 64) {
        let piece = Array(file.bytes.dropFirst(offset).prefix(length))
        guard case .bytes(let next) = reader.read(piece.span, at: offset) else {
            return reader.envelope
        }
        if next >= file.count || next == offset && piece.count < length { return reader.envelope }
        length = next == offset ? length * 2 : pieceBytes
        offset = next
    }
    throw BrokenProperty("an envelope comes to its end")
}
