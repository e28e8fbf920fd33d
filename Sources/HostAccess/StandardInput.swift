// What a person types: the answer to a question, one line at a time.

package import Bytes
import Glibc

/// Reads answers.
package protocol InputReader {
    /// True if a person is there to answer: standard input is a terminal.
    var isInputTerminal: Bool { get }
    /// The next line without its end, or nil at the end of the input.
    func readLine() -> ByteString?
    /// All that there is until the end of the input, or nil if that is more than the limit.
    func readAll(limitBytes: Int) -> ByteString?
}

/// Standard input of this process.
package struct StandardInput: InputReader {
    package init() {}

    /// No answer is longer; a line that is counts as cut there.
    private static let limitBytes = 4096

    package var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    package func readAll(limitBytes: Int) -> ByteString? {
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while text.count <= limitBytes {
            let count = retryingOnInterrupt { unsafe read(STDIN_FILENO, &piece, piece.count) }
            // What cannot be read any more has ended.
            if count <= 0 { return ByteString(text) }
            text += piece[..<count]
        }
        return nil
    }

    package func readLine() -> ByteString? {
        var line: [UInt8] = []
        while line.count < Self.limitBytes {
            var byte: UInt8 = 0
            // One byte at a time, so that nothing behind the line is taken.
            let count = retryingOnInterrupt { unsafe read(STDIN_FILENO, &byte, 1) }
            if count <= 0 { return line.isEmpty ? nil : ByteString(line) }
            if byte == 0x0A { return ByteString(line) }
            line.append(byte)
        }
        return ByteString(line)
    }
}
