// What several children say while they run, told apart by the instance's name, or kept for JSON.

import Bytes
import HostAccess

/// Passes on the news of children that run side by side.
final class ExecutionReport {
    private let names: [ByteString]
    private let console: Console
    private let isJSON: Bool
    private let isPrefixed: Bool
    private var talks: [Talk]
    /// How many commands did not succeed so far.
    private(set) var failures = 0
    /// Why standard output takes no more.
    private(set) var fault: CommandFailure?

    /// What a child said that is not passed on yet.
    private struct Talk {
        var output: ByteString = ""
        var errors: ByteString = ""
        var isCut = false
    }

    /// What is kept of a child's output for JSON: enough for any listing, and 500 times in memory.
    private static let limitBytes = 1 << 20

    /// - Parameters:
    ///   - names: The instances, by the index of their command.
    ///   - isJSON: Keep what is said, and tell it as an object at the end of the child.
    ///   - isPrefixed: Begin each line with the instance's name.
    init(names: [ByteString], console: Console, isJSON: Bool, isPrefixed: Bool) {
        self.names = names
        self.console = console
        self.isJSON = isJSON
        self.isPrefixed = isPrefixed
        talks = names.map { _ in Talk() }
    }

    /// Takes the next event of a child.
    func take(_ index: Int, _ event: ChildEvent) {
        switch event {
        case .output(let text): keep(text, \.output, index)
        case .errors(let text): keep(text, \.errors, index)
        case .ended(let status):
            if !status.isSuccess { failures += 1 }
            end(index, status, nil)
        case .failed(let error):
            failures += 1
            end(index, nil, error)
        }
    }

    private func keep(
        _ text: ByteString, _ stream: WritableKeyPath<Talk, ByteString>, _ index: Int
    ) {
        talks[index][keyPath: stream] += text
        if isJSON {
            let excess = talks[index][keyPath: stream].count - Self.limitBytes
            if excess > 0 {
                talks[index].isCut = true
                talks[index][keyPath: stream].bytes.removeLast(excess)
            }
        } else {
            passWholeLines(index, stream)
        }
    }

    /// Writes the whole lines, so that those of different children never mix.
    private func passWholeLines(_ index: Int, _ stream: WritableKeyPath<Talk, ByteString>) {
        let bytes = talks[index][keyPath: stream].bytes
        guard let end = bytes.lastIndex(of: 0x0A) else { return }
        talks[index][keyPath: stream] = ByteString(bytes[(end + 1)...])
        var text: ByteString = ""
        for line in bytes[..<end].split(separator: 0x0A, omittingEmptySubsequences: false) {
            text += label(index) + ByteString(line) + "\n"
        }
        if stream == \.errors { console.say(text) } else { write(text) }
    }

    private func label(_ index: Int) -> ByteString {
        guard isPrefixed else { return "" }
        let width = names.map(\.count).max() ?? 0
        let blanks = [UInt8](repeating: 0x20, count: width - names[index].count)
        return console.styled("\(names[index])\(ByteString(blanks)) |", .faint) + " "
    }

    private func end(_ index: Int, _ status: ExitStatus?, _ error: ProcessError?) {
        if isJSON {
            write(object(index, status, error).line)
            return
        }
        for stream in [\Talk.output, \Talk.errors] where !talks[index][keyPath: stream].isEmpty {
            talks[index][keyPath: stream] += "\n"
            passWholeLines(index, stream)
        }
        if let error {
            console.warn(names[index], error.sentence)
        } else if let status, !status.isSuccess {
            console.warn(names[index], status.sentence)
        }
    }

    private func object(
        _ index: Int, _ status: ExitStatus?, _ error: ProcessError?
    ) -> JSONValue {
        var exitStatus: Int?
        var signal: Int?
        switch status {
        case .exited(let number): exitStatus = Int(number)
        case .signalled(let number): signal = Int(number)
        case nil: break
        }
        return .object([
            .init("instance", .text(names[index])), .init("exit_status", JSONValue(exitStatus)),
            .init("signal", JSONValue(signal)), .init("error", JSONValue(error?.sentence)),
            .init("stdout", .text(talks[index].output)),
            .init("stderr", .text(talks[index].errors)),
            .init("truncated", .boolean(talks[index].isCut)),
        ])
    }

    private func write(_ text: ByteString) {
        guard fault == nil, let error = console.write(text) else { return }
        fault = CommandFailure(.failed, "error writing output: \(error.text)")
    }
}

extension ExitStatus {
    /// The status as a sentence fragment.
    var sentence: ByteString {
        switch self {
        case .exited(let number): "exit status \(Int(number))"
        case .signalled(let number): "killed by signal \(Int(number))"
        }
    }
}
