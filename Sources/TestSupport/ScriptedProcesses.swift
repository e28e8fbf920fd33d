// Child processes that are not run: each program's answer is known beforehand.

package import Bytes
package import HostAccess

/// A process runner that answers from a script, and reports commands that are not in it.
package final class ScriptedProcesses {
    /// One command that was to be run.
    package struct Run: Hashable {
        package let command: ChildCommand
        package let manner: Manner
    }

    /// What was to become of the command's output.
    package enum Manner: Hashable {
        case inheriting
        case relabelling(LabelChange)
        case capturing
        case sideBySide
        /// With this input.
        case conversing(ByteString)
        case tethered
    }

    /// The commands so far, in order.
    package private(set) var runs: [Run] = []
    /// By program and arguments, or by the program alone.
    private var answers: [[ByteString]: Result<CapturedOutput, ProcessError>] = [:]
    private let reportUnexpected: (ChildCommand) -> Void
    /// Is told of each command before it is answered, to do on the host what the program does.
    package var onRun: (ChildCommand) -> Void = { _ in }

    /// Begins with an empty script; tells `reportUnexpected` of every command that is not in it.
    package init(reportUnexpected: @escaping (ChildCommand) -> Void) {
        self.reportUnexpected = reportUnexpected
    }

    /// Says that a program writes `output` and ends with `status`; with these arguments, if any
    /// are given, else with all others.
    package func answer(
        _ program: ByteString, _ arguments: ByteString..., output: ByteString = "",
        status: ExitStatus = .exited(0)
    ) {
        answers[[program] + arguments] = .success(CapturedOutput(output: output, status: status))
    }

    /// Says that a program cannot be started.
    package func refuse(_ program: ByteString, _ error: SystemError) {
        answers[[program]] = .failure(.cannotStart(program: program, error: error))
    }

    private func run(
        _ command: ChildCommand, _ manner: Manner
    ) throws(ProcessError) -> CapturedOutput {
        runs.append(Run(command: command, manner: manner))
        onRun(command)
        let words = [command.program] + command.arguments.dropFirst()
        guard let answer = answers[words] ?? answers[[command.program]] else {
            reportUnexpected(command)
            throw .cannotStart(program: command.program, error: .notFound)
        }
        return try answer.get()
    }
}

extension ScriptedProcesses: ProcessRunner {
    package func runInheriting(_ command: ChildCommand) throws(ProcessError) -> ExitStatus {
        try run(command, .inheriting).status
    }

    package func runRelabelling(
        _ command: ChildCommand, _ change: LabelChange
    ) throws(ProcessError) -> ExitStatus {
        try run(command, .relabelling(change)).status
    }

    package func capture(
        _ command: ChildCommand, limitBytes: Int, limitSeconds: Int
    ) throws(ProcessError) -> CapturedOutput {
        let answer = try run(command, .capturing)
        guard answer.output.count <= limitBytes else {
            throw .tooMuchOutput(program: command.program, limitBytes: limitBytes)
        }
        return answer
    }

    package func converse(
        _ command: ChildCommand, input: ByteString, limitBytes: Int, limitSeconds: Int
    ) throws(ProcessError) -> CapturedOutput {
        try run(command, .conversing(input))
    }

    package func runTethered(_ command: ChildCommand) throws(ProcessError) -> ExitStatus {
        try run(command, .tethered).status
    }

    package func runSideBySide(
        _ commands: [ChildCommand], atOnce: Int, limitSeconds: Int,
        onEvent: (Int, ChildEvent) -> Void
    ) {
        for (index, command) in commands.enumerated() {
            do throws(ProcessError) {
                let answer = try run(command, .sideBySide)
                if !answer.output.isEmpty { onEvent(index, .output(answer.output)) }
                onEvent(index, .ended(answer.status))
            } catch {
                onEvent(index, .failed(error))
            }
        }
    }
}
