// Says diagnostics on standard error and in the mail log, as msg(3) of the Postfix library does.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

/// Where diagnostics go.
struct Speaker {
    private let host: Host
    private let programName: ByteString
    /// The mail system's name in the log: syslog_name.
    private(set) var systemName: ByteString = "postfix"
    private var facility = LogFacility.mail
    private var logFile: LogFile?
    /// Characters beyond ASCII are passed on whole; until main.cf is read they are not.
    private var passesUTF8 = false

    /// Longer records are cut, as Postfix cuts them: syslog services do not take any length.
    private static let limitRecordBytes = 2000

    /// A log that postlog(1) writes, because maillog_file is set.
    private struct LogFile {
        let postlog: ByteString
        let environment: [ByteString]
    }

    init(_ host: Host, programName: ByteString) {
        self.host = host
        self.programName = programName
    }

    /// Takes log name, facility and log file from the primary's main.cf.
    mutating func configure(_ parameters: ParameterView) throws(Fatal) {
        systemName = try value("syslog_name", parameters)
        let facilityName = try value("syslog_facility", parameters)
        guard let facility = LogFacility(named: facilityName) else {
            throw Fatal(
                "file \(parameters.configDirectory)/main.cf: parameter syslog_facility: "
                    + "unrecognized value: \(facilityName)")
        }
        self.facility = facility
        passesUTF8 = try value("smtputf8_enable", parameters).lowercased == "yes"
        try configureLogFile(parameters)
    }

    private mutating func configureLogFile(_ parameters: ParameterView) throws(Fatal) {
        let file = try value("maillog_file", parameters)
        if file.isEmpty { return }
        let prefixes = ParameterList.split(try value("maillog_file_prefixes", parameters))
        guard prefixes.contains(where: file.hasPrefix) else {
            throw Fatal(
                "maillog_file value '\(file)' does not match any prefix in maillog_file_prefixes")
        }
        let commands = try value("command_directory", parameters)
        // A list with a brace too few lets nothing through.
        let imports = try? ParameterList.splitBraced(try value("import_environment", parameters))
        let environment = ChildEnvironment(host.environment).filtered(by: imports ?? [])
        logFile = LogFile(postlog: "\(commands)/postlog", environment: environment.entries)
    }

    private func value(_ name: ByteString, _ parameters: ParameterView) throws(Fatal) -> ByteString
    {
        do {
            return try parameters.value(of: name)
        } catch {
            let path: ByteString = "\(parameters.configDirectory)/main.cf"
            throw Fatal(
                ObservationFailure.primaryBroken(
                    .badExpansion(path: path, parameter: name, error: error)
                ).diagnostics)
        }
    }

    func say(_ diagnostic: Diagnostic) {
        let scriptTag: ByteString = "\(systemName)/postmulti-script"
        let tag = diagnostic.origin == .script ? scriptTag : programName
        let text = printable(diagnostic.text, passesUTF8: passesUTF8)
        // What is only for the record must not disturb a script that reads standard error.
        if diagnostic.severity != .info {
            host.output.writeError("\(tag): \(diagnostic.severity.word)\(text)\n")
        }
        log(text, severity: diagnostic.severity, tag: tag)
    }

    /// A line for the terminal only, as getopt(3) writes it.
    func sayOnTerminal(_ text: ByteString) {
        host.output.writeError("\(programName): \(text)\n")
    }

    private func log(_ text: ByteString, severity: LogSeverity, tag: ByteString) {
        let cut = ByteString(text.bytes.prefix(Self.limitRecordBytes))
        guard let logFile else {
            host.log.write(
                severity.word + cut, tag: tag, severity: severity, facility: facility)
            return
        }
        // postlog repeats the message on its standard error, so that goes nowhere.
        let command = ChildCommand(
            program: logFile.postlog,
            arguments: ["postlog", "-p", severity.postlogPriority, "-t", tag, "--", cut],
            environment: logFile.environment, isQuiet: true)
        // A log that cannot be written must not hide the message, which has been said already.
        _ = try? host.processes.capture(command, limitBytes: 1 << 16, limitSeconds: 10)
    }
}

/// The text with "?" for every byte that could do something to a terminal or a log.
private func printable(_ text: ByteString, passesUTF8: Bool) -> ByteString {
    if !passesUTF8 || text.bytes.allSatisfy({ $0 < 0x80 }) {
        return ByteString(text.bytes.map { (0x20...0x7E).contains($0) ? $0 : 0x3F })
    }
    var result: ByteString = ""
    var rest = text.bytes[...]
    while let byte = rest.first {
        let length = lengthOfCharacter(rest)
        if length > 1 {
            result.bytes += rest.prefix(length)
        } else {
            result.bytes.append((0x20...0x7E).contains(byte) ? byte : 0x3F)
        }
        rest = rest.dropFirst(max(length, 1))
    }
    return result
}

/// The number of bytes of the UTF-8 character at the start; 0 if they are none.
private func lengthOfCharacter(_ bytes: ArraySlice<UInt8>) -> Int {
    var decoder = UTF8()
    var iterator = bytes.prefix(4).makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return 0 }
    return UTF8.width(scalar)
}

extension LogSeverity {
    /// What stands in front of a message of this severity.
    fileprivate var word: ByteString {
        switch self {
        case .info: ""
        case .warning: "warning: "
        case .error: "error: "
        case .fatal: "fatal: "
        }
    }

    /// The word for option -p of postlog(1).
    fileprivate var postlogPriority: ByteString {
        switch self {
        case .info: "info"
        case .warning: "warn"
        case .error: "error"
        case .fatal: "fatal"
        }
    }
}
