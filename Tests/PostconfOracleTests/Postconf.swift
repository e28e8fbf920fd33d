// The oracle: the installed postconf(1), asked about files in a scratch directory of its own.

import Bytes
import Foundation
import TestSupport

struct Postconf {
    /// The program in POSTCONF_ORACLE_PROGRAM or the usual one; nil if there is none.
    static let installed: Postconf? = {
        let given = ProcessInfo.processInfo.environment["POSTCONF_ORACLE_PROGRAM"]
        let candidates = given.map { [$0] } ?? ["/usr/sbin/postconf", "/usr/local/sbin/postconf"]
        guard let path = candidates.first(where: FileManager.default.isExecutableFile(atPath:))
        else { return nil }
        return try? Postconf(program: ByteString(path))
    }()

    let program: ByteString
    let hostName: ByteString
    /// The output of `postconf -d` without a main.cf or master.cf.
    let defaults: ByteString
    /// True if an edit ends an unterminated last line first (3.7.15, 3.8.10, 3.9.4, 3.10.2 on).
    let endsLastLine: Bool

    private init(program: ByteString) throws {
        self.program = program
        let hostName = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
        self.hostName = ByteString(hostName.trimmingCharacters(in: .whitespacesAndNewlines))
        let scratch = try Scratch()
        try scratch.write("a = b", as: "main.cf")
        try scratch.write("", as: "master.cf")
        _ = try ChildProcess(program, ["-c", scratch.path, "-e", "c=d"]).run()
        endsLastLine = try scratch.read("main.cf") == "a = b\nc = d\n"
        defaults = try ChildProcess(program, ["-c", scratch.path, "-d"]).run().output
    }

    func ask(_ scratch: Scratch, _ arguments: [ByteString]) throws -> Answer {
        let result = try ChildProcess(program, ["-c", scratch.path] + arguments).run()
        return Answer(
            output: result.output, errors: result.errors, status: result.ending,
            program: program)
    }

    /// What an edit makes of a file; nil if postconf refuses.
    func edit(
        _ file: ByteString, as name: String, in scratch: Scratch, _ arguments: [ByteString]
    ) throws -> ByteString? {
        try scratch.write(endsLastLine ? file : file.withLastLineEnded, as: name)
        let answer = try ask(scratch, arguments)
        return answer.status == .exited(0) ? try scratch.read(name) : nil
    }
}

/// What postconf said.
struct Answer {
    var output: ByteString
    var errors: ByteString
    var status: ChildProcess.Ending
    /// What every message begins with.
    var program: ByteString

    /// The messages on standard error, without the program's name.
    var messages: [ByteString] {
        errors.split { $0 == UInt8(ascii: "\n") }.map { line in
            let start: ByteString = "\(program): "
            return line.hasPrefix(start) ? line.dropFirst(start.count) : line
        }
    }

    func warnings(containing text: String) -> [ByteString] {
        messages.filter { $0.hasPrefix("warning: ") && $0.text.contains(text) }
    }
}

/// A directory that goes away with its owner.
final class Scratch {
    let url: URL
    var path: ByteString { ByteString(url.path) }

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("postconf-oracle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file an hour old: postconf sleeps when it reads a younger one.
    func write(_ content: ByteString, as name: String) throws {
        let file = url.appendingPathComponent(name)
        try Data(content.bytes).write(to: file)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: file.path)
    }

    func read(_ name: String) throws -> ByteString {
        ByteString([UInt8](try Data(contentsOf: url.appendingPathComponent(name))))
    }
}

extension ByteString {
    var withLastLineEnded: ByteString {
        isEmpty || bytes.last == UInt8(ascii: "\n") ? self : self + "\n"
    }

    /// Words with one blank between them: how postconf prints values.
    var withSingleBlanks: ByteString {
        let words = split { [0x20, 0x09, 0x0D, 0x0A].contains($0) }
        return ByteString(Array(words.map(\.bytes).joined(separator: [0x20])))
    }

    /// As in Postfix's messages: what is not printable ASCII becomes a question mark.
    var asMessage: ByteString {
        ByteString(bytes.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") })
    }

    var lines: [ByteString] { split { $0 == UInt8(ascii: "\n") } }
}

/// Both sides of a disagreement, for a person to read.
func describe(_ title: String, _ ours: [ByteString], _ theirs: [ByteString]) -> String {
    let ours = ours.map { "  ours:   \(String(reflecting: $0.text))" }
    let theirs = theirs.map { "  theirs: \(String(reflecting: $0.text))" }
    return ([title] + ours + theirs).joined(separator: "\n")
}
