// One Postfix instance as its main.cf describes it, or the reason why it cannot be known.

package import Bytes
package import PostfixFormats

/// A Postfix instance: its private directories, names, and whether a manager may start it.
package struct Instance: Hashable, Sendable {
    package var configDirectory: ByteString
    package var queueDirectory: ByteString
    package var dataDirectory: ByteString
    package var name: InstanceName?
    package var group: GroupName?
    package var isEnabled: Bool
    package var isPrimary: Bool

    package init(
        configDirectory: ByteString, queueDirectory: ByteString, dataDirectory: ByteString,
        name: InstanceName?, group: GroupName?, isEnabled: Bool, isPrimary: Bool
    ) {
        self.configDirectory = configDirectory
        self.queueDirectory = queueDirectory
        self.dataDirectory = dataDirectory
        self.name = name
        self.group = group
        self.isEnabled = isEnabled
        self.isPrimary = isPrimary
    }
}

/// A registered instance that cannot be used, and why.
package struct BrokenInstance: Error, Hashable, Sendable {
    package let configDirectory: ByteString
    package let reason: LoadFailure

    package init(configDirectory: ByteString, reason: LoadFailure) {
        self.configDirectory = configDirectory
        self.reason = reason
    }
}

/// Why an instance's configuration cannot be used.
package enum LoadFailure: Error, Hashable, Sendable {
    /// main.cf cannot be read; the reason is the system's.
    case unreadable(path: ByteString, reason: ByteString)
    /// The configuration directory's path does not begin with "/".
    case relativeDirectory(ByteString)
    /// main.cf has a line that is no parameter setting.
    case badLine(path: ByteString, problem: MainCF.Problem)
    /// A parameter's value cannot be expanded.
    case badExpansion(path: ByteString, parameter: ByteString, error: ExpansionError)
    /// A parameter that is yes or no has another value.
    case badBoolean(path: ByteString, parameter: ByteString, value: ByteString)
    /// The instance uses a name or directory that another one has already.
    case conflict(Claims.Conflict)
}

extension Instance {
    /// Reads what postmulti(1) needs to know of an instance from its parameters.
    package init(
        _ parameters: ParameterView, isPrimary: Bool
    ) throws(LoadFailure) {
        let path: ByteString = "\(parameters.configDirectory)/main.cf"
        if let problem = parameters.mainCF.fatalProblem {
            throw .badLine(path: path, problem: problem)
        }
        func value(_ name: ByteString) throws(LoadFailure) -> ByteString {
            do {
                return try parameters.value(of: name)
            } catch {
                throw .badExpansion(path: path, parameter: name, error: error)
            }
        }
        let name = try value("multi_instance_name")
        let group = try value("multi_instance_group")
        let enable = try value("multi_instance_enable")
        let isEnabled: Bool
        // Postfix takes the two words in any case, and no other ones.
        switch enable.lowercased {
        case "yes": isEnabled = true
        case "no": isEnabled = false
        default:
            throw .badBoolean(path: path, parameter: "multi_instance_enable", value: enable)
        }
        self.init(
            configDirectory: parameters.configDirectory,
            queueDirectory: try value("queue_directory"),
            dataDirectory: try value("data_directory"),
            name: name.isEmpty ? nil : InstanceName(recorded: name),
            group: group.isEmpty ? nil : GroupName(recorded: group),
            isEnabled: isEnabled, isPrimary: isPrimary)
    }
}
