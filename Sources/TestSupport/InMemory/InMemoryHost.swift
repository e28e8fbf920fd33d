// A whole host in memory: files, programs, accounts, log and output, each open to the test.

package import Bytes
package import HostAccess

/// A host that exists in memory only.
package struct InMemoryHost {
    package private(set) var files: InMemoryFileSystem
    package let processes: ScriptedProcesses
    package let terminal = ScriptedTerminal()
    package let clock = FixedClock()
    package let log = RecordingLog()
    package let output = RecordingOutput()
    package let input = ListedAnswers()
    package var accounts = ListedAccounts()
    package var network = ListedNetwork()
    package var space = FixedSpace()
    package var arguments: [ByteString] = ["postmulti"]
    package var environment: [ByteString] = ["PATH=/usr/bin:/bin"]
    package var nodeName: ByteString = "mail.example.com"
    package var programDirectory: ByteString?

    /// Begins with a host that has nothing, and on which no program is expected to run.
    package init(reportUnexpected: @escaping (ChildCommand) -> Void) {
        files = InMemoryFileSystem()
        processes = ScriptedProcesses(reportUnexpected: reportUnexpected)
    }

    /// The same host with files of its own: what happens to them does not show in this one.
    package func withCopiedFiles() -> InMemoryHost {
        var copy = self
        copy.files = InMemoryFileSystem(copying: files)
        return copy
    }

    /// The host as the product takes it; `files` may be a wrapper around those of this host.
    package func host(files: (any FileSystem)? = nil) -> Host {
        Host(
            files: files ?? self.files,
            largeFiles: InMemoryLargeFiles(files: self.files, processes: processes),
            processes: processes, accounts: accounts,
            network: network, space: space, clock: clock, terminal: terminal, log: log,
            output: output,
            input: input, arguments: arguments, environment: environment,
            realUser: accounts.effectiveUser, startedSeconds: FixedClock().nowSeconds,
            nodeName: nodeName,
            programDirectory: programDirectory)
    }
}

/// Users and groups from a list.
package struct ListedAccounts: Accounts {
    package var users: [ByteString: UserAccount] = [:]
    package var groups: [ByteString: UInt32] = [:]
    package var effectiveUser: UInt32 = 0
    package var effectiveGroup: UInt32 = 0

    package func user(named name: ByteString) -> UserAccount? { users[name] }

    package func group(named name: ByteString) -> UInt32? { groups[name] }
}

/// One file system for all, with as much room as a test says.
package struct FixedSpace: SpaceReading {
    package var all = FileSystemSpace(
        freeBytes: 1 << 34, files: 1_000_000, freeFiles: 900_000)

    package func space(at path: ByteString) -> FileSystemSpace { all }
}

/// A clock that stands still.
package final class FixedClock: Clock {
    private var pausedMilliseconds = 0
    private var pauses = 0
    /// Is told of each pause, with its number.
    package var onPause: (Int) -> Void = { _ in }

    package init() {}

    package var nowSeconds: Int { 1_700_000_000 + pausedMilliseconds / 1000 }

    package func zoneOffset(atSeconds seconds: Int) -> Int { 0 }

    package func pause(milliseconds: Int) {
        pausedMilliseconds += milliseconds
        pauses += 1
        onPause(pauses)
    }
}

/// A terminal on which a test presses the keys.
package final class ScriptedTerminal: Terminal {
    package var size: TerminalSize?
    /// What happens, one after the other; then someone asks to end.
    package var events: [TerminalEvent] = []
    /// True while the screen is the command's own.
    package private(set) var isTaken = false
    /// How often the screen was taken.
    package private(set) var takings = 0
    /// Is told of each event before it happens.
    package var onEvent: (TerminalEvent) -> Void = { _ in }

    package func withWholeScreen<Result>(_ body: () -> Result) -> Result {
        isTaken = true
        takings += 1
        defer { isTaken = false }
        return body()
    }

    package func nextEvent(limitMilliseconds: Int) -> TerminalEvent {
        let event = events.isEmpty ? .ended : events.removeFirst()
        onEvent(event)
        return event
    }
}

/// Addresses and open ports from a list.
package struct ListedNetwork: NetworkReading {
    package var addresses: [ByteString] = ["127.0.0.1", "::1"]
    /// The addresses and ports that take connections, each "ADDRESS:PORT".
    package var open: Set<ByteString> = []
    /// What the kernel says that listens; nil if it answers no questions, but has tables.
    package var listening: [SocketAddress]?

    package func hostAddresses() -> [ByteString] { addresses }

    package func listeningSockets() throws(SystemError) -> [SocketAddress] {
        guard let listening else { throw .notPermitted }
        return listening
    }

    package func accepts(_ address: ByteString, port: Int, limitMilliseconds: Int) -> Bool {
        open.contains("\(address):\(port)")
    }
}
