// Runs real child processes by posix_spawn(3), which costs half a millisecond a child.

import Bytes
import Glibc

/// Real child processes.
package struct LiveProcessRunner: ProcessRunner {
    package init() {}

    package func runInheriting(_ command: ChildCommand) throws(ProcessError) -> ExitStatus {
        wait(for: try spawnSearching(command, Redirection()))
    }

    package func runRelabelling(
        _ command: ChildCommand, _ change: LabelChange
    ) throws(ProcessError) -> ExitStatus {
        let pipe = try Pipe(for: command)
        let child = try spawnSearching(command, Redirection(error: pipe.writeEnd))
        pipe.closeWriteEnd()
        var unfinished: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        var ended: ExitStatus?
        while true {
            // After the child's end only what is in the pipe already is still to come.
            var event = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
            let stepMilliseconds: Int32 = ended == nil ? 50 : 0
            if unsafe poll(&event, 1, stepMilliseconds) > 0 {
                let count = retryingOnInterrupt { unsafe read(pipe.readEnd, &chunk, chunk.count) }
                if count <= 0 { break }
                unfinished += chunk[..<count]
                while let end = unfinished.firstIndex(of: 0x0A) {
                    pass(ByteString(unfinished[...end]), change)
                    unfinished.removeSubrange(...end)
                }
            } else if ended != nil {
                break
            } else {
                ended = statusIfEnded(child)
            }
        }
        if !unfinished.isEmpty { pass(ByteString(unfinished), change) }
        return ended ?? wait(for: child)
    }

    private func pass(_ line: ByteString, _ change: LabelChange) {
        StandardOutput().writeError(change.apply(to: line))
    }

    package func capture(
        _ command: ChildCommand, limitBytes: Int, limitSeconds: Int
    ) throws(ProcessError) -> CapturedOutput {
        let pipe = try Pipe(for: command)
        let child = try spawnSearching(
            command, Redirection(input: true, output: pipe.writeEnd))
        pipe.closeWriteEnd()
        return try finish(
            child, pipe, command.program, limitBytes: limitBytes, limitSeconds: limitSeconds)
    }

    /// Collects a child's output to its end; one that does not keep its limits is killed.
    func finish(
        _ child: pid_t, _ pipe: Pipe, _ program: ByteString, limitBytes: Int, limitSeconds: Int
    ) throws(ProcessError) -> CapturedOutput {
        do {
            let output = try collect(
                from: pipe.readEnd, program, limitBytes: limitBytes, limitSeconds: limitSeconds)
            return CapturedOutput(output: output, status: wait(for: child))
        } catch {
            kill(child, SIGKILL)
            _ = wait(for: child)
            throw error
        }
    }

    private func collect(
        from readEnd: Int32, _ program: ByteString, limitBytes: Int, limitSeconds: Int
    ) throws(ProcessError) -> ByteString {
        var output: [UInt8] = []
        let deadline = monotonicMilliseconds() + limitSeconds * 1000
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let left = deadline - monotonicMilliseconds()
            guard left > 0 else { throw .tooSlow(program: program, limitSeconds: limitSeconds) }
            var event = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&event, 1, Int32(left)) > 0 else { continue }
            let count = retryingOnInterrupt { unsafe read(readEnd, &chunk, chunk.count) }
            if count <= 0 { return ByteString(output) }
            output += chunk[..<count]
            guard output.count <= limitBytes else {
                throw .tooMuchOutput(program: program, limitBytes: limitBytes)
            }
        }
    }

    /// Starts the program, looking a bare name up in the child's own PATH.
    func spawnSearching(
        _ command: ChildCommand, _ redirection: Redirection
    ) throws(ProcessError) -> pid_t {
        if command.program.contains(0x2F) || command.program.isEmpty {
            return try spawnOrInterpret(command, program: command.program, redirection)
        }
        var failure = SystemError.notFound
        for directory in searchPath(command.environment) {
            let candidate: ByteString =
                directory.isEmpty ? command.program : "\(directory)/\(command.program)"
            // A look costs less than a child that finds nothing to run.
            if isMissing(candidate) { continue }
            do {
                return try spawnOrInterpret(command, program: candidate, redirection)
            } catch .cannotStart(_, let error) {
                switch error {
                case .notFound, .notDirectory: continue
                // A file that may not be executed is remembered, a later one may do.
                case .accessDenied: failure = error
                default: throw .cannotStart(program: command.program, error: error)
                }
            }
        }
        throw .cannotStart(program: command.program, error: failure)
    }

    /// True if there certainly is no such file.
    private func isMissing(_ path: ByteString) -> Bool {
        do throws(FileError) {
            return try LiveFileReading().status(of: path, followingLinks: true) == nil
        } catch {
            return false  // The attempt to run it tells why.
        }
    }

    private func searchPath(_ environment: [ByteString]) -> [ByteString] {
        let value = environment.last { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? "/bin:/usr/bin"
        return value.bytes.split(separator: 0x3A, omittingEmptySubsequences: false)
            .map { ByteString($0) }
    }

    /// Starts the program; hands a script without "#!" to /bin/sh as execvp(3) does.
    private func spawnOrInterpret(
        _ command: ChildCommand, program: ByteString, _ redirection: Redirection
    ) throws(ProcessError) -> pid_t {
        do {
            return try spawn(command, program: program, redirection)
        } catch .cannotStart(_, .notExecutableFormat) {
            let arguments = ["/bin/sh", program] + command.arguments.dropFirst()
            let script = ChildCommand(
                program: "/bin/sh", arguments: arguments, environment: command.environment)
            return try spawn(script, program: "/bin/sh", redirection)
        }
    }

    private func spawn(
        _ command: ChildCommand, program: ByteString, _ redirection: Redirection
    ) throws(ProcessError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let source = redirection.source {
            unsafe posix_spawn_file_actions_adddup2(&actions, source, 0)
        } else if redirection.input {
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        if let output = redirection.output {
            unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        }
        if let error = redirection.error {
            unsafe posix_spawn_file_actions_adddup2(&actions, error, 2)
        } else if command.isQuiet {
            unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        let arguments = CStringArray(command.arguments)
        let environment = CStringArray(command.environment)
        var child: pid_t = 0
        let error = unsafe program.withCString { path in
            unsafe posix_spawn(
                &child, path, &actions, nil, arguments.pointers, environment.pointers)
        }
        guard error == 0 else {
            throw .cannotStart(program: command.program, error: SystemError(code: error))
        }
        return child
    }

    func wait(for child: pid_t) -> ExitStatus {
        var status: Int32 = 0
        _ = retryingOnInterrupt { unsafe waitpid(child, &status, 0) }
        return ExitStatus(waitStatus: status)
    }
}

/// The time since the machine's start, for deadlines.
func monotonicMilliseconds() -> Int {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
}

/// How the child ended, or nil if it runs.
func statusIfEnded(_ child: pid_t) -> ExitStatus? {
    var status: Int32 = 0
    guard unsafe waitpid(child, &status, WNOHANG) == child else { return nil }
    return ExitStatus(waitStatus: status)
}

/// A null-terminated array of C strings, as posix_spawn(3) wants its arguments and environment.
@safe private final class CStringArray {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [ByteString]) {
        unsafe pointers = strings.map { unsafe $0.withCString { unsafe strdup($0) } } + [nil]
    }

    deinit {
        unsafe pointers.forEach { unsafe free($0) }
    }
}

/// What a child gets in place of our standard descriptors.
struct Redirection {
    /// Empty input.
    var input = false
    /// Where input comes from.
    var source: Int32?
    var output: Int32?
    var error: Int32?
}

/// A pipe of which the child gets the writing end.
final class Pipe {
    let readEnd: Int32
    private(set) var writeEnd: Int32

    init(for command: ChildCommand) throws(ProcessError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            throw .cannotStart(program: command.program, error: .last)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
        // Neither end may leak into another child; the child's own copy is made by dup2.
        _ = fcntl(readEnd, F_SETFD, FD_CLOEXEC)
        _ = fcntl(writeEnd, F_SETFD, FD_CLOEXEC)
    }

    /// Without this the reading end would never see the end of the child's output.
    func closeWriteEnd() {
        if writeEnd >= 0 { close(writeEnd) }
        writeEnd = -1
    }

    deinit {
        closeWriteEnd()
        close(readEnd)
    }
}

extension ExitStatus {
    /// The meaning of waitpid(2)'s number.
    init(waitStatus status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }
}
