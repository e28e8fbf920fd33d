// The last trouble that an instance logged, from the end of its log. Never reads a log whole.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// Looks for trouble in mail logs; a log that several instances share is read once.
struct LogObserver {
    private let files: any FileReading
    private var seen: [ByteString: Observed<[ByteString: LogProblem]>] = [:]
    /// The log of a usual place; nil if there is none.
    private let usualPath: ByteString?

    /// As much of the end of a log is read: some two thousand lines.
    private static let tailBytes = 1 << 18
    /// Where syslog services of the distributions put the mail log.
    private static let usualPaths: [ByteString] = ["/var/log/mail.log", "/var/log/maillog"]

    init(_ files: any FileReading) {
        self.files = files
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
        guard let name = try? parameters.value(of: "syslog_name") else {
            return .unknown(reason: "syslog_name cannot be expanded")
        }
        switch problems(in: path) {
        case .known(let problems): return .known(problems[name])
        case .unknown(let reason): return .unknown(reason: reason)
        }
    }

    /// The last problem of each name in a log.
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
            let found = LogProblem(
                severity: problem.severity, time: line.time, tag: line.tag, text: problem.text)
            for name in line.names { problems[name] = found }
        }
        return .known(problems)
    }
}
