// What the names of messages and the first records of their files tell.

import Bytes
import PostfixFormats
import Testing

@Suite struct `A name in a queue directory` {
    @Test func `of one character is a level of hashing, not a message`() {
        #expect(QueueID(fileName: "A") == nil)
        #expect(QueueID(fileName: "") == nil)
    }

    @Test(arguments: ["4D3B21A2B3", "4gXhJk0q1Bz3Vy", "example_com"])
    func `of letters and figures is a message`(_ name: String) {
        #expect(QueueID(fileName: ByteString(name))?.text == ByteString(name))
    }

    @Test(arguments: ["1700000000.1234", "lost+found", ".nfs0001", "a/b"])
    func `of anything else is none`(_ name: String) {
        #expect(QueueID(fileName: ByteString(name)) == nil)
    }

    @Test func `tells when a message came if it is long`() {
        // 1,700,000,000 to the base 52 has the digits 4 24 26 18 11 36, written 4SVLCh.
        #expect(QueueID(fileName: "4SVLCh0sf8zBCD")?.createdSeconds == 1_700_000_000)
        #expect(QueueID(fileName: "0000010000z1")?.createdSeconds == 1)
    }

    @Test(arguments: [
        "4D3B21A2B3", "12345z1", "4Saeio0ld8zBCD", "4SYwrm0uu8zBCD", "zzzzzzzzzzzzzzzzzzzzz1",
    ])
    func `tells nothing if it is short or no such number`(_ name: String) {
        #expect(QueueID(fileName: ByteString(name))?.createdSeconds == nil)
    }
}

@Suite struct `The start of a queue file` {
    /// A record with fewer than 128 bytes.
    private func record(_ type: ByteString, _ data: ByteString) -> [UInt8] {
        type.bytes + [UInt8(data.count)] + data.bytes
    }

    @Test func `tells when the message came`() {
        let sizes = record("C", "            4711             679               1")
        let arrival = record("T", "1700000000 123456")
        #expect(QueueFile(head: sizes + arrival)?.arrivedSeconds == 1_700_000_000)
        #expect(QueueFile(head: arrival + record("T", "5 6"))?.arrivedSeconds == 1_700_000_000)
        #expect(QueueFile(head: record("T", "1700000000"))?.arrivedSeconds == 1_700_000_000)
    }

    @Test func `may have records of any length before that`() {
        let long = [0x41, 0xC8, 0x01] + [UInt8](repeating: 0x78, count: 200)
        #expect(QueueFile(head: long + record("T", "17 0"))?.arrivedSeconds == 17)
    }

    @Test func `tells nothing if it is cut off or no queue file`() {
        let arrival = record("T", "1700000000 123456")
        for length in arrival.indices {
            #expect(QueueFile(head: Array(arrival[..<length])) == nil)
        }
        #expect(QueueFile(head: record("T", "soon")) == nil)
        #expect(QueueFile(head: [0x54, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]) == nil)
    }
}
