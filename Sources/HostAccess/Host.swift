// The host as one value: every effect of the product goes through it. Made once, in main.

package import Bytes
import Glibc

/// The effect protocols and the few facts about this process that decisions need.
package struct Host {
    package var files: any FileSystem
    package var largeFiles: any LargeFileReading
    package var processes: any ProcessRunner
    package var accounts: any Accounts
    package var network: any NetworkReading
    package var space: any SpaceReading
    package var clock: any Clock
    package var terminal: any Terminal
    package var log: any LogWriter
    /// Standard output and error of this process.
    package var output: any OutputWriter
    /// Standard input of this process.
    package var input: any InputReader
    /// The argument list of this process, the name it was called by first.
    package var arguments: [ByteString]
    /// The environment of this process, each entry "NAME=value".
    package var environment: [ByteString]
    /// The real user id of this process.
    package var realUser: UInt32
    /// When this process began, in seconds since 1970.
    package var startedSeconds: Int
    /// The host's name, uname(2)'s node name, on which some Postfix defaults depend.
    package var nodeName: ByteString
    /// The directory that this program was started from, or nil if that is not known.
    package var programDirectory: ByteString?

    package init(
        files: any FileSystem, largeFiles: any LargeFileReading, processes: any ProcessRunner,
        accounts: any Accounts, network: any NetworkReading, space: any SpaceReading,
        clock: any Clock, terminal: any Terminal, log: any LogWriter, output: any OutputWriter,
        input: any InputReader, arguments: [ByteString], environment: [ByteString],
        realUser: UInt32, startedSeconds: Int, nodeName: ByteString,
        programDirectory: ByteString?
    ) {
        self.files = files
        self.largeFiles = largeFiles
        self.processes = processes
        self.accounts = accounts
        self.network = network
        self.space = space
        self.clock = clock
        self.terminal = terminal
        self.log = log
        self.output = output
        self.input = input
        self.arguments = arguments
        self.environment = environment
        self.realUser = realUser
        self.startedSeconds = startedSeconds
        self.nodeName = nodeName
        self.programDirectory = programDirectory
    }

    /// The host that this process runs on.
    package static func live() -> Host {
        let processes = LiveProcessRunner()
        return Host(
            files: LiveFileSystem(),
            largeFiles: LiveLargeFiles(environment: ThisProcess.environment), processes: processes,
            accounts: LiveAccounts(processes: processes), network: LiveNetwork(),
            space: LiveSpace(), clock: LiveClock(), terminal: LiveTerminal(), log: SystemLog(),
            output: StandardOutput(), input: StandardInput(), arguments: ThisProcess.arguments,
            environment: ThisProcess.environment, realUser: ThisProcess.realUser,
            startedSeconds: ThisProcess.currentSeconds, nodeName: ThisProcess.nodeName,
            programDirectory: ThisProcess.programDirectory)
    }

    /// The value of an environment variable, or nil if it is not set.
    package func environmentValue(_ name: ByteString) -> ByteString? {
        let start = "\(name)=" as ByteString
        return environment.first { $0.hasPrefix(start) }?.dropFirst(start.count)
    }
}

/// Takes what a program says.
package protocol OutputWriter {
    /// Writes data for the caller to standard output; returns why it failed, or nil.
    func writeOutput(_ data: ByteString) -> SystemError?
    /// Writes talk for a person to standard error; a failure there has nowhere to go.
    func writeError(_ talk: ByteString)
    /// True if standard error is a terminal.
    var isErrorTerminal: Bool { get }
    /// The width in columns of the terminal that standard output is, or nil if it is none.
    var outputColumns: Int? { get }
}

/// Standard output and standard error of this process.
package struct StandardOutput: OutputWriter {
    package init() {}

    package func writeOutput(_ data: ByteString) -> SystemError? {
        write(data, to: STDOUT_FILENO)
    }

    package func writeError(_ talk: ByteString) { _ = write(talk, to: STDERR_FILENO) }

    package var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    package var outputColumns: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        // A terminal that does not tell its width, such as a serial line, has the usual one.
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else { return 80 }
        return Int(size.ws_col)
    }

    private func write(_ data: ByteString, to descriptor: Int32) -> SystemError? {
        var written = 0
        while written < data.count {
            let count = unsafe data.bytes.withUnsafeBytes { space in
                unsafe Glibc.write(
                    descriptor, space.baseAddress?.advanced(by: written), data.count - written)
            }
            if count < 0 && errno != EINTR { return .last }
            written += max(count, 0)
        }
        return nil
    }
}
