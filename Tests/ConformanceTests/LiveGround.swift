// A scratch directory on this machine. Shell commands set it up, so that nothing that is tested is
// also the means of the test.

import Bytes
import HostAccess
import TestSupport
import Testing

final class LiveGround: Ground {
    let files: any FileSystem = LiveFileSystem()
    let root: ByteString

    init() throws {
        let places = Host.live().environment.filter { $0.hasPrefix("TMPDIR=") }
        let made = try ChildProcess(
            "/bin/sh", ["-c", "cd -P \"$(mktemp -d)\" && printf %s \"$PWD\""],
            environment: ["PATH=/usr/bin:/bin"] + places
        ).run()
        try #require(made.succeeded, "\(made.errors)")
        root = made.output
    }

    deinit { shell("chmod -R u+rwx \"$1\"; rm -rf \"$1\"", root) }

    func addFile(_ path: ByteString, _ contents: ByteString, mode: UInt32) {
        shell("cat >\"$1\"; chmod \"$2\" \"$1\"", path, octal(mode), input: contents)
    }

    func addDirectory(_ path: ByteString, mode: UInt32) {
        shell("mkdir \"$1\"; chmod \"$2\" \"$1\"", path, octal(mode))
    }

    func addLink(_ path: ByteString, to target: ByteString) {
        shell("ln -s \"$2\" \"$1\"", path, target)
    }

    func addHardLink(_ path: ByteString, to target: ByteString) {
        shell("ln \"$2\" \"$1\"", path, target)
    }

    func addPipe(_ path: ByteString) { shell("mkfifo -m 600 \"$1\"", path) }

    func addSocket(_ path: ByteString) {
        // Perl is part of every Debian; no shell can bind a socket.
        shell(
            """
            perl -e 'use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0) or die;
                bind(S, sockaddr_un($ARGV[0])) or die' "$1"
            """, path)
    }

    func contents(of path: ByteString) -> ByteString? {
        let result = run("test -f \"$1\" && cat \"$1\"", [path])
        return result?.succeeded == true ? result?.output : nil
    }

    func names() -> [ByteString] {
        run("LC_ALL=C ls -A \"$1\"", [root])?.output.split { $0 == 0x0A } ?? []
    }

    func lockElsewhere(_ path: ByteString, text: ByteString, milliseconds: Int) {
        shell(
            """
            exec 9>>"$1"; flock 9; printf %s "$2" >"$1"
            sleep "$3" </dev/null >/dev/null 2>&1 &
            """, path, text, seconds(milliseconds))
    }

    func moveUnderLockElsewhere(_ path: ByteString, to newPath: ByteString, milliseconds: Int) {
        shell(
            """
            exec 9>>"$1"; flock 9
            (sleep "$3"; mv "$1" "$2") </dev/null >/dev/null 2>&1 &
            """, path, newPath, seconds(milliseconds))
    }

    private func octal(_ mode: UInt32) -> ByteString { ByteString(String(mode, radix: 8)) }

    private func seconds(_ milliseconds: Int) -> ByteString {
        ByteString(String(Double(milliseconds) / 1000))
    }

    /// Runs a command that must succeed.
    func shell(_ script: String, _ arguments: ByteString..., input: ByteString = "") {
        guard let result = run(script, arguments, input: input) else { return }
        #expect(result.succeeded, "\(script): \(result.errors)")
    }

    /// Runs a command; nil if there is no shell, which is an issue of its own.
    func run(
        _ script: String, _ arguments: [ByteString], input: ByteString = ""
    ) -> ChildProcess.Result? {
        do {
            let words = ["-c", ByteString(script), "sh"] + arguments
            return try ChildProcess("/bin/sh", words, input: input).run()
        } catch {
            Issue.record("/bin/sh does not run: \(error)")
            return nil
        }
    }
}
