// The logs that a command reads: those that are named, or those of all instances.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import LogOperations
import MailTrace

/// Logs that are open.
struct OpenedLogs {
    private let context: CommandContext
    private(set) var sources: [LogSource] = []
    /// The log names of instances, as far as the configuration tells.
    private(set) var names: Set<ByteString> = []
    /// The instances by their log names; empty if the logs were named.
    private(set) var instances: [(name: ByteString, instance: Instance)] = []
    /// Something could not be read, and was told.
    private(set) var hasFailures = false
    /// Which file each path was when it was opened.
    private var inodes: [UInt64?] = []

    /// Which files are wanted of the instances' own logs.
    enum Reach {
        /// All, the older ones first.
        case all
        /// Those that were written to since a time, in seconds since 1970.
        case since(Int)
        /// Those that are written to now.
        case current
    }

    /// Opens logs; what cannot be read is told, and is a failure only if nothing is left.
    init(
        _ context: CommandContext, named paths: [String], reach: Reach
    ) throws(CommandFailure) {
        self.context = context
        if paths.isEmpty {
            try openOwn(reach)
        } else {
            for path in paths { open(ByteString(path)) }
        }
        if sources.isEmpty { throw CommandFailure(.failed, "there is no log that can be read") }
    }

    /// The logs with what is needed to understand their times.
    var traced: [TracedLog] { sources.map { TracedLog($0, calendar) } }

    var calendar: LogCalendar {
        let clock = context.host.clock
        return LogCalendar(latestSeconds: clock.nowSeconds) { clock.zoneOffset(atSeconds: $0) }
    }

    /// Tells a person that something could not be read.
    mutating func fail(_ sentence: ByteString) {
        hasFailures = true
        context.console.say("postilion: \(sentence.printable)\n")
    }

    /// Tells which logs could not be read to their ends.
    mutating func tellFailures() {
        for failure in sources.compactMap(\.failure) { fail(failure.sentence) }
    }

    private mutating func open(_ path: ByteString) {
        do throws(LogFailure) {
            sources.append(try LogOpener(context.host).open(path))
            inodes.append(inode(of: path))
        } catch {
            fail(error.sentence)
        }
    }

    private mutating func openOwn(_ reach: Reach) throws(CommandFailure) {
        let scene = try context.observeInstances()
        let views = scene.instances.usable.compactMap { scene.parameters[$0.configDirectory] }
        let places = LogFinder(context.host.files).places(of: views)
        for problem in places.problems { fail(problem) }
        for path in places.paths where isWanted(path, places, reach) { open(path) }
        if places.needsJournal {
            do throws(LogFailure) {
                sources.append(try LogOpener(context.host).openJournal())
                inodes.append(nil)
            } catch {
                fail(error.sentence)
            }
        }
        names = places.names
        for instance in scene.instances.usable {
            // Without a name nothing in the log can be said to be of that instance.
            guard let view = scene.parameters[instance.configDirectory],
                let name = try? view.value(of: "syslog_name")
            else { continue }
            instances.append((name, instance))
        }
    }

    private func isWanted(_ path: ByteString, _ places: LogPlaces, _ reach: Reach) -> Bool {
        if places.current.contains(path) { return true }
        switch reach {
        case .all: return true
        case .current: return false
        case .since(let seconds):
            // What cannot be looked at is opened, and tells why it cannot be read.
            let status = try? context.host.files.status(of: path, followingLinks: true)
            return status.map { $0.modified.seconds >= seconds } ?? true
        }
    }

    private func inode(of path: ByteString) -> UInt64? {
        // A file that is gone for a moment is looked for again.
        (try? context.host.files.status(of: path, followingLinks: true))?.inode
    }

    /// Opens those logs anew whose paths lead to other files now; returns their numbers.
    mutating func reopenMoved() -> [Int] {
        var moved: [Int] = []
        for index in sources.indices {
            guard let old = inodes[index], let new = inode(of: sources[index].path),
                old != new || sources[index].wasCut
            else { continue }
            // A file that cannot be opened yet is tried again the next time.
            guard let source = try? LogOpener(context.host).open(sources[index].path) else {
                continue
            }
            sources[index] = source
            inodes[index] = new
            moved.append(index)
        }
        return moved
    }
}
