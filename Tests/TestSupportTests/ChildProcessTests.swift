// Children of tests: what they get, and how they end.

import Bytes
import Glibc
import TestSupport
import Testing

@Suite struct `A child process` {
    @Test func `gets its arguments, environment, directory and input`() throws {
        let script: ByteString = "echo \"$1|$COLOUR|$PWD\"; cat; echo oops >&2; exit 3"
        let result = try ChildProcess(
            "/bin/sh", ["-c", script, "sh", "a b"], environment: ["COLOUR=red"],
            directory: "/usr", input: "from the test\n"
        ).run()
        #expect(result.output == "a b|red|/usr\nfrom the test\n")
        #expect(result.errors == "oops\n")
        #expect(result.ending == .exited(3))
    }

    @Test func `gets no descriptors but its own three`() throws {
        // As a library would that opens something for children to inherit.
        let foreign = [10, 100, 1000].map { fcntl(STDERR_FILENO, F_DUPFD, $0) }
        defer { for descriptor in foreign { close(descriptor) } }
        let result = try ChildProcess("/bin/sh", ["-c", "ls /proc/$$/fd"]).run()
        #expect(result.output == "0\n1\n2\n")
    }

    @Test func `is killed with its group at the deadline`() throws {
        let result = try ChildProcess(
            "/bin/sh", ["-c", "echo begun; sleep 60 & sleep 60"], deadlineSeconds: 1
        ).run()
        #expect(result.ending == .deadlinePassed)
        #expect(result.output == "begun\n")
    }

    @Test func `reports the signal that killed it`() throws {
        let result = try ChildProcess("/bin/sh", ["-c", "kill -9 $$"]).run()
        #expect(result.ending == .killed(signal: 9))
    }

    @Test func `may say more than a pipe holds`() throws {
        let result = try ChildProcess("/bin/sh", ["-c", "yes | head -c 1000000"]).run()
        #expect(result.output.count == 1_000_000)
    }

    @Test func `that does not exist is a failure`() {
        #expect(throws: ChildProcess.Failure.self) {
            try ChildProcess("/nonexistent/program").run()
        }
    }
}
