// Says diagnostics on standard error and in the mail log, as msg(3) of the Postfix library does.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// Where diagnostics go.
struct Speaker {
    private let host: Host
    private let programName: ByteString
    private var logTag: ByteString
    private var scriptTag: ByteString
    private var logFile: LogFile?

    /// A log that postlog(1) writes, because maillog_file is set.
    private struct LogFile {
        let postlog: ByteString
        let environment: [ByteString]
    }

    /// Before main.cf is read, the log's tag comes from the environment or is the usual one.
    init(_ host: Host, programName: ByteString) {
        self.host = host
        self.programName = programName
        let system = host.environmentValue("MAIL_LOGTAG") ?? "postfix"
        logTag = "\(system)/\(programName)"
        scriptTag = "\(system)/postmulti-script"
    }

    /// Takes log name and log file from the primary's main.cf.
    mutating func configure(_ parameters: ParameterView) {
        // Parameters that cannot be expanded leave the log where it was.
        let system =
            host.environmentValue("MAIL_LOGTAG") ?? (try? parameters.value(of: "syslog_name"))
        scriptTag = "\(system ?? "postfix")/postmulti-script"
        logTag = programName
        guard let file = try? parameters.value(of: "maillog_file"), !file.isEmpty,
            let commands = try? parameters.value(of: "command_directory"),
            let imports = try? parameters.value(of: "import_environment")
        else { return }
        let elements = (try? ParameterList.splitBraced(imports)) ?? []
        let environment = ChildEnvironment(host.environment).filtered(by: elements)
        logFile = LogFile(postlog: "\(commands)/postlog", environment: environment.entries)
    }

    func say(_ diagnostic: Diagnostic) {
        let word: ByteString
        switch diagnostic.severity {
        case .info: word = ""
        case .warning: word = "warning: "
        case .error: word = "error: "
        case .fatal: word = "fatal: "
        }
        let tag = diagnostic.origin == .script ? scriptTag : logTag
        let name = diagnostic.origin == .script ? scriptTag : programName
        // What is only for the record must not disturb a script that reads standard error.
        if diagnostic.severity != .info {
            host.output.writeError("\(name): \(word)\(diagnostic.text)\n")
        }
        log(diagnostic, tag: tag, word: word)
    }

    /// A line for the terminal only, as getopt(3) writes it.
    func sayOnTerminal(_ text: ByteString) {
        host.output.writeError("\(programName): \(text)\n")
    }

    private func log(_ diagnostic: Diagnostic, tag: ByteString, word: ByteString) {
        guard let logFile else {
            host.log.write("\(word)\(diagnostic.text)", tag: tag, severity: diagnostic.severity)
            return
        }
        let priority: ByteString
        switch diagnostic.severity {
        case .info: priority = "info"
        case .warning: priority = "warn"
        case .error: priority = "error"
        case .fatal: priority = "fatal"
        }
        // postlog repeats the message on its standard error, so that goes nowhere.
        let command = ChildCommand(
            program: logFile.postlog,
            arguments: ["postlog", "-p", priority, "-t", tag, diagnostic.text],
            environment: logFile.environment, isQuiet: true)
        // A log that cannot be written must not hide the message, which has been said already.
        _ = try? host.processes.capture(command, limitBytes: 1 << 16, limitSeconds: 10)
    }
}
