// The command doctor: what is wrong with the instances, and how to mend it.
//
// It only looks. The checks are in Instances/doctor; here are their words on a terminal.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct Doctor: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Find mistakes in and between instances, and how to mend them.",
        discussion: """
            Looks at the configuration of all instances together, at their files and at the host, \
            and changes nothing. An error loses or refuses mail, or makes a command fail; a \
            warning will bite; a note is worth knowing. What cannot be known, such as a name that \
            needs the DNS, is not guessed at. With a selector, findings about other instances \
            alone are left out.

            The exit status is 0 if there is nothing above a note, 1 if there is, and 78 if a \
            configuration cannot be read at all. It is 77 if nothing was found, but the user may \
            not look at all instances: then it says so.

            Examples:
              postilion doctor
              postilion doctor @mta --json
              postilion doctor --explain listener-overlap
              postilion doctor --sarif >findings.sarif
            """)

    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    @Option(help: ArgumentHelp("Explain a check: why, an example, how to mend.", valueName: "id"))
    var explain: String?

    @Flag(help: "List all checks.")
    var list = false

    @Flag(help: "One JSON object per finding and line.")
    var json = false

    @Flag(help: "All findings as one SARIF 2.1.0 document.")
    var sarif = false

    func validate() throws {
        if json && sarif { throw ValidationError("'--json' and '--sarif' exclude each other.") }
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        if let explain {
            try context.console.put(explanation(of: ByteString(explain), on: context.console))
            return .done
        }
        if list {
            try context.console.put(table.rendered(for: context.console))
            return .done
        }
        let snapshot = try observe(context)
        let chosen = try chosen(in: snapshot)
        let hidden = try hidden(in: snapshot).filter(chosen.contains)
        if !hidden.isEmpty {
            let names = hidden.map(\.displayName).abbreviated
            context.console.say("postilion: may not look at \(names); run it as root\n")
        }
        let findings = Checkup.findings(in: snapshot).filter { finding in
            selectors.isEmpty
                || finding.positions.contains { chosen.contains(snapshot.instances[$0].member) }
        }
        if sarif {
            try context.console.put(SARIFReport(findings).document)
        } else if json {
            for finding in findings { try context.console.put(finding.json) }
        } else {
            let report = CheckupReport(
                findings: findings, instanceCount: snapshot.instances.count - hidden.count)
            try context.console.put(report.text(on: context.console))
        }
        let status = status(of: findings)
        return status == .done && !hidden.isEmpty ? .notPermitted : status
    }

    /// The instances that the user may not look at.
    private func hidden(
        in snapshot: Snapshot
    ) throws(CommandFailure) -> [InstanceSet.Member] {
        let hidden = snapshot.instances.filter(snapshot.isHidden).map(\.member)
        // The primary says which others there are.
        if let first = snapshot.instances.first, snapshot.isHidden(first) {
            throw CommandFailure(
                .notPermitted, "the primary may not be looked at", hint: "run it as root")
        }
        return hidden
    }

    private func observe(_ context: CommandContext) throws(CommandFailure) -> Snapshot {
        do throws(ObservationFailure) {
            let installation = try Installation.observe(context.host)
            let directory =
                context.host.environmentValue("MAIL_CONFIG") ?? installation.configDirectory
            var snapshot = CheckupObserver(
                context.host, installation: installation, primaryDirectory: directory
            ).snapshot()
            snapshot.host.contentFilter = context.host.files.contentFilter()
            return snapshot
        } catch {
            throw error.commandFailure
        }
    }

    /// The instances that are meant; all without a selector.
    private func chosen(
        in snapshot: Snapshot
    ) throws(CommandFailure) -> Set<InstanceSet.Member> {
        do {
            return Set(
                try snapshot.instances.map(\.member).selected(by: selectors.map { ByteString($0) }))
        } catch {
            throw error.commandFailure
        }
    }

    private func status(of findings: [Finding]) -> CommandStatus {
        if findings.contains(where: { $0.id == Checkup.unreadable }) { return .badConfiguration }
        return findings.contains { $0.severity < .note } ? .failed : .done
    }

    private func explanation(
        of id: ByteString, on console: Console
    ) throws(CommandFailure) -> ByteString {
        guard let check = Checkup.check(id) else {
            let similar = nearMisses(of: id, among: Checkup.all.map(\.id)).first
            let all: ByteString = "postilion doctor --list shows all checks"
            throw CommandFailure(
                .usage, "there is no check '\(id)'",
                hint: similar.map { "did you mean \($0)? \(all)" } ?? all)
        }
        return check.page(on: console)
    }

    private var table: Table {
        var table = Table([.init("CHECK"), .init("SEVERITY"), .init("FINDS", mayBeCut: true)])
        table.rows = Checkup.all.map { check in
            [
                .init(check.id), .init(check.severity.word, check.severity.style),
                .init(check.title),
            ]
        }
        return table
    }
}

extension Finding.Severity {
    var style: Style {
        switch self {
        case .error: .bad
        case .warning: .warning
        case .note: .faint
        }
    }
}

extension Finding {
    var json: JSONValue {
        .object([
            .init("id", .text(id)), .init("severity", .text(severity.word)),
            .init("instances", .list(instances.map { .text($0) })),
            .init("file", JSONValue(place.file)), .init("line", JSONValue(place.line)),
            .init("parameter", JSONValue(place.parameter)), .init("message", .text(message)),
            .init("mend", JSONValue(mend)), .init("reference", .text(reference)),
        ])
    }
}
