// Who owns which name and directory. Two instances must never share one.

package import Bytes

/// The names and directories in use, each with its owner.
package struct Claims: Sendable {
    /// A parameter of an instance that claims a value.
    package struct Owner: Hashable, Sendable {
        package let configDirectory: ByteString
        package let parameter: ByteString

        package init(configDirectory: ByteString, parameter: ByteString) {
            self.configDirectory = configDirectory
            self.parameter = parameter
        }
    }

    /// A value that is claimed twice.
    package struct Conflict: Error, Hashable, Sendable {
        package let claimant: Owner
        package let value: ByteString
        package let owner: Owner
    }

    private var owners: [ByteString: Owner] = [:]

    package init() {}

    /// The owner of a value, or nil if it is free.
    package func owner(of value: ByteString) -> Owner? { owners[value] }

    /// Claims one value for a parameter; claiming it again for the same parameter is allowed.
    package mutating func claim(
        _ value: ByteString, parameter: ByteString, configDirectory: ByteString
    ) throws(Conflict) {
        let claimant = Owner(configDirectory: configDirectory, parameter: parameter)
        if let owner = owners[value], owner != claimant {
            throw Conflict(claimant: claimant, value: value, owner: owner)
        }
        owners[value] = claimant
    }

    /// Claims all that an instance has for itself, or nothing if one of the claims conflicts.
    package mutating func claim(_ instance: Instance) throws(Conflict) {
        var wanted: [(parameter: ByteString, value: ByteString)] = [
            ("config_directory", instance.configDirectory),
            ("queue_directory", instance.queueDirectory),
            ("data_directory", instance.dataDirectory),
        ]
        if let name = instance.name { wanted.insert(("multi_instance_name", name.text), at: 0) }
        // Undone one by one: a copy to fall back on would make many instances quadratic.
        var claimed: [ByteString] = []
        for (parameter, value) in wanted {
            let isFree = owners[value] == nil
            do throws(Conflict) {
                try claim(
                    value, parameter: parameter, configDirectory: instance.configDirectory)
            } catch {
                for value in claimed { owners[value] = nil }
                throw error
            }
            if isFree { claimed.append(value) }
        }
    }
}
