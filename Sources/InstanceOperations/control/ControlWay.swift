// Who is asked to start, stop or reload an instance: the service manager where it has the instance
// in its hands, else postfix(1). It runs nothing.

package import Bytes
package import HostAccess
package import Instances

/// The ways in which instances of this host are controlled.
package struct ControlWay: Sendable {
    /// The directory of postfix(1).
    private let commandDirectory: ByteString
    /// The units of the service manager; nil to leave it out.
    private let units: ServiceUnits?

    private static let serviceManager: ByteString = "systemctl"

    /// - Parameters:
    ///   - commandDirectory: The directory of postfix(1).
    ///   - units: The units of the service manager; nil to leave it out.
    package init(commandDirectory: ByteString, units: ServiceUnits?) {
        self.commandDirectory = commandDirectory
        self.units = units
    }

    /// The way without the service manager.
    var withoutUnits: ControlWay { ControlWay(commandDirectory: commandDirectory, units: nil) }

    /// The command that does it.
    ///
    /// - Parameter unit: The unit that the instance runs in, if that is known.
    package func command(
        _ action: ControlAction, of member: InstanceSet.Member,
        runningIn unit: Observed<ByteString?>,
        environment: [ByteString]
    ) -> ChildCommand {
        if let own = self.unit(for: action, of: member, runningIn: unit),
            let word = action.unitWord
        {
            return ChildCommand(
                program: Self.serviceManager, arguments: [Self.serviceManager, word, own],
                environment: environment)
        }
        var environment = ChildEnvironment(environment)
        // With it postfix(1) leaves the other instances alone.
        environment.set("MAIL_CONFIG", member.configDirectory)
        let program: ByteString = "\(commandDirectory)/postfix"
        return ChildCommand(
            program: program, arguments: [program, action.word], environment: environment.entries)
    }

    /// What lets the service manager know that an instance was stopped without it: its unit may
    /// have failed to stop it once more.
    func commandsAfterStop(
        of member: InstanceSet.Member, runningIn unit: Observed<ByteString?>,
        environment: [ByteString]
    ) -> [ChildCommand] {
        guard let own = units?.unit(of: member), unit.value == own else { return [] }
        return ["stop", "reset-failed"].map { word in
            ChildCommand(
                program: Self.serviceManager, arguments: [Self.serviceManager, word, own],
                environment: environment, isQuiet: true)
        }
    }

    /// The command as a person would type it.
    func wording(of command: ChildCommand, for member: InstanceSet.Member) -> ByteString {
        let words =
            command.program == Self.serviceManager
            ? command.arguments
            : ["postfix", "-c", member.configDirectory] + command.arguments.dropFirst()
        return words.joined(by: " ")
    }

    /// The instance's own unit, unless it runs elsewhere: a unit that is not active can be stopped
    /// with success, and the instance would still run.
    private func unit(
        for action: ControlAction, of member: InstanceSet.Member,
        runningIn unit: Observed<ByteString?>
    ) -> ByteString? {
        guard let own = units?.unit(of: member) else { return nil }
        if action != .start, case .known(let place) = unit, place != own { return nil }
        return own
    }
}

extension ControlAction {
    /// What systemctl(1) calls it; nil if a unit can do no such thing.
    fileprivate var unitWord: ByteString? {
        switch self {
        case .start, .stop, .reload: word
        case .restart, .flush, .check, .abort: nil
        }
    }
}
