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
    /// As large as a journal may be, which a generation was.
    private static let limitGenerationBytes = 1 << 28

    /// The path of a generation that does not exist yet.
    func nextPath() throws(FileError) -> ByteString {
        let newest = try files.list(StateDirectory.generations).compactMap(number).max() ?? 0
        return path(newest + 1)
    }

    /// All generations; one that cannot be read is a row with a reason.
    func generations() throws(FileError) -> Generations {
        let names: [ByteString]
        do throws(FileError) {
            names = try files.list(StateDirectory.generations)
        } catch {
            // Nothing was ever changed here.
            if error.isNotFound { return Generations([]) }
            throw error
        }
        var entries: [Generations.Entry] = []
        for name in names {
            if let number = number(name) { entries.append(try entry(number, name)) }
        }
        return Generations(entries)
    }

    private func entry(
        _ number: Int, _ name: ByteString
    ) throws(FileError) -> Generations.Entry {
        let contents: FileContents
        do throws(FileError) {
            contents = try files.read(
                "\(StateDirectory.generations)/\(name)", limitBytes: Self.limitGenerationBytes)
        } catch {
            return .damaged(number: number, reason: error.reason)
        }
        guard contents.status.owner == 0 else {
            return .damaged(number: number, reason: "belongs to user \(Int(contents.status.owner))")
        }
        guard let record = TransactionRecord(decoding: ByteString(contents.bytes)) else {
            return .damaged(number: number, reason: "is no whole record")
        }
        return .generation(Generation(number: number, record: record))
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

    private func path(_ number: Int) -> ByteString {
        let digits = String(number)
        let padding = String(repeating: "0", count: max(0, 8 - digits.count))
        return "\(StateDirectory.generations)/\(padding + digits)"
    }

    private func number(_ name: ByteString) -> Int? { Int(name.text) }
}
