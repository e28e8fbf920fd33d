// Byte strings: bytes stay what they are.

import Bytes
import Testing

@Suite struct `Byte strings` {
    @Test func `keep bytes that are not UTF-8`() {
        let latin: ByteString = ByteString([0x66, 0xFC, 0x72])
        #expect(
            "a \(latin) b" as ByteString == ByteString([0x61, 0x20, 0x66, 0xFC, 0x72, 0x20, 0x62]))
    }

    @Test func `split without empty parts`() {
        let list: ByteString = ",a, b,,\n c "
        #expect(list.split { $0 == 0x2C || $0 == 0x20 || $0 == 0x0A } == ["a", "b", "c"])
    }

    @Test func `order by byte value`() {
        #expect(ByteString([0x7F]) < ByteString([0x80]))
        #expect(("a" as ByteString) < "aa")
    }
}
