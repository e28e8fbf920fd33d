// Where the logs of instances are: the file that an instance logs to, else syslog's, and the older
// ones that were put aside beside it.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

/// The places of logs.
package struct LogPlaces: Hashable, Sendable {
    /// Paths, older files of one log before newer ones, each once.
    package var paths: [ByteString] = []
    /// The files among them that are written to now.
    package var current: [ByteString] = []
    /// The log names of instances, with their services' own ones.
    package var names: Set<ByteString> = []
    /// Some instance logs to syslog, and no file of it is there.
    package var needsJournal = false
    /// What could not be looked at.
    package var problems: [ByteString] = []
}

/// Finds logs.
package struct LogFinder {
    private let files: any FileReading

    /// Where syslog services of the distributions put the mail log.
    private static let usualPaths: [ByteString] = ["/var/log/mail.log", "/var/log/maillog"]

    package init(_ files: any FileReading) { self.files = files }

    /// The logs of instances with these parameters.
    package func places(of instances: [ParameterView]) -> LogPlaces {
        var places = LogPlaces()
        for parameters in instances {
            // A name that cannot be expanded is learned from the log.
            if let name = try? parameters.value(of: "syslog_name"), !name.isEmpty {
                places.names.insert(name)
            }
            let file = (try? parameters.value(of: "maillog_file")) ?? ""
            if file.hasPrefix("/"), !file.hasPrefix("/dev/") {
                add(file, to: &places)
            } else if let usual = Self.usualPaths.first(where: isThere) {
                add(usual, to: &places)
            } else {
                places.needsJournal = true
            }
        }
        return places
    }

    private func isThere(_ path: ByteString) -> Bool {
        // A place that cannot be looked at has no log for us.
        (try? files.status(of: path, followingLinks: true)) != nil
    }

    private func add(_ path: ByteString, to places: inout LogPlaces) {
        if places.current.contains(path) { return }
        places.current.append(path)
        do throws(FileError) {
            places.paths += try older(than: path)
            // An instance that has logged nothing yet, or not since its log was put aside, has no
            // file; and that is no fault.
            if try files.status(of: path, followingLinks: true) == nil { return }
        } catch {
            places.problems.append(error.sentence)
        }
        places.paths.append(path)
    }

    /// The files that were put aside, the oldest first.
    ///
    /// logrotate appends ".1" or "-20261121", `postfix logrotate` ".20261121-062934", and both the
    /// name of a compression.
    private func older(than path: ByteString) throws(FileError) -> [ByteString] {
        let directory = parentDirectory(of: path)
        let name = path.dropFirst((path.bytes.lastIndex(of: 0x2F) ?? -1) + 1)
        var found: [(time: Timestamp, path: ByteString)] = []
        for candidate in try files.list(directory) where isOlder(candidate, than: name) {
            let path: ByteString = directory == "/" ? "/\(candidate)" : "\(directory)/\(candidate)"
            guard let status = try files.status(of: path, followingLinks: true),
                status.kind == .regular
            else { continue }
            found.append((status.modified, path))
        }
        return found.sorted { ($0.time, $0.path) < ($1.time, $1.path) }.map(\.path)
    }

    private func isOlder(_ candidate: ByteString, than name: ByteString) -> Bool {
        guard candidate.hasPrefix(name), candidate.count > name.count + 1,
            [0x2E, 0x2D].contains(candidate.bytes[name.count]),
            (0x30...0x39).contains(candidate.bytes[name.count + 1])
        else { return false }
        let suffix = candidate.dropFirst(name.count + 1)
        let digits = ByteString(
            suffix.bytes.prefix { (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x54 })
        return ["", ".gz", ".xz", ".zst", ".bz2"].contains(suffix.dropFirst(digits.count))
    }
}
