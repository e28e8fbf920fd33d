// Child processes as the rest of the product sees them.
//
// A child always gets an explicit argument list and environment; no shell ever does our work.

package import Bytes

/// A program to run, with its whole argument list and environment.
package struct ChildCommand: Hashable, Sendable {
    /// The path of the program, or a bare name that is looked up in `searchPath`.
    package var program: ByteString
    /// The argument list, beginning with the name that the program is called by.
    package var arguments: [ByteString]
    /// The environment, each entry "NAME=value".
    package var environment: [ByteString]
    /// The child's error output goes nowhere.
    package var isQuiet: Bool

    package init(
        program: ByteString, arguments: [ByteString], environment: [ByteString],
        isQuiet: Bool = false
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.isQuiet = isQuiet
    }
}

/// How a child ended.
package enum ExitStatus: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)

    /// True if the child said that all went well.
    package var isSuccess: Bool { self == .exited(0) }
}

/// What a child wrote to its standard output, and how it ended.
package struct CapturedOutput: Sendable {
    package let output: ByteString
    package let status: ExitStatus

    package init(output: ByteString, status: ExitStatus) {
        self.output = output
        self.status = status
    }
}

/// A child that could not be run, or did not keep its limits.
package enum ProcessError: Error, Hashable, Sendable {
    case cannotStart(program: ByteString, error: SystemError)
    case tooMuchOutput(program: ByteString, limitBytes: Int)
    case tooSlow(program: ByteString, limitSeconds: Int)

    /// One sentence fragment.
    package var sentence: ByteString {
        switch self {
        case .cannotStart(let program, let error): "cannot run \(program): \(error.text)"
        case .tooMuchOutput(let program, let limit): "\(program) wrote more than \(limit) bytes"
        case .tooSlow(let program, let limit): "\(program) took longer than \(limit) seconds"
        }
    }
}

/// The label that replaces another one at the start of a line.
package struct LabelChange: Hashable, Sendable {
    package var old: ByteString
    package var new: ByteString

    package init(old: ByteString, new: ByteString) {
        self.old = old
        self.new = new
    }

    /// The line with its label changed, or as it is.
    package func apply(to line: ByteString) -> ByteString {
        line.hasPrefix(old) ? new + line.dropFirst(old.count) : line
    }
}

/// Runs child processes.
package protocol ProcessRunner {
    /// Runs a child with our standard input, output and error, and waits for it.
    ///
    /// A program without "/" is looked up in the PATH of the child's environment, as execvp(3)
    /// does, including its fall-back to /bin/sh for a script without "#!".
    func runInheriting(_ command: ChildCommand) throws(ProcessError) -> ExitStatus

    /// Runs a child as `runInheriting` does, but passes its error output on line by line, with
    /// another label in front of the lines that begin with a given one.
    ///
    /// Ends with the child, even if a daemon that it left behind keeps the error output open.
    func runRelabelling(
        _ command: ChildCommand, _ change: LabelChange
    ) throws(ProcessError) -> ExitStatus

    /// Runs a child with empty input, collects its output, and leaves its error output alone.
    func capture(
        _ command: ChildCommand, limitBytes: Int, limitSeconds: Int
    ) throws(ProcessError) -> CapturedOutput

    /// Runs a child as `capture` does, but with this input, which goes through a file without a
    /// name in /tmp, and takes its error output for output.
    func converse(
        _ command: ChildCommand, input: ByteString, limitBytes: Int, limitSeconds: Int
    ) throws(ProcessError) -> CapturedOutput

    /// Runs a child whose input ends when this process does, in whatever way, and waits for it.
    func runTethered(_ command: ChildCommand) throws(ProcessError) -> ExitStatus

    /// Runs children side by side, each with empty input, and tells their news as it comes.
    ///
    /// A child that takes longer than the limit is asked to end, and killed two seconds later; what
    /// a daemon that it left behind says later is lost.
    ///
    /// - Parameters:
    ///   - commands: The children, started in this order.
    ///   - atOnce: How many may run at the same time.
    ///   - limitSeconds: How long each may take.
    ///   - onEvent: Is told of each event with the index of its command. The last one of each is
    ///     `ended` or `failed`.
    func runSideBySide(
        _ commands: [ChildCommand], atOnce: Int, limitSeconds: Int,
        onEvent: (Int, ChildEvent) -> Void)
}

/// News of a child that runs beside others.
package enum ChildEvent: Sendable {
    /// A piece of its standard output, not always whole lines.
    case output(ByteString)
    /// A piece of its error output.
    case errors(ByteString)
    case ended(ExitStatus)
    case failed(ProcessError)
}
