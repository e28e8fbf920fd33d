// The system calls of a program that change files, as strace(1) tells them.

import Bytes
import TestSupport

/// One file-changing system call of a run in which nothing went wrong.
struct SystemCall: Hashable {
    var process: Int
    var name: String
    /// Which call of this name it is in its process, counted from 1: what strace counts by.
    var number: Int
    /// How many calls of each name the process had made before, this one not among them.
    var earlier: [String: Int]
}

/// Traces a program and finds its file-changing calls.
enum SystemCallTrace {
    /// All calls that change files or make a change last.
    private static let changing = [
        "mkdir", "mkdirat", "mknod", "mknodat", "rmdir", "unlink", "unlinkat", "rename",
        "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "chmod", "fchmod",
        "fchmodat", "chown", "fchown", "lchown", "fchownat", "truncate", "ftruncate", "fsync",
        "fdatasync", "write", "pwrite64", "fsetxattr", "flock", "utimensat", "creat",
    ]
    /// Calls that change something only with certain flags.
    private static let opening = ["open", "openat"]

    private static let file: ByteString = "/tmp/trace"

    /// The file-changing calls of `postmulti` with these arguments, in order.
    ///
    /// The run itself takes place, and must succeed.
    static func calls(of arguments: [ByteString], on bench: Bench) throws -> [SystemCall] {
        // The "?" lets strace pass over calls that this machine's processor does not have.
        let names = (changing + opening).map { "?\($0)" }.joined(separator: ",")
        let answer = try bench.postmulti(
            arguments,
            tracer: ["/usr/bin/strace", "-f", "-o", file, "-e", ByteString("trace=\(names)")])
        guard answer.succeeded else {
            throw Bench.Failure(description: "\(arguments): \(answer.errors)")
        }
        return parse(try Disk.content(of: file).text)
    }

    private static func parse(_ text: String) -> [SystemCall] {
        var counts: [Int: [String: Int]] = [:]
        var calls: [SystemCall] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let process = Int(words[0]),
                let parenthesis = words[1].firstIndex(of: "(")
            else { continue }
            // The second half of a call that was interrupted begins "<...".
            let name = words[1][..<parenthesis].drop { $0 == " " }
            guard name.allSatisfy({ $0.isLetter || $0.isNumber }) else { continue }
            let earlier = counts[process, default: [:]]
            let number = earlier[String(name), default: 0] + 1
            counts[process, default: [:]][String(name)] = number
            if isChanging(String(name), words[1][parenthesis...]) {
                calls.append(
                    SystemCall(
                        process: process, name: String(name), number: number, earlier: earlier))
            }
        }
        return calls
    }

    private static func isChanging(_ name: String, _ arguments: Substring) -> Bool {
        if opening.contains(name) {
            return arguments.contains("O_CREAT") || arguments.contains("O_TRUNC")
        }
        // Output and complaints go to pipes and terminals; those have trials of their own.
        let isTalk = arguments.hasPrefix("(1,") || arguments.hasPrefix("(2,")
        return name != "write" || !isTalk
    }
}
