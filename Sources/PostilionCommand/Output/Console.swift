// Where a command speaks: data on standard output, talk on standard error, colour on a terminal.

import Bytes
import HostAccess

/// The two outputs of a command.
struct Console {
    private let output: any OutputWriter
    /// The width of the terminal that takes the data, or nil if no terminal does.
    let columns: Int?
    /// Standard error is a terminal whose line can be written again.
    let showsProgress: Bool
    /// Data may be coloured.
    let isColoured: Bool

    init(_ host: Host) {
        output = host.output
        columns = host.output.outputColumns
        showsProgress = host.output.isErrorTerminal && host.environmentValue("TERM") != "dumb"
        let isRefused = host.environmentValue("NO_COLOR").map { !$0.isEmpty } ?? false
        isColoured = columns != nil && !isRefused && host.environmentValue("TERM") != "dumb"
    }

    /// Writes data; returns why it failed, or nil.
    func write(_ data: ByteString) -> SystemError? { output.writeOutput(data) }

    /// Writes data that must arrive.
    func put(_ data: ByteString) throws(CommandFailure) {
        if let error = write(data) {
            throw CommandFailure(.failed, "error writing output: \(error.text)")
        }
    }

    /// Writes one JSON value as a line.
    func put(_ value: JSONValue) throws(CommandFailure) { try put(value.line) }

    /// Writes talk as it is.
    func say(_ talk: ByteString) { output.writeError(talk) }

    /// Tells a person that something is wrong, and what mends it.
    func tell(_ failure: CommandFailure) {
        say("postilion: \(failure.message)\n")
        if let hint = failure.hint { say("  hint: \(hint)\n") }
    }

    /// Tells a person about one instance.
    func warn(_ subject: ByteString, _ message: ByteString) {
        say("postilion: \(subject): \(message)\n")
    }

    /// The text in a style, if data may be coloured.
    func styled(_ text: ByteString, _ style: Style) -> ByteString {
        isColoured && !text.isEmpty ? "\u{1B}[\(style.code)m\(text)\u{1B}[0m" : text
    }
}

/// How a piece of text looks on a terminal.
enum Style {
    case good, warning, bad, faint, strong
    /// One of a few colours that mean nothing by themselves.
    case hue(Int)

    /// The colour of an instance, the same in every run.
    static func instance(_ name: ByteString) -> Style {
        .hue(name.bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF })
    }

    /// Green, blue, magenta, cyan, and their bright forms: not the colours of trouble.
    private static let hues = [32, 34, 35, 36, 92, 94, 95, 96]

    /// The parameters of the terminal's "select graphic rendition".
    var code: Int {
        switch self {
        case .good: 32
        case .warning: 33
        case .bad: 31
        case .faint: 2
        case .strong: 1
        case .hue(let number): Self.hues[number % Self.hues.count]
        }
    }
}
