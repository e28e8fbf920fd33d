// The last trouble that an instance logged, from the end of its log. Never reads a log whole.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// Looks for trouble in mail logs; a log that several instances share is read once.
struct LogObserver {
    private let files: any FileReading
    private let names: LogNames
    /// The last problem of each instance, by its configuration directory, in each log.
    private var seen: [ByteString: Observed<[ByteString: LogProblem]>] = [:]
    /// The log of a usual place; nil if there is none.
    private let usualPath: ByteString?

    /// As much of the end of a log is read: some two thousand lines.
    private static let tailBytes = 1 << 18
    /// Where syslog services of the distributions put the mail log.
    private static let usualPaths: [ByteString] = ["/var/log/mail.log", "/var/log/maillog"]

    /// - Parameters:
    ///   - files: The host's files.
    ///   - names: The names of all instances of the host: a line is from one of those with the
    ///     longest.
    init(_ files: any FileReading, names: LogNames) {
        self.files = files
        self.names = names
        usualPath = Self.usualPaths.first { path in
            // A place that cannot be looked at has no log for us.
            (try? files.status(of: path, followingLinks: true)) != nil
        }
    }

    /// The last line of trouble of the instance with these parameters.
    mutating func lastProblem(_ parameters: ParameterView) -> Observed<LogProblem?> {
        guard let file = try? parameters.value(of: "maillog_file") else {
            return .unknown(reason: "maillog_file cannot be expanded")
        }
        guard let path = file.isEmpty ? usualPath : file else {
            return .unknown(reason: "there is no mail log in \(Self.usualPaths[0])")
        }
        switch problems(in: path) {
        case .known(let problems): return .known(problems[parameters.configDirectory])
        case .unknown(let reason): return .unknown(reason: reason)
        }
    }

    /// The last problem of each instance in a log.
    private mutating func problems(
        in path: ByteString
    ) -> Observed<[ByteString: LogProblem]> {
        if let problems = seen[path] { return problems }
        let problems = read(path)
        seen[path] = problems
        return problems
    }

    private func read(_ path: ByteString) -> Observed<[ByteString: LogProblem]> {
        let tail: [UInt8]
        do throws(FileError) {
            tail = try files.read(.last(bytes: Self.tailBytes), of: path)
        } catch {
            return .unknown(reason: error.sentence)
        }
        var problems: [ByteString: LogProblem] = [:]
        // The first line is whole only if the file is; then it has the form of one.
        for line in tail.split(separator: 0x0A) {
            guard let line = LogLine(ByteString(line)), let problem = line.problem else { continue }
            let owners = names.owners(of: line)
            let found = LogProblem(
                severity: problem.severity, time: line.time, tag: line.tag, text: problem.text,
                isCertain: owners.count == 1)
            for owner in owners { problems[owner] = found }
        }
        return .known(problems)
    }
}
