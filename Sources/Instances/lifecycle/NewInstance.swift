// Which instance `create` and `import` are asked to make: names, directories, place in the order.

package import Bytes
import PostfixFormats

/// A checked request for a new instance; the host has not been looked at yet.
package struct NewInstance: Hashable, Sendable {
    package let action: LifecycleRequest.Action
    package let configDirectory: ByteString
    /// The directories asked for or derived from the name; nil for import, which reads main.cf.
    package let queueDirectory: ByteString?
    package let dataDirectory: ByteString?
    /// nil says nothing, an empty string clears.
    package let newName: ByteString?
    package let newGroup: ByteString?
    package let selection: Selection
    /// The instance is enabled at once.
    package let enables: Bool

    /// Checks a create or import request against the instances there are.
    package init(
        _ request: LifecycleRequest, among instances: InstanceSet
    ) throws(LifecycleRefusal) {
        try checkNames(request)
        var given = GivenDirectories()
        for setting in request.settings {
            try given.read(setting, action: request.action)
        }
        let primary = instances.primary
        configDirectory = try given.config.orElse { () throws(LifecycleRefusal) in
            try derived("config_directory", from: primary.configDirectory, name: request.newName)
        }
        if let owner = instances.claims.owner(of: configDirectory) {
            throw .configDirectoryInUse(path: configDirectory, owner: owner)
        }
        if instances.registeredDirectories.contains(configDirectory) {
            // A broken instance claims nothing, but its place is taken all the same.
            let owner = Claims.Owner(
                configDirectory: configDirectory, parameter: "config_directory")
            throw .configDirectoryInUse(path: configDirectory, owner: owner)
        }
        if request.action == .import {
            queueDirectory = nil
            dataDirectory = nil
        } else {
            queueDirectory = try given.queue.orElse { () throws(LifecycleRefusal) in
                try derived("queue_directory", from: primary.queueDirectory, name: request.newName)
            }
            dataDirectory = try given.data.orElse { () throws(LifecycleRefusal) in
                try derived("data_directory", from: primary.dataDirectory, name: request.newName)
            }
        }
        action = request.action
        newName = request.newName
        newGroup = request.newGroup
        selection = request.selection
        enables = request.enables
        try checkUsable()
    }

    /// Refuses paths that main.cf lists or Postfix's own shell scripts cannot carry.
    private func checkUsable() throws(LifecycleRefusal) {
        let named: [(ByteString, ByteString?)] = [
            ("config_directory", configDirectory), ("queue_directory", queueDirectory),
            ("data_directory", dataDirectory),
        ]
        for case (let parameter, let value?) in named where !isUsablePath(value) {
            throw .unusablePath(parameter: parameter, value: value)
        }
    }

    /// The place of the new instance in the start order: the index in the list of secondaries.
    package func position(among instances: InstanceSet) throws(LifecycleRefusal) -> Int {
        let secondaries = instances.secondaries
        guard selection != .unspecified else { return secondaries.count }
        let found = secondaries.firstIndex { secondary in
            switch secondary {
            case .instance(let instance): selection.matches(instance)
            case .broken(let broken): selection.matches(broken)
            }
        }
        if let found { return found }
        guard selection == .all else { throw .noMatchingSecondaries }
        return secondaries.count
    }

    /// The instance as it will be, from its directories and from the names it has already.
    package func instance(
        queueDirectory: ByteString, dataDirectory: ByteString,
        recordedName: InstanceName?, recordedGroup: GroupName?, isEnabled: Bool
    ) -> Instance {
        Instance(
            configDirectory: configDirectory, queueDirectory: queueDirectory,
            dataDirectory: dataDirectory,
            name: newName.map { $0.isEmpty ? nil : InstanceName(recorded: $0) } ?? recordedName,
            group: newGroup.map { $0.isEmpty ? nil : GroupName(recorded: $0) } ?? recordedGroup,
            isEnabled: isEnabled, isPrimary: false)
    }
}

/// Refuses names that may not be assigned; an empty one clears and is always allowed.
package func checkNames(_ request: LifecycleRequest) throws(LifecycleRefusal) {
    do throws(NameRefusal) {
        if let name = request.newName, !name.isEmpty { _ = try InstanceName(assigning: name) }
        if let group = request.newGroup, !group.isEmpty { _ = try GroupName(assigning: group) }
    } catch {
        throw .name(error)
    }
}

/// The directories given as `name=value` arguments.
private struct GivenDirectories {
    var config: ByteString?
    var queue: ByteString?
    var data: ByteString?

    mutating func read(
        _ setting: ByteString, action: LifecycleRequest.Action
    ) throws(LifecycleRefusal) {
        let name: ByteString
        let value: ByteString
        do {
            let pair = try NameValue(setting.bytes[...])
            // Shells complete a directory's name with a slash.
            (name, value) = (pair.name, pair.value.withoutSlashesAtEnd)
        } catch {
            throw .malformedSetting(setting)
        }
        let isKnown =
            name == "config_directory"
            || (action != .import && (name == "queue_directory" || name == "data_directory"))
        guard isKnown else { throw .settingNotValid(parameter: name, action: action.word) }

        guard value.hasPrefix("/") else { throw .settingNotAbsolute(parameter: name) }
        guard value != "/" else { throw .settingIsRoot(parameter: name) }
        switch name {
        case "config_directory": config = value
        case "queue_directory": queue = value
        default: data = value
        }
    }
}

/// The primary's path with its last component replaced by the instance's name.
///
/// As in the stock program the name goes below a path of one component, and below one that ends
/// in a single slash. The primary's own directory is there, so both are refused as an overlap.
private func derived(
    _ parameter: ByteString, from primaryValue: ByteString, name: ByteString?
) throws(LifecycleRefusal) -> ByteString {
    guard let name, !name.isEmpty else { throw .missingDirectory(parameter: parameter) }
    guard primaryValue.hasPrefix("/") else {
        throw .primaryDirectoryNotAbsolute(parameter: parameter, value: primaryValue)
    }
    var parent = primaryValue
    if parent.hasSuffix("//") { parent = parent.withoutSlashesAtEnd }
    if let slash = parent.bytes.lastIndex(of: 0x2F), slash > 0 {
        parent = ByteString(parent.bytes[..<slash]).withoutSlashesAtEnd
    }
    return parent == "/" ? "/\(name)" : "\(parent)/\(name)"
}

extension ByteString {
    /// The path without slashes at its end; the root directory stays what it is.
    fileprivate var withoutSlashesAtEnd: ByteString {
        var path = bytes
        while path.count > 1, path.last == 0x2F { path.removeLast() }
        return ByteString(path)
    }
}

extension Optional {
    /// The value, or else what `fallback` makes; `??` cannot keep a typed error.
    fileprivate func orElse<Failure: Error>(
        _ fallback: () throws(Failure) -> Wrapped
    ) throws(Failure) -> Wrapped {
        if let self { self } else { try fallback() }
    }
}

/// True if a path can stand in a main.cf list and in Postfix's own shell scripts, which use it
/// without quotes.
private func isUsablePath(_ path: ByteString) -> Bool {
    let special = Set("\"'`$&;|<>()*?[]{}\\,".utf8)
    // Linux allows 4,096 bytes in a path, the final NUL included.
    return path.count < 4096
        && path.bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F && !special.contains($0) }
}
