// The command postilion: finds the sub-command that is asked for and runs it on a host.

package import ArgumentParser
import Bytes
package import HostAccess

/// The root of all sub-commands.
package struct Postilion: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "postilion",
        abstract: "Manage all Postfix instances of this host.",
        discussion: """
            SELECTOR names instances everywhere the same way: a full name (postfix-out), a short \
            name (out), - for the primary, @GROUP, or the directory of a main.cf. Without one, \
            all are meant.
            """,
        version: "0.1.0",
        // Each has a name of its own: to make names of types takes the parser as long as a listing.
        subcommands: [
            List.self, Status.self, Config.self, TopologyCommand.self, Doctor.self, Exec.self,
            Trace.self, Logs.self, Queue.self, Metrics.self, Rehearse.self,
            ProbeCommand.self,
            Start.self, Stop.self, Restart.self, Reload.self, Flush.self,
            CheckCommand.self, Abort.self,
            PlanCommand.self, ApplyCommand.self, DriftCommand.self, ExportCommand.self,
            RoleCommand.self,
            Init.self, Create.self, Import.self, Assign.self, Enable.self, Disable.self,
            Deport.self, Destroy.self, Clone.self, Rename.self, Move.self,
            HistoryCommand.self, Undo.self,
            CompleteSelectors.self,
        ])

    package init() {}

    /// Runs what the host's process was asked for; returns the exit status.
    package static func run(on host: Host) -> Int32 {
        let console = Console(host)
        var arguments = Array(host.arguments.dropFirst())
        var commandWords: [ByteString] = []
        // The parser knows one list of arguments only, and takes them for text.
        if arguments.first == "exec", let end = arguments.firstIndex(of: "--") {
            commandWords = Array(arguments[(end + 1)...])
            arguments.removeSubrange(end...)
        }
        // What is not UTF-8 names no option; as an argument it meets nothing that exists.
        let words = arguments.map(\.text)
        let command: any ParsableCommand
        do {
            command = try parseAsRoot(words)
            guard let command = command as? any HostCommand else {
                // Help, version and completion scripts are the parser's own commands.
                var command = command
                try command.run()
                return CommandStatus.done.rawValue
            }
            return try command.run(
                CommandContext(host: host, console: console, commandWords: commandWords)
            ).rawValue
        } catch let failure as CommandFailure {
            console.tell(failure)
            return failure.status.rawValue
        } catch {
            return tell(error, console)
        }
    }

    /// Says what the parser has to say: help on standard output, a fault on standard error.
    private static func tell(_ error: any Error, _ console: Console) -> Int32 {
        let text = ByteString(fullMessage(for: error) + "\n")
        if exitCode(for: error).isSuccess {
            return console.write(text) == nil ? 0 : CommandStatus.failed.rawValue
        }
        console.say(text)
        return CommandStatus.usage.rawValue
    }
}

/// A sub-command that works on a host.
protocol HostCommand: ParsableCommand {
    /// Does the work; what goes wrong as a whole is thrown, what goes wrong for one instance is
    /// said and counted in the status.
    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus
}

/// What a sub-command works with.
struct CommandContext {
    var host: Host
    let console: Console
    /// What stands behind "--" for a command that runs another one.
    let commandWords: [ByteString]
}
