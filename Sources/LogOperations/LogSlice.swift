// A part of a log that is read as if it were a whole one.

package import MailTrace

/// The bytes of a log from one place to another.
package final class LogSlice: LogBytes {
    private let log: any LogBytes
    private let start: Int
    package let sizeBytes: Int

    /// Takes the part up to the last whole line; what is written later is not in it.
    package init(_ log: any LogBytes, from start: Int) {
        self.log = log
        self.start = start
        var end = log.sizeBytes
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        // A writer may be in the middle of a line.
        while end > start {
            let first = max(start, end - buffer.count)
            let count = min(log.read(into: &buffer, at: first), end - first)
            if let newline = buffer[..<count].lastIndex(of: 0x0A) {
                end = first + newline + 1
                break
            }
            end = first
        }
        sizeBytes = max(0, end - start)
    }

    /// Longer than any line that Postfix writes.
    private static let bufferBytes = 1 << 14

    package func read(into buffer: inout [UInt8], at offset: Int) -> Int {
        guard offset < sizeBytes else { return 0 }
        return min(log.read(into: &buffer, at: start + offset), sizeBytes - offset)
    }
}
