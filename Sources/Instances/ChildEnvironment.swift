// The environment that a command for one instance receives: postmulti(1), section ENVIRONMENT.

package import Bytes

/// An environment as a list of "NAME=value", changed the way setenv(3) changes it.
package struct ChildEnvironment: Hashable, Sendable {
    package private(set) var entries: [ByteString]

    package init(_ entries: [ByteString]) { self.entries = entries }

    /// Sets one variable, in its old place if it is there already.
    package mutating func set(_ name: ByteString, _ value: ByteString) {
        let start: ByteString = "\(name)="
        if let index = entries.firstIndex(where: { $0.hasPrefix(start) }) {
            entries[index] = start + value
        } else {
            entries.append(start + value)
        }
    }

    /// The value of a variable, or nil if it is not set.
    package func value(of name: ByteString) -> ByteString? {
        let start: ByteString = "\(name)="
        return entries.first { $0.hasPrefix(start) }?.dropFirst(start.count)
    }

    /// Puts a directory in front of the search path.
    package mutating func prependToPath(_ directory: ByteString) {
        let old = value(of: "PATH") ?? ""
        // Postfix's own default, ROOT_PATH.
        let rest = old.isEmpty ? "/bin:/usr/bin:/sbin:/usr/sbin" : old
        set("PATH", "\(directory):\(rest)")
    }

    /// What is left of the environment after the filter import_environment: clean_env(3).
    ///
    /// Elements are names to keep, or "name=value" to set.
    package func filtered(by importEnvironment: [ByteString]) -> ChildEnvironment {
        var result = ChildEnvironment([])
        for element in importEnvironment {
            if let equals = element.bytes.firstIndex(of: 0x3D) {
                result.set(ByteString(element.bytes[..<equals]), element.dropFirst(equals + 1))
            } else if let kept = value(of: element) {
                result.set(element, kept)
            }
        }
        return result
    }

    /// The environment of a command that postmulti runs for an instance with option -x.
    package func forCommand(
        _ instance: Instance, commandDirectory: ByteString, daemonDirectory: ByteString
    ) -> ChildEnvironment {
        var result = self
        result.set("MAIL_CONFIG", instance.configDirectory)
        result.set("daemon_directory", daemonDirectory)
        result.set("command_directory", commandDirectory)
        result.set("config_directory", instance.configDirectory)
        result.set("queue_directory", instance.queueDirectory)
        result.set("data_directory", instance.dataDirectory)
        result.set("multi_instance_name", instance.name?.text ?? "")
        result.set("multi_instance_group", instance.group?.text ?? "")
        result.set("multi_instance_enable", instance.isEnabled ? "yes" : "no")
        result.prependToPath(commandDirectory)
        return result
    }
}
