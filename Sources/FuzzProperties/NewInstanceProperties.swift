// What must hold for any arguments of `create` and `import`: refused, or fit to be registered.
//
// Input: "create" or "import", option -I, option -G, option -i, then `name=value` arguments. An
// option that is "" was not given, "-" clears.

import Bytes
import Instances
import PostfixFormats

/// Checks the arguments of `create` and `import`.
@Sendable
func checkNewInstance(_ input: ByteString) throws(BrokenProperty) {
    var input = FuzzInput(input)
    let action: LifecycleRequest.Action = input.next() == "import" ? .import : .create
    let (name, group, selection) = (input.next(), input.next(), input.next())
    let request = LifecycleRequest(
        action: action, selection: selection.isEmpty ? .unspecified : .instance(selection),
        newName: option(name), newGroup: option(group), settings: input.remaining(6))
    guard let instances = try? someInstances() else { throw BrokenProperty("the set is valid") }
    guard let new = try? NewInstance(request, among: instances) else { return }

    for case let path? in [new.configDirectory, new.queueDirectory, new.dataDirectory] {
        try expect(
            path.hasPrefix("/") && path.count > 1 && !path.hasSuffix("/") && path.count < 4096,
            "\(path) is absolute and complete")
        try expect(ParameterList.split(path) == [path], "\(path) is one member of a list")
        let expanded = try? ParameterExpansion.expand(path, in: MainCF(""))
        try expect(expanded == path, "\(path) means itself in main.cf")
    }
    try expect(
        !instances.registeredDirectories.contains(new.configDirectory)
            && instances.claims.owner(of: new.configDirectory) == nil,
        "\(new.configDirectory) was free")
    try expect(
        action == .import || new.queueDirectory != nil && new.dataDirectory != nil,
        "create knows all directories")
    for case let word? in [new.newName, new.newGroup] {
        let line: ByteString = "x = \(word)"
        try expect(MainCF(line).value(of: "x") == word, "\(word) survives in main.cf")
    }
    if let position = try? new.position(among: instances) {
        try expect(
            (0...instances.secondaries.count).contains(position), "the place is in the list")
    }
}

/// A primary with two secondaries and a broken one.
private func someInstances() throws(Claims.Conflict) -> InstanceSet {
    func instance(_ name: ByteString, isPrimary: Bool = false) -> Instance {
        Instance(
            configDirectory: "/etc/\(name)", queueDirectory: "/var/spool/\(name)",
            dataDirectory: "/var/lib/\(name)",
            name: isPrimary ? nil : InstanceName(recorded: name),
            group: isPrimary ? nil : GroupName(recorded: "mta"), isEnabled: true,
            isPrimary: isPrimary)
    }
    var instances = try InstanceSet(
        primary: instance("postfix", isPrimary: true), claims: Claims(), isAlone: false)
    instances.append(.instance(instance("postfix-in")))
    instances.append(
        .broken(
            BrokenInstance(
                configDirectory: "/etc/postfix-broken",
                reason: .relativeDirectory("postfix-broken"))))
    instances.append(.instance(instance("postfix-out")))
    return instances
}
