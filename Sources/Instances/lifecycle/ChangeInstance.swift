// The actions on one existing instance that edit its main.cf: enable, disable, assign; and init.

import Bytes
import PostfixFormats

/// An existing instance with its main.cf, as an action on it needs them.
package struct ExistingInstance: Sendable {
    package let instance: Instance
    package let mainCF: ConfigFile

    package init(instance: Instance, mainCF: ConfigFile) {
        self.instance = instance
        self.mainCF = mainCF
    }

    /// The change set of enable or disable.
    package func setting(enabled: Bool) -> ChangeSet {
        let value: ByteString = enabled ? "yes" : "no"
        return editing(
            title: "\(enabled ? "enable" : "disable") \(displayName)",
            MainCF(mainCF.contents).setting([.init("multi_instance_enable", value)]))
    }

    /// The change set of assign; empty if nothing would change.
    package func assigning(
        _ request: LifecycleRequest, claims: Claims
    ) throws(LifecycleRefusal) -> ChangeSet {
        try checkNames(request)
        let name = request.newName.flatMap { $0 == instance.name?.text ?? "" ? nil : $0 }
        let group = request.newGroup.flatMap { $0 == instance.group?.text ?? "" ? nil : $0 }
        if let name, !name.isEmpty {
            var claims = claims
            do {
                try claims.claim(
                    name, parameter: "multi_instance_name",
                    configDirectory: instance.configDirectory)
            } catch {
                throw .conflict(error)
            }
        }
        return editing(
            title: "assign \(displayName)",
            naming(MainCF(mainCF.contents), name: name, group: group))
    }

    /// The change set that keeps new mail out: from the network, from local users, and by a start
    /// with the others.
    package func closing() -> ChangeSet {
        let main = MainCF(mainCF.contents)
        let disabled = ParameterList.split(main.value(of: "master_service_disable") ?? "")
        let services = disabled.contains("inet") ? disabled : disabled + ["inet"]
        return editing(
            title: "close \(displayName)",
            main.setting([
                .init("multi_instance_enable", "no"), .init("authorized_submit_users", ""),
                .init(
                    "master_service_disable",
                    services.joined(by: " ")),
            ]))
    }

    private func editing(title: ByteString, _ new: MainCF) -> ChangeSet {
        guard new.text != mainCF.contents else { return ChangeSet(title: title) }
        return ChangeSet(
            title: title,
            commit: .editFile(path: mainCF.path, old: mainCF.contents, new: new.text))
    }

    private var displayName: ByteString { instance.name?.text ?? instance.configDirectory }
}

/// The value that init gives multi_instance_wrapper.
let initialWrapper: ByteString = "${command_directory}/postmulti -p --"

/// The change set of init: the primary gets a multi-instance manager.
package func initialising(_ registration: Registration) -> ChangeSet {
    let old = registration.mainCF.value(of: "multi_instance_wrapper") ?? ""
    let commit = registration.edit([
        .init("multi_instance_wrapper", initialWrapper), .init("multi_instance_enable", "yes"),
    ])
    var notices: [ChangeSet.Notice] = []
    if !old.isEmpty && old != initialWrapper {
        notices = [.replacedSetting(parameter: "multi_instance_wrapper", old: old)]
    }
    return ChangeSet(title: "init", commit: commit, notices: notices)
}
