// Transaction records: what is written must be read back, and nothing else may be taken for one.

import Bytes
import Instances
import Testing

@Suite struct `A transaction record` {
    /// A record with every kind of step, odd bytes and empty fields.
    private let example = TransactionRecord(
        startedSeconds: 1_700_000_000, user: 1000, invokedBy: "anna",
        command: ["postmulti", "-e", "create", "", "a:b,c"], takesBack: 7,
        changes: ChangeSet(
            title: "create x",
            preparation: [
                .makeDirectory(path: "/x", mode: 0o2710),
                .createFile(
                    path: "/x/f", contents: ByteString([0, 0xFF, 0x0A, 0x2C, 0x3A]),
                    attributes: .init(mode: 0o640, owner: 1, group: .max)),
                .move(path: "/old", newPath: "/new"),
                .setPermissions(
                    .init(path: "/x", mode: 0o700, owner: 1, group: nil, includesContents: true)),
                .setPermissions(
                    .init(path: "/x", mode: 0o700, owner: 1, group: 0, includesContents: false)),
            ],
            commit: .editFile(path: "/main.cf", old: "", new: "a = 5:x,\n"),
            completion: [
                .removeFile(path: "/f"), .removeDirectory(path: "/d"),
                .deleteFile(
                    path: "/g", old: "was,", attributes: .init(mode: 0o644, owner: 0, group: 5)),
                .deleteDirectory(
                    path: "/e", attributes: .init(mode: 0o711, owner: 3, group: 0)),
            ]))

    @Test func `is read back as it was written`() {
        #expect(TransactionRecord(decoding: example.encoded) == example)
        var small = example
        small.command = []
        small.takesBack = nil
        small.changes = ChangeSet(title: "")
        #expect(TransactionRecord(decoding: small.encoded) == small)
    }

    @Test func `that is cut anywhere is none`() {
        let bytes = example.encoded.bytes
        for length in 0..<bytes.count {
            #expect(TransactionRecord(decoding: ByteString(bytes[..<length])) == nil, "\(length)")
        }
    }

    @Test func `with any byte changed is none, or another one`() {
        let bytes = example.encoded.bytes
        for index in bytes.indices {
            for change in [1, 0x80] as [UInt8] {
                var changed = bytes
                changed[index] ^= change
                let read = TransactionRecord(decoding: ByteString(changed))
                #expect(read != example, "byte \(index)")
            }
        }
    }

    @Test(
        arguments: [
            "", "postilion-transaction 2\n", "postilion-transaction 1\n", "\0\0\0\0",
            "postilion-transaction 1\n99999999999:", "postilion-transaction 1\n-1:,",
            "postilion-transaction 1\n1:0,1:0,0:,11:99999999999,",
        ] as [ByteString])
    func `is not made of other bytes`(bytes: ByteString) {
        #expect(TransactionRecord(decoding: bytes) == nil)
    }
}
