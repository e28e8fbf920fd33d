// The history: the finished transactions, each with the files before and after.

import Bytes
import HostAccess
import Instances

/// The generations of the configuration, oldest first; bounded in number and size.
struct History {
    let files: any FileSystem

    /// Enough to find the edit that broke something last month.
    private static let limitGenerations = 200
    /// 64 MiB.
    private static let limitBytes = 1 << 26

    /// The path of a generation that does not exist yet.
    func nextPath() throws(FileError) -> ByteString {
        let newest = try files.list(StateDirectory.generations).compactMap(number).max() ?? 0
        let digits = String(newest + 1)
        let padding = String(repeating: "0", count: max(0, 8 - digits.count))
        return "\(StateDirectory.generations)/\(padding + digits)"
    }

    /// Removes the oldest generations beyond the limits, but never the newest.
    func prune() {
        // What cannot be pruned now will be by the next transaction.
        guard let names = try? files.list(StateDirectory.generations) else { return }
        var keptBytes = 0
        let newestFirst = names.filter { number($0) != nil }.reversed()
        for (age, name) in newestFirst.enumerated() {
            let path: ByteString = "\(StateDirectory.generations)/\(name)"
            guard let status = try? files.status(of: path, followingLinks: false) else { continue }
            keptBytes += status.sizeBytes
            if age > 0, age >= Self.limitGenerations || keptBytes > Self.limitBytes {
                try? files.removeFile(path)
            }
        }
    }

    private func number(_ name: ByteString) -> Int? { Int(name.text) }
}
