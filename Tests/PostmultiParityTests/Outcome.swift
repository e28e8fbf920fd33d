// What one run of a row left behind, read from the directory that the run wrote to.
//
// What must differ between any two runs (process ids, times) is masked here, and nothing else.

import Bytes
import Foundation

/// All that is compared of one run.
struct Outcome: Sendable {
    /// What each step said and its exit status.
    var answers: [Answer] = []
    /// The messages to /dev/log, each as `priority tag: text`.
    var log: [ByteString] = []
    /// One line for each name: path, then type, mode, owner, group, size and link target.
    var tree: [String: String] = [:]
    /// The contents of each main.cf and master.cf by path.
    var files: [String: ByteString] = [:]
    /// Opens a shell on what the run has left; empty if that is not kept.
    var shellCommand = ""

    struct Answer: Sendable {
        var output: ByteString
        var errors: ByteString
        var status: Int
    }

    /// The tree's lines below some paths, sorted, one a line.
    func treeText(below prefixes: [String]) -> ByteString {
        let lines = tree.filter { Self.isBelow($0.key, prefixes) }
            .map { "\($0.key) \($0.value)\n" }
        return ByteString(lines.sorted().joined())
    }

    /// True if the path is one of the prefixes or lies in one of them.
    static func isBelow(_ path: String, _ prefixes: [String]) -> Bool {
        prefixes.contains { path == $0 || path.hasPrefix($0 + "/") }
    }
}

extension Outcome {
    /// A run that did not come to its end.
    struct Unreadable: Error, CustomStringConvertible {
        var description: String
    }

    /// Reads what the trial script wrote.
    init(directory: String, steps: Int, log messages: [ByteString]) throws {
        for number in 1...steps {
            let status = try Self.content("\(directory)/\(number).status")
            answers.append(
                Answer(
                    output: Masks.processIDs(in: try Self.content("\(directory)/\(number).out")),
                    errors: Masks.terminalText(try Self.content("\(directory)/\(number).err")),
                    status: Int(status.text.trimmingCharacters(in: .newlines)) ?? -1))
        }
        log = try Self.underTest(messages).map { Masks.logMessage($0) }
        for line in try Self.content("\(directory)/tree").split(where: { $0 == 0 }) {
            let parts = line.text.split(separator: "\t", maxSplits: 1)
            if parts.count == 2 { tree[String(parts[0])] = String(parts[1]) }
        }
        for path in try FileManager.default.subpathsOfDirectory(atPath: "\(directory)/files")
        where path.hasSuffix(".cf") {
            files["/" + path] = try Self.content("\(directory)/files/\(path)")
        }
    }

    private static func content(_ path: String) throws -> ByteString {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Unreadable(description: "the run did not write \(path)")
        }
        return ByteString([UInt8](data))
    }

    /// The messages between the marks that the trial script sends.
    private static func underTest(_ messages: [ByteString]) throws -> [ByteString] {
        guard let first = messages.firstIndex(where: { $0.occurs("trial: begins") }),
            let last = messages.lastIndex(where: { $0.occurs("trial: ends") })
        else { throw Unreadable(description: "the log lacks the marks of begin and end") }
        return Array(messages[(first + 1)..<last])
    }
}
