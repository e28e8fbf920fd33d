// Reads and edits parameters of instances on a host: observe, decide, apply.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

/// Parameters of instances on a host.
package struct ConfigOperation {
    private let host: Host
    private let installation: Installation

    package init(_ host: Host, installation: Installation) {
        self.host = host
        self.installation = installation
    }

    /// What became of an edit: a plan that was, or would be, carried out, or a refusal.
    package typealias Outcome = Result<ConfigPlan, ConfigRefusal>

    /// Carries out an edit of the instances that the selector means, in one transaction.
    ///
    /// - Parameter onRecovery: Is told what was made of an earlier, interrupted command.
    /// - Returns: nil if the same command was interrupted before and has just been finished.
    package func run(
        _ edit: ConfigEdit, of selector: ByteString, onRecovery: (Recovery) -> Void
    ) throws(OperationFailure) -> Outcome? {
        try LockedEdit(host).run(
            changes: { (outcome: Outcome) in
                // What is refused changes nothing.
                (try? outcome.get())?.changes ?? ChangeSet(title: "")
            }, onRecovery: onRecovery
        ) { () throws(OperationFailure) in try decide(edit, of: selector) }
    }

    /// Computes the plan; nothing is changed.
    package func decide(
        _ edit: ConfigEdit, of selector: ByteString
    ) throws(OperationFailure) -> Outcome {
        let seen = try observe()
        do throws(ConfigRefusal) {
            let chosen = try configured(seen, selector)
            let types: Observed<Set<ByteString>> =
                edit.mayNameTables
                ? observeTableTypes(host, primary: seen.primary.parameters)
                : .unknown(reason: "no table is named")
            let decision = ConfigDecision(
                seen.instances, chosen: chosen, tableTypes: types)
            return .success(try decision.plan(edit))
        } catch {
            return .failure(error)
        }
    }

    /// The instances that a selector means, with their files.
    package func instances(
        _ selector: ByteString
    ) throws(OperationFailure) -> Result<[ConfiguredInstance], ConfigRefusal> {
        let seen = try observe()
        do throws(ConfigRefusal) {
            return .success(try configured(seen, selector))
        } catch {
            return .failure(error)
        }
    }

    /// True if the instance's master(8) runs, or nobody may know.
    package func mayRun(_ plan: ConfigPlan.InstancePlan) -> Bool {
        ProcessObserver(host.files).state(queueDirectory: plan.queueDirectory)
            != .known(.stopped)
    }

    // MARK: observing

    private func observe() throws(OperationFailure) -> Scene {
        do throws(ObservationFailure) {
            return try Scene(
                host, installation: installation,
                primaryDirectory: host.environmentValue("MAIL_CONFIG"))
        } catch {
            throw .observation(error)
        }
    }

    private func configured(
        _ seen: Scene, _ selector: ByteString
    ) throws(ConfigRefusal) -> [ConfiguredInstance] {
        let members: [InstanceSet.Member]
        do throws(UnknownSelector) {
            members = try seen.instances.selected(by: [selector])
        } catch {
            guard let member = unregistered(selector) else { throw .unknownSelector(error) }
            members = [member]
        }
        var configured: [ConfiguredInstance] = []
        for member in members {
            let known = seen.parameters[member.configDirectory]
            let parameters: ParameterView
            if let known { parameters = known } else { parameters = try read(member) }
            configured.append(
                ConfiguredInstance(
                    member: member, parameters: parameters,
                    masterCF: masterCF(member.configDirectory)))
        }
        return configured
    }

    /// The instance in a directory that is not registered; nil if there is no main.cf.
    private func unregistered(_ selector: ByteString) -> InstanceSet.Member? {
        guard selector.hasPrefix("/"),
            case .instance(let directory) = Selection(selector: selector)
        else { return nil }
        do throws(LoadFailure) {
            return .instance(
                try observeInstance(directory, host.files, installation: installation))
        } catch {
            // What cannot be read is no instance; what can, but is wrong, is a broken one.
            if case .unreadable = error { return nil }
            return .broken(BrokenInstance(configDirectory: directory, reason: error))
        }
    }

    /// The parameters of an instance that may be broken, as long as its main.cf can be read.
    private func read(_ member: InstanceSet.Member) throws(ConfigRefusal) -> ParameterView {
        do throws(LoadFailure) {
            return try observeParameters(
                member.configDirectory, host.files, installation: installation)
        } catch {
            throw .broken(
                BrokenInstance(configDirectory: member.configDirectory, reason: error))
        }
    }

    private func masterCF(_ configDirectory: ByteString) -> Observed<MasterCF> {
        do throws(FileError) {
            let contents = try host.files.read(
                "\(configDirectory)/master.cf", limitBytes: configurationLimitBytes)
            return .known(MasterCF(ByteString(contents.bytes)))
        } catch {
            return .unknown(reason: error.sentence)
        }
    }
}

extension ConfigEdit {
    /// True if a value may name a table: only then the kinds of tables have to be asked for.
    fileprivate var mayNameTables: Bool {
        !isForced && items.contains { $0.value?.contains(0x3A) ?? false }
    }
}
