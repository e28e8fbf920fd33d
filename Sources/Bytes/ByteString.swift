/// A string of bytes with no assumed encoding.
///
/// Postfix's files, path names and environment are bytes: an operator's main.cf may hold Latin-1 or
/// broken UTF-8, and what is read must be written back unchanged. `String` would repair such bytes,
/// so everything that comes from or goes to the host is a `ByteString`. This file must not know
/// anything of Postfix.
package struct ByteString: Hashable, Sendable {
    /// The bytes themselves.
    package var bytes: [UInt8]

    /// Wraps bytes as they are.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Wraps a slice of bytes.
    package init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    /// A copy of some bytes.
    package init(copying bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
        var copy: [UInt8] = []
        copy.reserveCapacity(range.count)
        for place in range { copy.append(bytes[place]) }
        self.init(copy)
    }

    /// The UTF-8 bytes of a string.
    package init(_ text: String) { bytes = Array(text.utf8) }

    /// The empty string.
    package init() { bytes = [] }

    /// The bytes as text, for people.
    ///
    /// What is not UTF-8 is replaced, so the text must never be written back.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// True if there are no bytes.
    package var isEmpty: Bool { bytes.isEmpty }
    /// The number of bytes.
    package var count: Int { bytes.count }

    /// True if the string begins with `prefix`.
    package func hasPrefix(_ prefix: ByteString) -> Bool {
        guard prefix.count <= count else { return false }
        var index = 0
        while index < prefix.count {
            if bytes[index] != prefix.bytes[index] { return false }
            index += 1
        }
        return true
    }

    /// True if the string ends with `suffix`.
    package func hasSuffix(_ suffix: ByteString) -> Bool {
        guard suffix.count <= count else { return false }
        return bytes[(count - suffix.count)...].elementsEqual(suffix.bytes)
    }

    /// The string without its first `length` bytes; empty if it is shorter.
    package func dropFirst(_ length: Int) -> ByteString { ByteString(bytes.dropFirst(length)) }

    /// True if `byte` occurs in the string.
    package func contains(_ byte: UInt8) -> Bool { bytes.contains(byte) }

    /// The parts between separators, without empty parts: mystrtok(3) of the Postfix library.
    package func split(where isSeparator: (UInt8) -> Bool) -> [ByteString] {
        bytes.split(omittingEmptySubsequences: true, whereSeparator: isSeparator)
            .map { ByteString($0) }
    }

    /// The string in ASCII lower case; other bytes stay.
    package var lowercased: ByteString {
        ByteString(bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 })
    }

    /// Both strings as one.
    package static func + (left: ByteString, right: ByteString) -> ByteString {
        ByteString(left.bytes + right.bytes)
    }

    /// Appends a string.
    package static func += (left: inout ByteString, right: ByteString) {
        left.bytes += right.bytes
    }
}

extension ByteString {
    /// True if both have the same bytes.
    ///
    /// As the compiler would have it, but many bytes at a time: whole files are compared.
    package static func == (left: ByteString, right: ByteString) -> Bool {
        guard left.count == right.count else { return false }
        let (left, right) = (left.bytes.span, right.bytes.span)
        var offset = 0
        while offset + blockLength <= left.count {
            let block = offset..<(offset + blockLength)
            if !isSame(left.extracting(block), right.extracting(block)) { return false }
            offset += blockLength
        }
        while offset < left.count {
            if left[offset] != right[offset] { return false }
            offset += 1
        }
        return true
    }

    /// True if two blocks have the same bytes; no way out in the middle, so that the processor
    /// compares them as a whole.
    @inline(__always)
    private static func isSame(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        var difference: UInt8 = 0
        for index in 0..<blockLength { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}

/// The bytes that are compared together.
private let blockLength = 16

extension ByteString: Comparable {
    /// Orders by byte value, as strcmp(3) does.
    package static func < (left: ByteString, right: ByteString) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension ByteString: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self.init(value) }

    /// Interpolation that keeps embedded byte strings as they are.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        package mutating func appendLiteral(_ literal: String) { bytes += Array(literal.utf8) }
        package mutating func appendInterpolation(_ value: ByteString) { bytes += value.bytes }
        package mutating func appendInterpolation(_ value: String) { bytes += Array(value.utf8) }
        package mutating func appendInterpolation(_ value: Int) {
            bytes += Array(String(value).utf8)
        }
    }

    package init(stringInterpolation: StringInterpolation) {
        self.init(stringInterpolation.bytes)
    }
}

extension ByteString: CustomStringConvertible {
    package var description: String { text }
}
