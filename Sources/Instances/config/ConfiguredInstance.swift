// Decides an edit of one instance's parameters: what its files become, or why they do not.
//
// What was wrong before is no reason to refuse; what would be wrong only after is.

package import Bytes
package import PostfixFormats

/// An instance with its files, as edits need them.
package struct ConfiguredInstance: Sendable {
    package let member: InstanceSet.Member
    package let parameters: ParameterView
    package let masterCF: Observed<MasterCF>

    package init(
        member: InstanceSet.Member, parameters: ParameterView, masterCF: Observed<MasterCF>
    ) {
        self.member = member
        self.parameters = parameters
        self.masterCF = masterCF
    }

    /// The name that output shows.
    package var displayName: ByteString { member.displayName }
    /// The path of main.cf.
    package var mainPath: ByteString { "\(member.configDirectory)/main.cf" }
    /// The path of master.cf.
    package var masterPath: ByteString { "\(member.configDirectory)/master.cf" }

    /// The instance as the edit leaves it, and the change set that does it.
    ///
    /// - Parameter tableTypes: The kinds of tables of the installed Postfix.
    package func edited(
        _ edit: ConfigEdit, tableTypes: Observed<Set<ByteString>>
    ) throws(ConfigRefusal) -> (instance: ConfiguredInstance, changes: ChangeSet) {
        let new = ConfiguredInstance(
            member: member, parameters: parameters.with(mainCF(after: edit)),
            masterCF: try masterCF(after: edit))
        if !edit.isForced {
            let check = ConfigCheck(new, before: self)
            for item in edit.items { try check.check(item, tableTypes: tableTypes) }
        }
        return (new, changes(to: new))
    }

    /// The steps that a running instance needs after the edit made of it what `new` is.
    package func next(_ edit: ConfigEdit, to new: ConfiguredInstance) -> ConfigPlan.NextStep {
        edit.items.map(\.name).filter { differs($0, new) }
            .map { ConfigPlan.NextStep.after(changing: $0) }.max() ?? .nothing
    }

    private func differs(_ name: ConfigName, _ new: ConfiguredInstance) -> Bool {
        switch name {
        case .parameter(let name):
            parameters.mainCF.value(of: name) != new.parameters.mainCF.value(of: name)
        case .field, .option: masterCF.value?.text != new.masterCF.value?.text
        }
    }

    private func mainCF(after edit: ConfigEdit) -> MainCF {
        var assignments: [MainCF.Assignment] = []
        var removals: [ByteString] = []
        for item in edit.items {
            guard case .parameter(let name) = item.name else { continue }
            guard let value = item.value else {
                removals.append(name)
                continue
            }
            let assignment = MainCF.Assignment(name, value)
            // A parameter that has the value already stays as it is written.
            if parameters.mainCF.value(of: name) != assignment.value {
                assignments.append(assignment)
            }
        }
        var result = parameters.mainCF
        if !assignments.isEmpty { result = result.setting(assignments) }
        return removals.isEmpty ? result : result.removing(removals)
    }

    private func masterCF(
        after edit: ConfigEdit
    ) throws(ConfigRefusal) -> Observed<MasterCF> {
        var changes: [(pattern: ServicePattern, change: MasterCF.ServiceChange)] = []
        for item in edit.items {
            guard let (pattern, change) = try item.serviceChange else { continue }
            try checkService(pattern)
            // A service that is so already stays as it is written.
            if !isSo(pattern, change) { changes.append((pattern, change)) }
        }
        guard !changes.isEmpty, let old = masterCF.value else { return masterCF }
        do {
            return .known(try old.changing(changes))
        } catch {
            throw .badService(
                instance: displayName, name: joined(edit), reason: error.sentence)
        }
    }

    /// True if the change would leave all services that it is about as they are.
    private func isSo(_ pattern: ServicePattern, _ change: MasterCF.ServiceChange) -> Bool {
        let services = (masterCF.value?.entries ?? []).map(\.service).filter { service in
            pattern.matches(service[.service], service[.type])
        }
        return services.allSatisfy { service in
            func values(_ name: ByteString) -> [ByteString] {
                service.parameters.filter { $0.name == name }.map(\.value)
            }
            return switch change {
            case .setField(.command, let value): service.commandLine == value
            case .setField(let field, let value): service[field] == value
            case .setParameter(let name, let value): Set(values(name)) == [value]
            case .removeParameter(let name): values(name).isEmpty
            }
        }
    }

    private func joined(_ edit: ConfigEdit) -> ByteString {
        edit.items.map { ByteString($0.name.description) }.joined(by: " ")
    }

    /// Makes sure that there is a service for the edit.
    private func checkService(_ pattern: ServicePattern) throws(ConfigRefusal) {
        switch masterCF {
        case .unknown(let reason):
            throw .masterCFUnreadable(instance: displayName, reason: reason)
        case .known(let services):
            let names = services.entries.map { entry in
                (entry.service[.service], entry.service[.type])
            }
            if names.contains(where: { pattern.matches($0.0, $0.1) }) { return }
            let word: ByteString = "\(pattern.name)/\(pattern.type)"
            throw .noSuchService(
                instance: displayName, service: word,
                similar: nearMisses(of: word, among: names.map { "\($0.0)/\($0.1)" }))
        }
    }

    private func changes(to new: ConfiguredInstance) -> ChangeSet {
        var steps: [ChangeSet.Step] = []
        let (oldMain, newMain) = (parameters.mainCF.text, new.parameters.mainCF.text)
        if oldMain != newMain {
            steps.append(.editFile(path: mainPath, old: oldMain, new: newMain))
        }
        if let oldMaster = masterCF.value?.text, let newMaster = new.masterCF.value?.text,
            oldMaster != newMaster
        {
            steps.append(.editFile(path: masterPath, old: oldMaster, new: newMaster))
        }
        return ChangeSet(
            title: "configure \(displayName)", preparation: Array(steps.dropLast()),
            commit: steps.last)
    }
}

extension ConfigEdit.Item {
    /// The change of services that the item asks for; nil for one of main.cf.
    fileprivate var serviceChange: (ServicePattern, MasterCF.ServiceChange)? {
        get throws(ConfigRefusal) {
            switch name {
            case .parameter: nil
            case .field(let pattern, let field):
                if let value {
                    (pattern, .setField(field, to: value))
                } else {
                    throw .fieldCannotBeRemoved(name: ByteString(name.description))
                }
            case .option(let pattern, let name):
                (pattern, value.map { .setParameter(name, to: $0) } ?? .removeParameter(name))
            }
        }
    }
}

extension MasterCF.EditFault {
    /// The fault as a sentence fragment.
    package var sentence: ByteString {
        switch self {
        case .nameAndTypeApart(let line): "master.cf, line \(line): a line of fewer than two words"
        case .serviceName(let line, let name): "master.cf, line \(line): bad service name \(name)"
        case .serviceType(let line, let type): "master.cf, line \(line): bad service type \(type)"
        case .service(let line, let fault): "master.cf, line \(line): \(fault.wording)"
        case .unwritable(let service): "braces that do not match: \(service)"
        }
    }
}
