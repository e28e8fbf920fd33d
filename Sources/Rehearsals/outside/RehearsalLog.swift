// What the rehearsed system logs: to the system's log, and to files that instances name.

package import Bytes
import HostAccess
import Instances
import LogOperations
package import MailTrace

/// The logs of a rehearsal.
package final class RehearsalLog {
    private let records: OutsideRecords
    private let memory = MemoryLog([])
    private let paths: [ByteString]
    private let opener: LogOpener
    private let names: Set<ByteString>
    private let host: Host
    private var opened: [ByteString: LogSource] = [:]

    /// Begins with nothing logged: files of the host that instances log to are put away.
    init(_ host: Host, _ records: OutsideRecords, _ snapshot: Snapshot) {
        self.host = host
        self.records = records
        opener = LogOpener(host)
        var paths: [ByteString] = []
        var names: Set<ByteString> = []
        for parameters in snapshot.instances.compactMap(\.parameters) {
            // What cannot be expanded stops Postfix itself.
            let file = (try? parameters.value(of: "maillog_file")) ?? ""
            if file.hasPrefix("/"), !file.hasPrefix("/dev/"), !paths.contains(file) {
                paths.append(file)
            }
            if let name = try? parameters.value(of: "syslog_name") { names.insert(name) }
        }
        for path in paths {
            // A file that cannot be put away only shows more than there was.
            if let real = try? host.files.realPath(path) { try? host.files.removeFile(real) }
        }
        self.paths = paths
        self.names = names
    }

    /// The log names of the instances.
    package var instanceNames: Set<ByteString> { names }

    /// All logs with what has come so far.
    package var logs: [TracedLog] {
        memory.bytes += records.log(from: memory.bytes.count)
        for path in paths where opened[path] == nil {
            // A file that is not there yet has nothing to tell.
            opened[path] = try? opener.open(path)
        }
        let clock = host.clock
        let calendar = LogCalendar(latestSeconds: clock.nowSeconds) {
            clock.zoneOffset(atSeconds: $0)
        }
        return [TracedLog(memory, calendar)]
            + paths.compactMap { opened[$0] }.map { TracedLog($0, calendar) }
    }

    /// What was logged since a time as a warning or worse, each text once, with who said it.
    package func warnings(since time: Int) -> [ByteString] {
        var filter = LineFilter()
        filter.leastSeverity = .warning
        filter.since = time
        var view = LogView(logs, filter, names: names)
        var seen: Set<ByteString> = []
        var warnings: [ByteString] = []
        view.read(isFinal: true) { line in
            let text: ByteString = "\(line.instance)/\(line.service): \(line.text)"
            if seen.insert(text).inserted { warnings.append(text) }
            return true
        }
        return warnings
    }

    /// All that was logged to the system's log.
    package var text: ByteString {
        memory.bytes += records.log(from: memory.bytes.count)
        return ByteString(memory.bytes)
    }
}
