// Options -p and -x: runs one command for one instance after the other.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

/// Runs a command for each selected instance, serially and in order.
struct Iteration {
    private let host: Host
    private let options: Options
    private let primary: Primary
    private let speaker: Speaker

    init(_ host: Host, options: Options, primary: Primary, speaker: Speaker) {
        self.host = host
        self.options = options
        self.primary = primary
        self.speaker = speaker
    }

    /// Runs the command; returns 0 if it succeeded for every instance, else 1.
    func run(_ instances: InstanceSet) throws(Fatal) -> Int32 {
        let commandDirectory = try value("command_directory")
        let selection = options.selection == .unspecified ? .all : options.selection
        let iteration = try wrapperIteration()
        let order = iteration.isReversed ? instances.usable.reversed() : instances.usable
        var status: Int32 = 0
        var isMatched = instances.broken.contains(where: selection.matches)
        for instance in order where selection.matches(instance) {
            if iteration.whenDisabled == .skip, !instance.isEnabled { continue }
            isMatched = true
            let command =
                options.mode == .wrapper
                ? wrapperCommand(instance, iteration, commandDirectory)
                : try plainCommand(instance, commandDirectory)
            if !run(command, for: instance) { status = 1 }
        }
        guard isMatched else { throw Fatal("No matching instances") }
        return status
    }

    private func wrapperIteration() throws(Fatal) -> WrapperIteration {
        guard options.mode == .wrapper else {
            return WrapperIteration(isReversed: options.isReversed, whenDisabled: .run)
        }
        let words = CommandWords(
            start: ParameterList.split(try value("postmulti_start_commands")),
            stop: ParameterList.split(try value("postmulti_stop_commands")),
            control: ParameterList.split(try value("postmulti_control_commands")))
        return words.iteration(for: options.arguments.first ?? "")
    }

    private func wrapperCommand(
        _ instance: Instance, _ iteration: WrapperIteration, _ commandDirectory: ByteString
    ) -> ChildCommand {
        var arguments = options.arguments
        if iteration.whenDisabled == .check, !instance.isEnabled { arguments[0] = "check" }
        var environment = ChildEnvironment(host.environment)
        environment.set("MAIL_CONFIG", instance.configDirectory)
        let program: ByteString = "\(commandDirectory)/postfix"
        return ChildCommand(
            program: program, arguments: [program, "--"] + arguments,
            environment: environment.entries)
    }

    private func plainCommand(
        _ instance: Instance, _ commandDirectory: ByteString
    ) throws(Fatal) -> ChildCommand {
        let environment = ChildEnvironment(host.environment).forCommand(
            instance, commandDirectory: commandDirectory,
            daemonDirectory: try value("daemon_directory"))
        return ChildCommand(
            program: options.arguments.first ?? "", arguments: options.arguments,
            environment: environment.entries)
    }

    /// Runs one child; false if it failed, was killed, or could not be started.
    private func run(_ command: ChildCommand, for instance: Instance) -> Bool {
        do throws(ProcessError) {
            // Off a terminal newer releases say "postlog:" where a terminal shows the instance.
            if options.mode == .wrapper, !host.output.isErrorTerminal {
                let label = instance.name?.text ?? "postfix"
                return try host.processes.runRelabelling(
                    command, LabelChange(old: "postlog: ", new: "\(label)/postfix-script: ")
                ).isSuccess
            }
            return try host.processes.runInheriting(command).isSuccess
        } catch {
            if case .cannotStart(let program, let reason) = error {
                speaker.say(.fatal("execvp \(program): \(reason.text)"))
            }
            return false
        }
    }

    private func value(_ name: ByteString) throws(Fatal) -> ByteString {
        do {
            return try primary.value(name)
        } catch {
            throw Fatal(error.diagnostics)
        }
    }
}
