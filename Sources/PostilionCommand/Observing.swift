// How commands see the host: the same first steps for each, and their failures in words.

import Bytes
import HostAccess
import InstanceOperations
import Instances

extension CommandContext {
    /// Looks at the host; broken secondaries are in the set, a broken primary is a failure.
    func observeInstances() throws(CommandFailure) -> Scene {
        do throws(ObservationFailure) {
            return try Scene(
                host, installation: try Installation.observe(host),
                primaryDirectory: host.environmentValue("MAIL_CONFIG"))
        } catch {
            throw error.commandFailure
        }
    }
}

extension Scene {
    /// The expanded value of a parameter of the primary.
    func value(_ parameter: ByteString) throws(CommandFailure) -> ByteString {
        do {
            return try primary.value(parameter)
        } catch {
            throw error.commandFailure
        }
    }

    /// The one member that a selector means.
    func member(_ word: String) throws(CommandFailure) -> InstanceSet.Member {
        let members = try selected(by: [word])
        guard let member = members.first, members.count == 1 else {
            throw CommandFailure(
                .usage,
                "'\(ByteString(word))' means \(members.count) instances; this is for one",
                hint: members.map(\.displayName).joined(by: ", "))
        }
        return member
    }

    /// The members that the selectors mean; all without one.
    func selected(by words: [String]) throws(CommandFailure) -> [InstanceSet.Member] {
        do {
            return try instances.selected(by: words.map { ByteString($0) })
        } catch {
            throw error.commandFailure
        }
    }
}

extension UnknownSelector {
    var commandFailure: CommandFailure {
        let all: ByteString = "postilion list shows all instances"
        let hint = similar.first.map { "did you mean \($0)? \(all)" as ByteString } ?? all
        return CommandFailure(.unknownInstance, "no instance is meant by '\(word)'", hint: hint)
    }
}

extension ObservationFailure {
    var commandFailure: CommandFailure {
        switch self {
        case .postfixNotFound:
            CommandFailure(.postfixNotFound, sentence, hint: "apt-get install postfix")
        case .primaryUnreadable(.system(_, _, .accessDenied)):
            CommandFailure(.notPermitted, sentence, hint: "run it as root")
        default: CommandFailure(.badConfiguration, sentence)
        }
    }
}

extension CommandContext {
    /// What was seen of all instances, and the ways of mail between them.
    struct FlowView {
        let snapshot: Snapshot
        let flow: MailFlow
    }

    /// Looks at all instances, whichever are selected: the flow of mail knows no selection.
    func observeFlow(_ scene: Scene, with details: SnapshotDetails = []) -> FlowView {
        var snapshot = SnapshotObserver(
            host, installation: scene.installation, known: scene.parameters
        ).snapshot(of: scene.instances.members, with: details)
        snapshot.host.contentFilter = host.files.contentFilter()
        return FlowView(snapshot: snapshot, flow: MailFlow(snapshot))
    }

    /// How instances are controlled here: by their units only if root asks.
    func controlWay(_ scene: Scene, withUnits: Bool) throws(CommandFailure) -> ControlWay {
        let isRoot = host.accounts.effectiveUser == 0
        return ControlWay(
            commandDirectory: try scene.value("command_directory"),
            units: withUnits && isRoot ? ServiceUnits(host.files) : nil)
    }
}
