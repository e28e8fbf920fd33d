// One input taken apart into the several things that a target needs.
//
// Parts stand behind each other with a byte 1 in between, which nobody's configuration file
// holds: so inputs stay readable, and a mutation of one part leaves the others alone.

import Bytes

/// The parts of an input, taken off one by one.
struct FuzzInput {
    private var rest: ArraySlice<ArraySlice<UInt8>>

    init(_ input: ByteString) {
        rest = input.bytes.split(separator: 1, omittingEmptySubsequences: false)[...]
    }

    var isEmpty: Bool { rest.isEmpty }

    /// The next part; empty when there is none left.
    mutating func next() -> ByteString { rest.popFirst().map { ByteString($0) } ?? "" }

    /// The parts left over, at most `limit` of them.
    mutating func remaining(_ limit: Int) -> [ByteString] {
        defer { rest = [] }
        return rest.prefix(limit).map { ByteString($0) }
    }

    /// A number made from the next part; the same part makes the same number.
    mutating func nextNumber() -> Int {
        next().bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
}
