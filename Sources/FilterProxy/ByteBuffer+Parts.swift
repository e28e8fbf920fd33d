// Parts of buffers: what the machines say in ranges becomes bytes, without copies where it is one.

import NIOCore
import SMTPProtocol

extension ByteBuffer {
    /// Appends bytes to those that are held; takes them as they are if there are none.
    mutating func hold(_ bytes: ByteBuffer) {
        if readableBytes == 0 { self = bytes } else { writeImmutableBuffer(bytes) }
    }

    /// Ranges of the readable bytes as one buffer.
    ///
    /// A message may have a dot to take away in each line, which makes a range of each.
    func parts(_ ranges: [Range<Int>]) -> ByteBuffer {
        if ranges.count == 1, let range = ranges.first { return part(range) }
        var parts = ByteBuffer()
        for range in ranges { parts.writeImmutableBuffer(part(range)) }
        return parts
    }

    /// What a removal of header fields leaves.
    func parts(of removal: inout HeaderRemoval) -> ByteBuffer {
        var pieces: [ContentPiece] = []
        removal.pass(readableBytesUInt8Span, 0..<readableBytes) { pieces.append($0) }
        if pieces == [.range(0..<readableBytes)] { return self }
        var kept = ByteBuffer()
        for piece in pieces {
            switch piece {
            case .range(let range): kept.writeImmutableBuffer(part(range))
            case .held(let bytes): kept.writeBytes(bytes)
            }
        }
        return kept
    }

    /// A range of the readable bytes.
    func part(_ range: Range<Int>) -> ByteBuffer {
        getSlice(at: readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }
}
