// How commands change the host: decide, show or ask, apply in one transaction, tell.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

/// The options of every command that changes something.
struct ChangeOptions: ParsableArguments {
    @Flag(help: "Show what would be done, as steps and diffs; change nothing.")
    var dryRun = false

    @Flag(help: "Tell what is, or would be, done as one JSON object.")
    var json = false
}

/// The options of commands that are not easily taken back.
struct ConfirmationOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Option(
        help: ArgumentHelp("The instance that is meant; repeat for several.", valueName: "name"))
    var confirm: [String] = []
}

extension CommandContext {
    /// Carries tasks out in one transaction, or shows what that would do.
    ///
    /// - Parameter hints: What to tell a person when it is done, beside the change itself.
    func change(
        _ tasks: [LifecycleTask], _ options: ChangeOptions,
        hints: (ChangeSet) -> [ByteString] = { _ in [] }
    ) throws(CommandFailure) -> CommandStatus {
        let outcome =
            options.dryRun
            ? try decide(tasks)
            : try apply(tasks)
        let changes = outcome.changes
        if options.json {
            try console.put(
                changes.json(isApplied: !options.dryRun, broken: outcome.broken))
        } else if options.dryRun {
            try console.put(changes.text(for: console))
        } else {
            try console.put(changes.isEmpty ? "nothing to do\n" : "done: \(changes.summary)\n")
        }
        for notice in changes.notices { console.say("postilion: \(notice.sentence)\n") }
        for broken in outcome.broken {
            console.warn(broken.configDirectory, broken.reason.sentence)
        }
        if !options.dryRun { for hint in hints(changes) { console.say("  hint: \(hint)\n") } }
        return .done
    }

    /// What the tasks would do; the host is only looked at.
    func decide(
        _ tasks: [LifecycleTask]
    ) throws(CommandFailure) -> LifecycleOperation.Outcome {
        let operation = try operation(on: readingOnly.host)
        do throws(OperationFailure) {
            if let title = try operation.interruptedTitle() {
                console.say("postilion: an interrupted '\(title)' is made good before that\n")
            }
            return try operation.decide(tasks: tasks)
        } catch {
            throw error.commandFailure
        }
    }

    /// The same context on a host that nothing can be written to, not even a cache.
    private var readingOnly: CommandContext {
        var context = self
        context.host.files = ReadOnlyFileSystem(host.files)
        return context
    }

    /// The context as a command with these options may use it.
    func limited(by options: ChangeOptions) -> CommandContext {
        options.dryRun ? readingOnly : self
    }

    /// Makes sure that a person means these instances.
    func confirm(
        _ verb: ByteString, _ names: [ByteString], _ options: ConfirmationOptions
    ) throws(CommandFailure) {
        if options.yes { return }
        let list = names.joined(by: ", ")
        if !options.confirm.isEmpty {
            let confirmed = Set(options.confirm.map { ByteString($0) })
            guard confirmed == Set(names) else {
                throw CommandFailure(
                    .usage, "--confirm does not name what is meant: \(list)",
                    hint: "nothing was changed")
            }
            return
        }
        let question: ByteString = "\(verb) \(list)"
        guard host.input.isInputTerminal, host.output.isErrorTerminal else {
            throw CommandFailure(
                .usage, "\(question): there is no terminal to ask on",
                hint: "add --yes, or "
                    + names.map { "--confirm \($0)" as ByteString }.joined(by: " "))
        }
        console.say("\(question)? Type yes to go on: ")
        guard host.input.readLine()?.lowercased == "yes" else {
            throw CommandFailure(.failed, "not confirmed; nothing was changed")
        }
    }

    private func apply(
        _ tasks: [LifecycleTask]
    ) throws(CommandFailure) -> LifecycleOperation.Outcome {
        let operation = try operation(on: host)
        do throws(OperationFailure) {
            return try operation.run(tasks: tasks) { tell($0) }
        } catch {
            throw error.commandFailure
        }
    }

    private func operation(
        on host: Host
    ) throws(CommandFailure) -> LifecycleOperation {
        LifecycleOperation(host, installation: try primaryInstallation(on: host))
    }

    /// The installed Postfix, if no other primary than its own is asked for.
    func primaryInstallation(on host: Host) throws(CommandFailure) -> Installation {
        let installation: Installation
        do throws(ObservationFailure) {
            installation = try Installation.observe(host)
        } catch {
            throw error.commandFailure
        }
        if let directory = host.environmentValue("MAIL_CONFIG"),
            directory != installation.configDirectory
        {
            throw CommandFailure(
                .usage, "MAIL_CONFIG=\(directory) is not the primary instance's directory",
                hint: "unset MAIL_CONFIG")
        }
        return installation
    }

    /// Says what was made of an interrupted command.
    func tell(_ recovery: Recovery) {
        let state: ByteString = recovery.isFinished ? "is finished now" : "was undone"
        for failure in recovery.failures { console.say("postilion: \(failure.sentence)\n") }
        console.say("postilion: an interrupted '\(recovery.record.changes.title)' \(state)\n")
    }
}
