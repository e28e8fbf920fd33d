// The command exec: runs any program once for each instance.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct Exec: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command for each instance.",
        usage: """
            postilion exec [<selector> ...] [--jobs <jobs>] [--prefix] [--json] \
            [--timeout <seconds>] -- <command> ...
            """,
        discussion: """
            The command finds MAIL_CONFIG, command_directory, daemon_directory, \
            config_directory, queue_directory and data_directory of its instance in the \
            environment, as with postmulti -x, and Postfix's programs in its PATH. Its standard \
            input is empty.

            On a terminal, and with --prefix, each line begins with the instance's name. The \
            exit status is 0 if the command succeeded for all, 3 if for some, 1 if for none.

            Examples:
              postilion exec -- postqueue -p
              postilion exec @mta -- postconf -n mynetworks
              postilion exec --jobs 4 --json -- postfix status
            """)

    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    @Option(name: .shortAndLong, help: "How many instances at the same time.")
    var jobs = 1

    @Flag(help: "Begin each line with the instance's name, also off a terminal.")
    var prefix = false

    @Flag(help: "One JSON object per instance, with what it wrote.")
    var json = false

    @Option(help: ArgumentHelp("End a command after so many seconds.", valueName: "seconds"))
    var timeout = 86_400

    func validate() throws {
        if jobs < 1 { throw ValidationError("--jobs \(jobs): at least 1") }
        // A million seconds are eleven days; the limit keeps sums of times within bounds.
        if !(1...1_000_000).contains(timeout) {
            throw ValidationError("--timeout \(timeout): from 1 to 1000000 seconds")
        }
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        guard !context.commandWords.isEmpty else {
            throw CommandFailure(
                .usage, "exec: no command", hint: "postilion exec\(example) -- postqueue -p")
        }
        let scene = try context.observeInstances()
        let members = try scene.selected(by: selectors)
        var instances: [Instance] = []
        var isBroken = false
        for member in members {
            switch member {
            case .instance(let instance): instances.append(instance)
            case .broken(let broken):
                isBroken = true
                try tell(broken, context.console)
            }
        }
        let commands = try instances.map { instance throws(CommandFailure) in
            try command(for: instance, scene, context)
        }
        let console = context.console
        let report = ExecutionReport(
            names: instances.map(\.displayName), console: console, isJSON: json,
            isPrefixed: prefix || console.columns != nil)
        context.host.processes.runSideBySide(commands, atOnce: jobs, limitSeconds: timeout) {
            report.take($0, $1)
        }
        if let fault = report.fault { throw fault }
        if report.failures == 0 { return isBroken ? .partlyDone : .done }
        return report.failures == instances.count ? .failed : .partlyDone
    }

    /// The selectors as they were given, for a hint.
    private var example: ByteString { ByteString(selectors.map { " \($0)" }.joined()) }

    private func tell(_ broken: BrokenInstance, _ console: Console) throws(CommandFailure) {
        guard json else {
            console.warn(broken.configDirectory, broken.reason.sentence)
            return
        }
        try console.put(
            .object([
                .init("instance", .text(broken.configDirectory)), .init("exit_status", .null),
                .init("error", .text(broken.reason.sentence)),
            ]))
    }

    private func command(
        for instance: Instance, _ scene: Scene, _ context: CommandContext
    ) throws(CommandFailure) -> ChildCommand {
        let environment = ChildEnvironment(context.host.environment).forCommand(
            instance, commandDirectory: try scene.value("command_directory"),
            daemonDirectory: try scene.value("daemon_directory"))
        return ChildCommand(
            program: context.commandWords.first ?? "", arguments: context.commandWords,
            environment: environment.entries)
    }
}
