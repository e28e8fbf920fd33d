// One row of the parity table: what is done, from where, and where the two programs may differ.
//
// A row holds no result. What the stock program does is found by running it; only where ours
// differs on purpose are both outcomes stated, by hand, in the row's mend.

import Bytes
import Testing

/// One comparison of the stock postmulti with ours.
struct ParityRow: Sendable, CustomTestStringConvertible {
    /// A sentence, unique in the whole table.
    var name: String
    var start: StartingState
    /// Shell text that turns the starting state into the row's own; not under test.
    var preparation: ByteString
    /// What is in the environment beside PATH, as `NAME=value`.
    var environment: [ByteString]
    /// What every step reads on standard input.
    var input: ByteString
    /// True if standard error is no terminal.
    var offTerminal: Bool
    /// What is compared.
    var aspects: Set<Aspect>
    /// What is done, in order.
    var steps: [Step]
    /// Where ours differs on purpose; nil if nowhere.
    var mend: Mend?

    var testDescription: String { name }

    init(
        _ name: String, from start: StartingState, prepare: ByteString = "",
        environment: [ByteString] = [], input: ByteString = "", offTerminal: Bool = false,
        compare aspects: Set<Aspect> = Aspect.all, _ steps: Step..., mended mend: Mend? = nil
    ) {
        self.name = name
        self.start = start
        preparation = prepare
        self.environment = environment
        self.input = input
        self.offTerminal = offTerminal
        self.aspects = aspects
        self.steps = steps
        self.mend = mend
    }
}

/// One command of a row.
enum Step: Sendable {
    /// postmulti with these arguments.
    case postmulti([ByteString])
    /// Any shell text: for calls through postfix(1), closed descriptors and the like.
    case shell(ByteString)

    /// postmulti with these arguments.
    static func run(_ arguments: ByteString...) -> Step { .postmulti(arguments) }

    /// The step as one would type it.
    var text: String {
        switch self {
        case .postmulti(let arguments):
            return (["$ postmulti"] + arguments.map(\.quotedForShell.text)).joined(separator: " ")
        case .shell(let text): return "$ \(text.text)"
        }
    }
}

/// A part of what a run leaves behind.
enum Aspect: Hashable, Sendable {
    /// Standard output, standard error and exit status of every step.
    case answers
    /// What reached /dev/log.
    case log
    /// Names, types, modes, owners and link targets below /etc and of all instances' directories.
    case tree
    /// The bytes of every main.cf and master.cf.
    case files

    static let all: Set<Aspect> = [.answers, .log, .tree, .files]
}
