// What people say to name instances, apart from the instances that exist.

package import Bytes

/// The instances that a person asks for: options -a, -g and -i of postmulti(1).
package enum Selection: Hashable, Sendable {
    /// Nothing was said.
    case unspecified
    case all
    case group(ByteString)
    /// A full or short name, an absolute configuration directory, or "-" for the primary.
    case instance(ByteString)

    /// True if the instance is one of those asked for.
    package func matches(_ instance: Instance) -> Bool {
        switch self {
        case .unspecified: false
        case .all: true
        case .group(let name): instance.group?.text == name
        case .instance(let said):
            (instance.isPrimary && said == "-") || said == namePart(of: instance, for: said)
        }
    }

    /// True if the broken instance is one of those asked for.
    ///
    /// Its main.cf cannot tell its name, so its directory's last component stands for it.
    package func matches(_ broken: BrokenInstance) -> Bool {
        switch self {
        case .unspecified, .group: return false
        case .all: return true
        case .instance(let said):
            if said == broken.configDirectory { return true }
            let last = broken.configDirectory.bytes.split(separator: 0x2F).last ?? []
            let name = InstanceName(recorded: ByteString(last))
            return said == name.text || said == name.short
        }
    }

    /// True if the broken instance may be one of those asked for, whose command then has failed.
    ///
    /// Its group is not known. A command for another instance by name is none of its business:
    /// that one's service must not count as failed.
    package func mayMean(_ broken: BrokenInstance) -> Bool {
        switch self {
        case .unspecified, .all, .group: true
        case .instance: matches(broken)
        }
    }

    /// What of the instance has to be equal to the word that was said.
    private func namePart(of instance: Instance, for said: ByteString) -> ByteString {
        guard let name = instance.name, !said.hasPrefix("/") else {
            return instance.configDirectory
        }
        return said.hasPrefix(InstanceName.prefix) ? name.text : name.short
    }
}
