// Runs real child processes by posix_spawn(3), which costs half a millisecond a child.

import Bytes
import Glibc

/// Real child processes.
package struct LiveProcessRunner: ProcessRunner {
    package init() {}

    package func runInheriting(_ command: ChildCommand) throws(ProcessError) -> ExitStatus {
        wait(for: try spawnSearching(command))
    }

    package func capture(
        _ command: ChildCommand, limitBytes: Int, limitSeconds: Int
    ) throws(ProcessError) -> CapturedOutput {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            throw .cannotStart(program: command.program, error: .last)
        }
        let (readEnd, writeEnd) = (ends[0], ends[1])
        defer { close(readEnd) }
        // Neither end may leak into another child; the child's own copy is made by dup2.
        _ = fcntl(readEnd, F_SETFD, FD_CLOEXEC)
        _ = fcntl(writeEnd, F_SETFD, FD_CLOEXEC)
        let child: pid_t
        do {
            defer { close(writeEnd) }
            child = try spawn(command, program: command.program, output: writeEnd)
        }
        do {
            let output = try collect(
                from: readEnd, command.program, limitBytes: limitBytes, limitSeconds: limitSeconds)
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
    private func spawnSearching(_ command: ChildCommand) throws(ProcessError) -> pid_t {
        if command.program.contains(0x2F) || command.program.isEmpty {
            return try spawnOrInterpret(command, program: command.program)
        }
        var failure = SystemError.notFound
        for directory in searchPath(command.environment) {
            let candidate: ByteString =
                directory.isEmpty ? command.program : "\(directory)/\(command.program)"
            do {
                return try spawnOrInterpret(command, program: candidate)
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

    private func searchPath(_ environment: [ByteString]) -> [ByteString] {
        let value = environment.last { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? "/bin:/usr/bin"
        return value.bytes.split(separator: 0x3A, omittingEmptySubsequences: false)
            .map { ByteString($0) }
    }

    /// Starts the program; hands a script without "#!" to /bin/sh as execvp(3) does.
    private func spawnOrInterpret(
        _ command: ChildCommand, program: ByteString
    ) throws(ProcessError) -> pid_t {
        do {
            return try spawn(command, program: program, output: nil)
        } catch .cannotStart(_, .notExecutableFormat) {
            let arguments = ["/bin/sh", program] + command.arguments.dropFirst()
            let script = ChildCommand(
                program: "/bin/sh", arguments: arguments, environment: command.environment)
            return try spawn(script, program: "/bin/sh", output: nil)
        }
    }

    private func spawn(
        _ command: ChildCommand, program: ByteString, output: Int32?
    ) throws(ProcessError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let output {
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
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

    private func wait(for child: pid_t) -> ExitStatus {
        var status: Int32 = 0
        _ = retryingOnInterrupt { unsafe waitpid(child, &status, 0) }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    private func monotonicMilliseconds() -> Int {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }
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
