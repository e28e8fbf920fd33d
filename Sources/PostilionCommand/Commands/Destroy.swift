// The command destroy: instances and all that Postfix has made for them go away.

import ArgumentParser
import Bytes
import InstanceOperations
import Instances

struct Destroy: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy",
        abstract: "Remove instances for good.",
        discussion: """
            Takes stopped, disabled instances off the list and removes what Postfix has made for \
            them. Files that Postfix has not made stay and are named. A broken instance is taken \
            off the list only.

            An instance with queued mail is refused. With --to it hands all of it, in whatever \
            state, to another stopped instance with a queue on the same file system. With \
            --drain it takes no more mail, may run and be enabled, and delivers what it has; if \
            anything is left at the deadline it goes on as before. Interrupted, it stays closed \
            to new mail (master_service_disable, authorized_submit_users in its main.cf), and the \
            same command goes on with it.

            Examples:
              postilion destroy out --dry-run
              postilion destroy out --confirm postfix-out
              postilion destroy out --to relay
              postilion destroy out --drain --deadline 600
            """)

    @Argument(
        help: ArgumentHelp("Which instances.", valueName: "selector"), completion: .selectors)
    var selectors: [String]

    @Option(
        help: ArgumentHelp("Who gets the mail that is queued.", valueName: "selector"),
        completion: .selectors)
    var to: String?

    @Flag(help: "Have the instances deliver their mail first, and stop them.")
    var drain = false

    @Option(help: ArgumentHelp("How long one may take to deliver.", valueName: "seconds"))
    var deadline = 300

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var options: ChangeOptions

    func validate() throws {
        if drain, to != nil { throw ValidationError("--drain and --to: choose one of them") }
        try checkLimit("--deadline", seconds: deadline)
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let context = context.limited(by: options)
        let scene = try context.observeInstances()
        let members = try scene.selected(by: selectors)
        let heir = try to.map { word throws(CommandFailure) in
            try scene.member(word).configDirectory
        }
        let tasks = members.map { member in
            LifecycleTask.action(
                LifecycleRequest(
                    action: .destroy, selection: .instance(member.configDirectory), heir: heir))
        }
        if drain {
            return try drain(members, scene, tasks, context)
        }
        if !options.dryRun {
            // What is refused needs no question.
            _ = try context.decide(tasks)
            try context.confirm("destroy", members.map(\.displayName), confirmation)
        }
        return try context.change(tasks, options)
    }

    private func drain(
        _ members: [InstanceSet.Member], _ scene: Scene, _ tasks: [LifecycleTask],
        _ context: CommandContext
    ) throws(CommandFailure) -> CommandStatus {
        if options.dryRun {
            context.console.say(
                "postilion: what follows lets them deliver, stops and destroys them\n")
            return try context.change(
                members.map { .close(configDirectory: $0.configDirectory) }, options)
        }
        try context.confirm("drain and destroy", members.map(\.displayName), confirmation)
        return try context.draining(members, scene, limitSeconds: deadline) {
            () throws(CommandFailure) in try context.change(tasks, options)
        }
    }
}
