// Instances, sets and facts that tests begin with, and change where it matters.

import Bytes
import Instances
import PostfixFormats

/// The primary of a usual host.
let primaryExample = Instance(
    configDirectory: "/etc/postfix", queueDirectory: "/var/spool/postfix",
    dataDirectory: "/var/lib/postfix", name: nil, group: nil, isEnabled: true, isPrimary: true)

/// A secondary whose directories follow its name.
func secondary(
    _ name: ByteString, group: ByteString? = nil, isEnabled: Bool = false
) -> Instance {
    Instance(
        configDirectory: "/etc/\(name)", queueDirectory: "/var/spool/\(name)",
        dataDirectory: "/var/lib/\(name)", name: InstanceName(recorded: name),
        group: group.map { GroupName(recorded: $0) }, isEnabled: isEnabled, isPrimary: false)
}

/// A secondary without a name.
func nameless(_ configDirectory: ByteString) -> Instance {
    var instance = secondary("nameless")
    instance.configDirectory = configDirectory
    instance.name = nil
    return instance
}

/// A secondary that cannot be read.
func broken(_ configDirectory: ByteString) -> BrokenInstance {
    BrokenInstance(
        configDirectory: configDirectory,
        reason: .unreadable(path: "\(configDirectory)/main.cf", reason: "Input/output error"))
}

/// The usual primary with these secondaries.
func instanceSet(_ secondaries: [InstanceSet.Member]) throws -> InstanceSet {
    var set = try InstanceSet(
        primary: primaryExample, claims: Claims(), isAlone: secondaries.isEmpty)
    for secondary in secondaries { set.append(secondary) }
    return set
}

/// The usual primary with these usable secondaries.
func instanceSet(of instances: [Instance]) throws -> InstanceSet {
    try instanceSet(instances.map { .instance($0) })
}

/// Parameters from a main.cf over a few defaults.
func parameters(
    _ mainCF: ByteString, configDirectory: ByteString = "/etc/postfix-x"
) -> ParameterView {
    ParameterView(
        mainCF: MainCF(mainCF), configDirectory: configDirectory,
        defaults: ParameterDefaults(
            """
            config_directory = /etc/postfix
            data_directory = /var/lib/postfix
            multi_instance_directories =
            multi_instance_enable = no
            multi_instance_group =
            multi_instance_name =
            queue_directory = /var/spool/postfix

            """), hostName: "mx.example.com")
}

/// A registration in the primary's main.cf with this content.
func registration(_ mainCF: ByteString) -> Registration {
    Registration(path: "/etc/postfix/main.cf", mainCF: MainCF(mainCF))
}

/// What a refused decision is refused for, or nil if it is not.
func refusal(_ body: () throws -> Void) -> LifecycleRefusal? {
    do {
        try body()
        return nil
    } catch {
        return error as? LifecycleRefusal
    }
}
