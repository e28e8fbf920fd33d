// Tests of the table itself: its rows can fail, are told apart, and are documented.

import Bytes
import Foundation
import TestSupport
import Testing

@Suite struct TableTests {
    @Test func `the table has at least two hundred rows with names of their own`() {
        let names = ParityRow.table.map(\.name)
        #expect(names.count >= 200)
        let doubles = Dictionary(grouping: names) { $0 }.filter { $0.value.count > 1 }
        #expect(doubles.keys.sorted() == [])
    }

    @Test func `every mend is documented with its rows`() throws {
        let path = "\(Package.root)/Documentation/compatibility.md"
        let text = String(
            decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
        for row in ParityRow.table {
            guard let mend = row.mend else { continue }
            #expect(text.contains("| `\(mend.id)` |"), "\(row.name): no entry \(mend.id)")
        }
    }

    @Test func `claims are checked on both sides of a mend`() {
        var row = ParityRow("one", from: .pristine, .run("-l"))
        row.mend = Mend(
            "some", .output(stock: .has("a"), ours: .exactly("b")), .status(stock: 0, ours: 1))
        #expect(complaints(row, ("cat", 0), ("b", 1)) == 0)
        #expect(complaints(row, ("b", 0), ("b", 1)) == 1)
        #expect(complaints(row, ("a", 0), ("bb", 1)) == 1)
        #expect(complaints(row, ("a", 1), ("b", 0)) == 2)
        row.mend = nil
        #expect(complaints(row, ("a", 0), ("b", 0)) == 1)
    }

    private func complaints(
        _ row: ParityRow, _ stock: (ByteString, Int), _ ours: (ByteString, Int)
    ) -> Int {
        func outcome(_ answer: (ByteString, Int)) -> Outcome {
            var outcome = Outcome()
            outcome.answers = [.init(output: answer.0, errors: "", status: answer.1)]
            return outcome
        }
        return Comparison(row: row, stock: outcome(stock), ours: outcome(ours)).complaints.count
    }
}

/// Imitations of the stock program, each wrong in one thing: the table must tell every one.
@Suite(.enabled(if: TestedPostfix.obstacle(withoutOurs: true) == nil))
struct ImitationTests {
    struct Imitation: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Shell text around the call of the true program.
        var script: ByteString
        /// What the complaint begins with; nil if there is to be none.
        var complaint: String?

        init(_ name: String, _ script: ByteString, _ complaint: String?) {
            testDescription = name
            self.script = script
            self.complaint = complaint
        }
    }

    static let imitations = [
        Imitation("nothing", "exec \(stock) \"$@\"", nil),
        Imitation("says more", "\(stock) \"$@\"; echo more", "output of step 2"),
        Imitation("says it as an error", "\(stock) \"$@\" >&2", "output of step 2"),
        Imitation("warns", "echo careful >&2; \(stock) \"$@\"", "errors of step 1"),
        Imitation("fails", "\(stock) \"$@\"; exit 3", "status of step 1"),
        Imitation("logs", "logger -t postmulti word; \(stock) \"$@\"", "log"),
        Imitation(
            "changes a mode", "\(stock) \"$@\"; chmod 600 /etc/postfix-aux/main.cf",
            "tree: /etc/postfix-aux/main.cf"),
        Imitation(
            "changes an owner", "\(stock) \"$@\"; chown mail /var/spool/postfix-aux/active",
            "tree: /var/spool/postfix-aux/active"),
        Imitation("leaves a file", "\(stock) \"$@\"; : >/etc/litter", "tree: /etc/litter"),
        Imitation(
            "removes a directory", "\(stock) \"$@\"; rmdir /var/spool/postfix-aux/hold",
            "tree: /var/spool/postfix-aux/hold"),
        Imitation(
            "edits more", "\(stock) \"$@\"; echo 'x = 1' >>/etc/postfix-aux/main.cf",
            "tree: /etc/postfix-aux/main.cf"),
        Imitation(
            "edits without changing the size",
            "\(stock) \"$@\"; sed -i 's/^biff = no/biff = on/' /etc/postfix/main.cf",
            "/etc/postfix/main.cf"),
    ]

    private static let stock = ByteString(TrialScript.stock)

    @Test(arguments: imitations)
    func `an imitation of the stock program is found out`(_ imitation: Imitation) async throws {
        let row = ParityRow(
            "imitated", from: .three, .run("-e", "enable", "-i", "aux"), .run("-l"))
        let path = "\(Scratch.directory)/imitation-\(imitation.testDescription)"
        let script: ByteString = "#!/bin/sh\n\(imitation.script)\n"
        #expect(
            FileManager.default.createFile(
                atPath: path, contents: Data(script.bytes),
                attributes: [.posixPermissions: 0o755]))
        async let stock = Laboratory.shared.outcome(of: row, with: .stock)
        async let other = Laboratory.shared.outcome(of: row, with: .imitation(path: path))
        let complaints = try await Comparison(row: row, stock: stock, ours: other).complaints
        if let expected = imitation.complaint {
            #expect(complaints.contains { $0.hasPrefix(expected) }, "\(complaints)")
        } else {
            #expect(complaints == [])
        }
    }
}
