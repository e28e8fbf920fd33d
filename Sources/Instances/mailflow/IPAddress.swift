// Numeric network addresses as values: what is equal is one address, however it is written.

package import Bytes

/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable {
    /// Four or sixteen bytes, the most significant first.
    package let bytes: [UInt8]

    /// True for an IPv6 address.
    package var isIPv6: Bool { bytes.count == 16 }

    package static let anyIPv4 = IPAddress(bytes: [UInt8](repeating: 0, count: 4))
    package static let anyIPv6 = IPAddress(bytes: [UInt8](repeating: 0, count: 16))

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Takes the four or sixteen bytes of an address, the most significant first.
    package init?(networkBytes bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads an address as people write it; brackets and an "ipv6:" in front are allowed.
    package init?(_ text: ByteString) {
        var text = text
        if text.hasPrefix("["), text.hasSuffix("]") {
            text = ByteString(text.bytes.dropFirst().dropLast())
        }
        if text.lowercased.hasPrefix("ipv6:") { text = text.dropFirst(5) }
        guard let bytes = Self.four(text) ?? Self.sixteen(text) else { return nil }
        self.bytes = bytes
    }

    /// Reads the kernel's way of writing: words of 32 bits in the byte order of the machine.
    init?(kernelHexadecimal text: ByteString) {
        guard text.count == 8 || text.count == 32 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 8) {
            let digits = ByteString(text.bytes[start..<start + 8]).text
            guard let word = UInt32(digits, radix: 16) else { return nil }
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word.littleEndian >> shift))
            }
        }
        self.bytes = bytes
    }

    /// True for an address that only processes of this host can reach.
    package var isLoopback: Bool {
        isIPv6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1 : bytes[0] == 127
    }

    /// True for the address that stands for all of the host's.
    package var isWildcard: Bool { bytes.allSatisfy { $0 == 0 } }

    private static func four(_ text: ByteString) -> [UInt8]? {
        let parts = text.bytes.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ (0x30...0x39).contains($0) }),
                let byte = UInt8(ByteString(part).text)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func sixteen(_ text: ByteString) -> [UInt8]? {
        let gap = text.text.split(
            separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard text.contains(0x3A), gap.count <= 2 else { return nil }
        let halves = gap.map { half in half.isEmpty ? [] : groups(String(half)) }
        guard let head = halves[0] else { return nil }
        if halves.count == 1 { return head.count == 16 ? head : nil }
        guard let tail = halves[1], head.count + tail.count <= 14 else { return nil }
        let missing = 16 - head.count - tail.count
        return head + [UInt8](repeating: 0, count: missing) + tail
    }

    /// The bytes of groups between colons; the last one may be written as IPv4.
    private static func groups(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let four = four(ByteString(String(part))) {
                bytes += four
            } else {
                guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address as RFC 5952 writes it.
    package var description: String {
        if !isIPv6 { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map {
            UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
        }
        let gap = longestZeros(groups)
        let words = groups.map { String($0, radix: 16) }
        guard gap.count > 1 else { return words.joined(separator: ":") }
        return words[..<gap.lowerBound].joined(separator: ":") + "::"
            + words[gap.upperBound...].joined(separator: ":")
    }

    private func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in groups.indices {
            if groups[index] != 0 {
                start = index + 1
            } else if index + 1 - start > best.count {
                best = start..<index + 1
            }
        }
        return best
    }
}
