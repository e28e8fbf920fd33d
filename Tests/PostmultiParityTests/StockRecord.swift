// Remembers between test runs what the stock program did, which is half of the table's time.
//
// A record counts only for the very same row, starting state and installed Postfix.
// POSTILION_FRESH=1 plays all rows anew; records lie in .build/parity-records.

import Bytes
import Foundation
import TestSupport

/// What the stock program did in one row, as the run's own directory.
struct StockRecord: Sendable {
    /// All that the outcome depends on.
    private let key: ByteString

    init(of row: ParityRow) {
        var key = Self.installation
        for (name, content) in TrialScript(row: row).files.sorted(by: { $0.key < $1.key }) {
            key += "\n\(name)\n\(content)"
        }
        var state: StartingState? = row.start
        while let current = state {
            key += TrialScript.making(current)
            state = current.parent
        }
        self.key = key
    }

    /// The outcome if there is a record of it.
    func read(steps: Int) -> Outcome? {
        guard TestedPostfix.environment("POSTILION_FRESH") == nil,
            let kept = FileManager.default.contents(atPath: "\(directory)/key"),
            [UInt8](kept) == key.bytes,
            let log = FileManager.default.contents(atPath: "\(directory)/messages")
        else { return nil }
        let messages = ByteString([UInt8](log)).split { $0 == 0 }
        // An unreadable record is as good as none.
        return try? Outcome(directory: directory, steps: steps, log: messages)
    }

    /// Keeps what a run wrote; a record that cannot be kept is only made again.
    func keep(_ run: String, log messages: [ByteString]) {
        let files = FileManager.default
        let new = "\(run)-record"
        do {
            try files.copyItem(atPath: run, toPath: new)
            defer { try? files.removeItem(atPath: new) }
            let log = messages.map { $0 + ByteString([0]) }.reduce(ByteString(), +)
            try Data(log.bytes).write(to: URL(fileURLWithPath: "\(new)/messages"))
            try Data(key.bytes).write(to: URL(fileURLWithPath: "\(new)/key"))
            try? files.removeItem(atPath: directory)
            try files.createDirectory(atPath: Self.place, withIntermediateDirectories: true)
            try files.moveItem(atPath: new, toPath: directory)
        } catch {}
    }

    private static let place = "\(Package.root)/.build/parity-records"

    private var directory: String {
        // FNV-1a; the whole key is compared as well.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "\(Self.place)/\(String(hash, radix: 16))"
    }

    /// Tells one installed Postfix from another, and from itself before an upgrade or an edit.
    private static let installation: ByteString = {
        var sandbox = Sandbox()
        sandbox.root = TestedPostfix.root
        let listing = try? sandbox.run([
            "sh", "-c",
            """
            find /usr/sbin/post* /usr/lib/postfix /etc/postfix /usr/share/postfix /etc/passwd \
                /etc/group /etc/hosts -type f -printf '%p %s %T@ %m\\n' | sort
            """,
        ])
        return listing?.output ?? ""
    }()
}
