// Counts what was logged since the last time, whoever put logs aside meanwhile.
//
// A file that was renamed is known by its inode and read to its end first. One that was compressed
// or cut off at once is a gap, which is counted, too. The journal is not read: it has no place that
// could be remembered without asking journalctl(1) for all of it.

package import Bytes
package import HostAccess
package import Instances
import MailTrace

/// Counts in logs that grow.
package struct LogCounting {
    private let host: Host
    private let path: ByteString

    /// The state of a busy host with as many messages remembered as there may be.
    private static let limitStateBytes = 1 << 23
    /// Another counting takes as long as reading a log.
    private static let limitWaitSeconds = 10

    /// What was counted, and what could not be.
    package struct Result {
        package var tally: LogTally
        package var problems: [ByteString]
    }

    /// - Parameter path: The file that keeps the numbers.
    package init(_ host: Host, path: ByteString) {
        self.host = host
        self.path = path
    }

    /// Counts on, and keeps the numbers; one at a time.
    package func run(_ instances: [ParameterView]) throws(FileError) -> Result {
        do {
            return try host.files.withExclusiveLock(
                "\(path).lock", waitSeconds: Self.limitWaitSeconds
            ) { try count(instances) }
        } catch let error as FileError {
            throw error
        } catch {
            // Nothing in there throws anything else.
            throw .changedMeanwhile(path: path)
        }
    }

    private func count(_ instances: [ParameterView]) throws(FileError) -> Result {
        let old = try readState()
        var tally = old ?? LogTally(beganSeconds: host.clock.nowSeconds)
        let places = LogFinder(host.files).places(of: instances)
        var problems = places.problems
        if places.needsJournal {
            problems.append("some instance logs to the journal only, which is not counted")
        }
        var summary = LogSummary(names: places.names, remembering: tally.memory)
        var bookmarks: [ByteString: LogTally.Bookmark] = [:]
        for log in places.current {
            do throws(LogFailure) {
                bookmarks[log] = try count(
                    log, older: places.paths.filter { $0 != log && $0.hasPrefix(log) },
                    isFirstTime: old == nil, &tally, &summary)
            } catch {
                problems.append(error.sentence)
                // It may be there again the next time.
                bookmarks[log] = tally.bookmarks[log]
            }
        }
        tally.memory = summary.suspend()
        tally.add(summary.instances)
        tally.bookmarks = bookmarks
        try host.files.replace(
            path,
            with: FileReplacement(
                contents: tally.text, expected: .anything,
                attributes: .given(
                    mode: 0o600, owner: host.accounts.effectiveUser,
                    group: host.accounts.effectiveGroup)))
        return Result(tally: tally, problems: problems)
    }

    private func readState() throws(FileError) -> LogTally? {
        do throws(FileError) {
            let contents = try host.files.read(path, limitBytes: Self.limitStateBytes)
            return LogTally(ByteString(contents.bytes))
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }

    /// Counts what is new of one log; returns where that ends, nil if there is no such file yet.
    private func count(
        _ log: ByteString, older: [ByteString], isFirstTime: Bool, _ tally: inout LogTally,
        _ summary: inout LogSummary
    ) throws(LogFailure) -> LogTally.Bookmark? {
        guard let inode = try inode(of: log) else { return tally.bookmarks[log] }
        let opener = LogOpener(host)
        let source = try opener.open(log)
        var start = isFirstTime ? source.sizeBytes : 0
        if let mark = tally.bookmarks[log] {
            if mark.inode == inode {
                start = mark.offset
                if source.sizeBytes < start {
                    // It was copied and cut off.
                    tally.gaps += 1
                    start = 0
                }
            } else if let first = try place(of: mark.inode, in: older) {
                for (number, path) in older[first...].enumerated() {
                    let rest = try opener.open(path)
                    add(LogSlice(rest, from: number == 0 ? mark.offset : 0), to: &summary)
                }
            } else {
                tally.gaps += 1
            }
        }
        let new = LogSlice(source, from: start)
        add(new, to: &summary)
        return LogTally.Bookmark(inode: inode, offset: start + new.sizeBytes)
    }

    private func add(_ part: LogSlice, to summary: inout LogSummary) {
        let clock = host.clock
        let calendar = LogCalendar(latestSeconds: clock.nowSeconds) {
            clock.zoneOffset(atSeconds: $0)
        }
        summary.add(TracedLog(part, calendar))
    }

    private func inode(of path: ByteString) throws(LogFailure) -> UInt64? {
        do throws(FileError) {
            return try host.files.status(of: path, followingLinks: true)?.inode
        } catch {
            throw .file(error)
        }
    }

    /// The number of the file that is the one with an inode.
    private func place(
        of wanted: UInt64, in paths: [ByteString]
    ) throws(LogFailure) -> Int? {
        for (index, path) in paths.enumerated() where try inode(of: path) == wanted { return index }
        return nil
    }
}
