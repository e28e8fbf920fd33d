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
