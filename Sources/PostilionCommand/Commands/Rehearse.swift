// The command rehearse: the whole system in a world of its own, with test messages.
//
// It runs twice: outside it starts itself in new namespaces, and waits; inside it is the first
// process, and everything ends with it.

import ArgumentParser
import Blueprint
import Bytes
import HostAccess
import Instances
import Rehearsals

struct Rehearse: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try the system out in a world of its own.",
        discussion: """
            Boots all enabled instances, as they are configured or as a blueprint says, with the \
            real Postfix, where nothing of them reaches the host or the network: processes, \
            networks and mounts of their own, files copy-on-write, empty queues. A name server \
            and mail servers play the outside: every name has an address, and every address takes \
            mail. Clients come from their real addresses. postilion-filter runs where its \
            configuration says; where another filter or a mailbox server should answer, a \
            stand-in hands mail on, or keeps it. There is no TLS outside.

            Then test messages are sent, and for each is told what became of it, hop by hop, with \
            what was logged as a warning. Without --to these are the blueprint's, or else the \
            usual ones: at each entry mail for a domain of the system's own, and mail of a \
            stranger for others, which must be rejected; and mail of the host itself.

            Mail for names below .invalid has nowhere to go; --defer and --reject make other \
            domains refuse it. --keep leaves the log and what the outside was given in a directory.

            Exit status: 0 all went as expected; 1 something did not, or apply would refuse the \
            blueprint; 64 the command line is wrong; 77 it was not root who asked.

            Examples:
              postilion rehearse
              postilion rehearse mail.toml && postilion apply mail.toml
              postilion rehearse --to bob@example.com --relayed-to '[hub.example.com]'
              postilion rehearse --from a@example.net --to b@example.org --expect rejected
            """)

    @Argument(
        help: "A blueprint that is applied to the copy first, and whose probes are sent.",
        completion: .file())
    var blueprint: String?

    @OptionGroup var probe: ProbeOptions

    @Option(
        name: .customLong("defer"),
        help: ArgumentHelp("The outside defers mail for this domain.", valueName: "domain"))
    var deferred: [String] = []

    @Option(
        name: .customLong("reject"),
        help: ArgumentHelp("The outside rejects mail for this domain.", valueName: "domain"))
    var rejected: [String] = []

    @Option(
        help: ArgumentHelp(
            "Run postilion-filter with this configuration, too.", valueName: "file"),
        completion: .file())
    var filter: [String] = []

    @Option(help: ArgumentHelp("How long all probes may take.", valueName: "seconds"))
    var limit = 600

    @Option(
        help: ArgumentHelp("Keep the log and what was received here.", valueName: "directory"),
        completion: .directory)
    var keep: String?

    @Flag(help: "One JSON object per probe and line, behind one of the system.")
    var json = false

    /// The addresses of the host: this process is inside.
    @Option(help: .hidden)
    var inside: String?

    func validate() throws {
        if blueprint == "-" {
            throw ValidationError("a blueprint for a rehearsal comes from a file")
        }
        try checkLimit("--limit", seconds: limit)
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        guard context.host.accounts.effectiveUser == 0 else {
            throw CommandFailure(
                .notPermitted, "rehearse: only root may do this", hint: "run it with sudo")
        }
        // What is wrong with a blueprint is said before anything is made.
        var read: ReadBlueprint?
        if let blueprint { read = try context.readBlueprint(blueprint) }
        guard let inside else { return try start(context.host) }
        return try rehearse(context, read, hostAddresses: ByteString(inside))
    }

    /// Starts this program in namespaces of its own.
    private func start(_ host: Host) throws(CommandFailure) -> CommandStatus {
        let kept = try keptDirectory(host)
        let status = try orFail { () throws(RehearsalFailure) in
            if let kept { try Namespacing.prepare(kept, host) }
            return try Namespacing.run(host) { "--inside=\($0)" }
        }
        switch status {
        case .exited(let code): return CommandStatus(rawValue: code) ?? .failed
        case .signalled: throw CommandFailure(.failed, "the rehearsal was killed")
        }
    }

    private func keptDirectory(_ host: Host) throws(CommandFailure) -> ByteString? {
        guard let keep else { return nil }
        do throws(FileError) {
            return try host.files.realPath(ByteString(keep))
        } catch {
            throw CommandFailure(.failed, error.sentence)
        }
    }

    private func rehearse(
        _ context: CommandContext, _ read: ReadBlueprint?, hostAddresses: ByteString
    ) throws(CommandFailure) -> CommandStatus {
        var options = RehearsalOptions()
        options.hostAddresses = hostAddresses.split { $0 == 0x2C }.compactMap {
            InterfaceAddress($0)
        }
        options.kept = try keptDirectory(context.host)
        options.rules = SinkRules(
            deferred: Set(deferred.map { ByteString($0) }),
            rejected: Set(rejected.map { ByteString($0) }))
        options.filterConfigurations = filter.map { ByteString($0) }
        let isWatched = context.host.output.isErrorTerminal
        let system = try orFail { () throws(RehearsalFailure) in
            try RehearsedSystem(context.host, options) { step in
                if isWatched { context.console.say("\(step)\n") }
            }
        }
        var mayBeApplied = true
        if let read {
            var planned = context
            planned.host = system.host
            mayBeApplied = try planned.make(read)
        }
        let status = try play(system, read?.blueprint.probes ?? [], context)
        return mayBeApplied ? status : .failed
    }

    private func play(
        _ system: RehearsedSystem, _ planned: [Probe], _ context: CommandContext
    ) throws(CommandFailure) -> CommandStatus {
        var probes = probe.isGiven ? [try probe.probe()] : planned
        let clients = probes.compactMap { probe in
            probe.client.flatMap { client in probe.helo.map { (name: $0, address: client) } }
        }
        try orFail { () throws(RehearsalFailure) in try system.start(clients: clients) }
        if probes.isEmpty { probes = system.usualProbes() }
        let report = system.run(probes, limitSeconds: limit)
        try RehearsalOutput(context.console, isJSON: json).put(report)
        if let kept = try keptDirectory(context.host) {
            try orFail { () throws(RehearsalFailure) in
                try system.keepLog(in: kept, received: report.received.map(\.json.line))
            }
        }
        return report.isAsExpected ? .done : .failed
    }

    private func orFail<Value>(
        _ body: () throws(RehearsalFailure) -> Value
    ) throws(CommandFailure) -> Value {
        do throws(RehearsalFailure) {
            return try body()
        } catch {
            throw CommandFailure(.failed, error.sentence, hint: error.hint)
        }
    }
}
