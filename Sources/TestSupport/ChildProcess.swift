// Runs one child program to its end and returns what it said: for tests that ask an oracle.
//
// It exists because Foundation's runner costs some 50 ms a child and property tests start
// thousands. Product code must not import this: the product starts children through HostAccess.

package import Bytes
import Glibc

/// One run of a child program: what to start, in which surroundings, and for how long.
package struct ChildProcess: Sendable {
    /// The program's path and its arguments, the program's own name not among them.
    package var program: ByteString
    package var arguments: [ByteString]
    /// The whole environment as `NAME=value`; nothing is inherited.
    package var environment: [ByteString]
    /// The directory to run in; nil keeps the one of the test.
    package var directory: ByteString?
    /// What the child reads on standard input.
    package var input: ByteString
    /// After this many seconds the child's process group is killed.
    package var deadlineSeconds: Int

    /// Describes a run; `PATH` is all there is in the environment unless one is given.
    package init(
        _ program: ByteString, _ arguments: [ByteString] = [],
        environment: [ByteString] = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
        directory: ByteString? = nil, input: ByteString = "", deadlineSeconds: Int = 60
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.input = input
        self.deadlineSeconds = deadlineSeconds
    }

    /// What a finished child left behind.
    package struct Result: Sendable {
        package var ending: Ending
        package var output: ByteString
        package var errors: ByteString

        /// True if the child exited with status 0.
        package var succeeded: Bool { ending == .exited(0) }
    }

    /// How a child ended.
    package enum Ending: Hashable, Sendable {
        case exited(Int)
        case killed(signal: Int)
        /// The deadline passed and the process group was killed.
        case deadlinePassed
    }

    /// Why a child could not be run at all; each holds an errno.
    package enum Failure: Error {
        case noCaptureFile(Int32)
        case notStarted(Int32)
        case lost(Int32)
    }

    /// Runs the child to its end.
    package func run() throws(Failure) -> Result { try start().wait() }

    /// Starts the child and comes back at once.
    ///
    /// Output goes to memory files, not pipes: nothing blocks however much the child says, and a
    /// daemon that outlives its parent with standard output open does not hold up the test.
    package func start() throws(Failure) -> RunningChild {
        let files = try CaptureFiles(input: input)
        do throws(Failure) {
            return RunningChild(
                child: try start(with: files), files: files, deadlineSeconds: deadlineSeconds)
        } catch {
            files.close()
            throw error
        }
    }

    private func start(with files: CaptureFiles) throws(Failure) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, files.input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, files.output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, files.errors, STDERR_FILENO)
        // The test runner's own pipes would keep it waiting for daemons, and the sockets of tests
        // beside this one would stay open; 1023 is the last that a process may have by default.
        for descriptor in STDERR_FILENO + 1...1023 {
            unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        // Own process group, so that the deadline reaches grandchildren; no inherited signal mask.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        unsafe sigemptyset(&noSignals)
        unsafe posix_spawnattr_setsigmask(&attributes, &noSignals)
        // A library that ignores signals in this process must not make children ignore them.
        var ignorable = sigset_t()
        unsafe sigemptyset(&ignorable)
        for signal in [SIGPIPE, SIGHUP, SIGINT, SIGTERM, SIGQUIT] {
            unsafe sigaddset(&ignorable, signal)
        }
        unsafe posix_spawnattr_setsigdefault(&attributes, &ignorable)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        // posix_spawn's own change of directory is not within reach of Swift's Glibc module.
        var command = [program]
        if let directory { command = ["/usr/bin/env", "-C", directory, "--", program] }
        let arguments = unsafe CStringVector(command + arguments)
        let environment = unsafe CStringVector(environment)
        defer { unsafe arguments.free(); unsafe environment.free() }
        var child = pid_t()
        let path = (command[0].bytes + [0]).map { CChar(bitPattern: $0) }
        let failure = unsafe posix_spawn(
            &child, path, &actions, &attributes, arguments.pointers, environment.pointers)
        if failure != 0 { throw .notStarted(failure) }
        return child
    }
}

/// A child that was started; whoever started it must wait for it.
package final class RunningChild {
    private let child: pid_t
    private let files: CaptureFiles
    private let deadlineSeconds: Int
    private let startedNanoseconds = RunningChild.nowNanoseconds
    private var result: ChildProcess.Result?

    fileprivate init(child: pid_t, files: CaptureFiles, deadlineSeconds: Int) {
        self.child = child
        self.files = files
        self.deadlineSeconds = deadlineSeconds
    }

    /// Waits for the child's end by asking again after growing pauses.
    ///
    /// waitpid(2) knows no time limit, and a descriptor of the process is not within reach of
    /// Swift's Glibc module. The pauses stay below a fifth of the time already waited.
    package func wait() throws(ChildProcess.Failure) -> ChildProcess.Result {
        while true {
            if let result = try resultIfEnded() { return result }
            let waited = Self.nowNanoseconds - startedNanoseconds
            var pause = timespec(tv_sec: 0, tv_nsec: min(10_000_000, max(100_000, waited / 5)))
            unsafe nanosleep(&pause, nil)
        }
    }

    /// What the child left if it has ended or its deadline has passed; nil while it runs.
    package func resultIfEnded() throws(ChildProcess.Failure) -> ChildProcess.Result? {
        if let result { return result }
        let waited = Self.nowNanoseconds - startedNanoseconds
        let deadlinePassed = waited > deadlineSeconds * 1_000_000_000
        if deadlinePassed { stop() }
        var status: Int32 = 0
        let reaped = unsafe waitpid(child, &status, deadlinePassed ? 0 : WNOHANG)
        if reaped == 0 || reaped < 0 && errno == EINTR { return nil }
        if reaped < 0 { throw .lost(errno) }
        defer { files.close() }
        result = ChildProcess.Result(
            ending: deadlinePassed ? .deadlinePassed : Self.ending(status),
            output: CaptureFiles.content(of: files.output),
            errors: CaptureFiles.content(of: files.errors))
        return result
    }

    /// Kills the child and all of its process group; `wait` still has to be called.
    package func stop() { kill(-child, SIGKILL) }

    private static func ending(_ status: Int32) -> ChildProcess.Ending {
        let signal = status & 0x7F
        return signal == 0 ? .exited(Int(status >> 8) & 0xFF) : .killed(signal: Int(signal))
    }

    private static var nowNanoseconds: Int {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1_000_000_000 + now.tv_nsec
    }
}

/// The memory files behind a child's standard descriptors.
private struct CaptureFiles {
    var input: Int32
    var output: Int32
    var errors: Int32

    init(input content: ByteString) throws(ChildProcess.Failure) {
        input = Self.memoryFile()
        output = Self.memoryFile()
        errors = Self.memoryFile()
        if input < 0 || output < 0 || errors < 0 {
            let reason = errno
            close()
            throw .noCaptureFile(reason)
        }
        // Appending keeps what is there if the child opens /dev/stdout anew.
        for descriptor in [output, errors] {
            _ = fcntl(descriptor, F_SETFL, O_APPEND)
        }
        var written = 0
        while written < content.count {
            let count = unsafe content.bytes[written...].withUnsafeBytes {
                unsafe write(input, $0.baseAddress, $0.count)
            }
            if count <= 0 { break }
            written += count
        }
        lseek(input, 0, SEEK_SET)
    }

    /// A file in memory that never has a name, so that nothing stays whatever becomes of the test.
    private static func memoryFile() -> Int32 {
        // O_TMPFILE is a macro that Swift does not import: a bit of its own and O_DIRECTORY.
        let unnamed = O_DIRECTORY | 0o20_000_000
        return unsafe open("/dev/shm", O_RDWR | O_CLOEXEC | unnamed, 0o600)
    }

    func close() {
        for descriptor in [input, output, errors] where descriptor >= 0 {
            Glibc.close(descriptor)
        }
    }

    /// All a child wrote, from the start, wherever the shared offset stands.
    static func content(of descriptor: Int32) -> ByteString {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        if size <= 0 { return "" }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, unsafe pread(descriptor, buffer.baseAddress, size, 0))
        }
        return ByteString(bytes)
    }
}

/// A null-terminated vector of C strings, as exec wants it.
@unsafe private struct CStringVector {
    var pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [ByteString]) {
        unsafe pointers = []
        for string in strings {
            unsafe pointers.append(strdup((string.bytes + [0]).map { CChar(bitPattern: $0) }))
        }
        unsafe pointers.append(nil)
    }

    func free() {
        unsafe pointers.forEach { unsafe Glibc.free($0) }
    }
}
