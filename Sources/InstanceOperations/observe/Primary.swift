// The primary instance: its main.cf says which secondaries there are and what all share.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

/// The limit on every configuration file: 256 MiB, far above any that Postfix itself can use.
let configurationLimitBytes = 1 << 28

/// The primary instance's configuration as it was read.
package struct Primary: Sendable {
    package let path: ByteString
    package let parameters: ParameterView
    /// The primary as an instance.
    package let instance: Instance

    /// Reads the main.cf of a configuration directory; nothing in it is judged yet.
    package static func read(
        _ configDirectory: ByteString, installation: Installation, files: any FileReading
    ) throws(ObservationFailure) -> ParameterView {
        do {
            let contents = try files.read(
                "\(configDirectory)/main.cf", limitBytes: configurationLimitBytes)
            return ParameterView(
                mainCF: MainCF(ByteString(contents.bytes)), configDirectory: configDirectory,
                defaults: installation.defaults, hostName: installation.hostName)
        } catch {
            throw .primaryUnreadable(error)
        }
    }

    /// Takes parameters that must be usable.
    package init(_ parameters: ParameterView) throws(ObservationFailure) {
        path = "\(parameters.configDirectory)/main.cf"
        self.parameters = parameters
        do {
            instance = try Instance(parameters, isPrimary: true)
        } catch {
            throw .primaryBroken(error)
        }
    }

    /// The expanded value of a parameter.
    package func value(_ name: ByteString) throws(ObservationFailure) -> ByteString {
        do {
            return try parameters.value(of: name)
        } catch {
            throw .primaryBroken(.badExpansion(path: path, parameter: name, error: error))
        }
    }

    /// Checks the directories that all instances share and claims them.
    package func claimSharedDirectories(
        _ files: any FileReading
    ) throws(ObservationFailure) -> Claims {
        var claims = Claims()
        for (parameter, path) in try sharedDirectories() {
            let status: FileStatus?
            do {
                status = try files.status(of: path, followingLinks: true)
            } catch {
                throw .sharedDirectoryNotFound(
                    parameter: parameter, path: path, reason: error.reason)
            }
            guard let status else {
                throw .sharedDirectoryNotFound(
                    parameter: parameter, path: path, reason: SystemError.notFound.text)
            }
            guard status.kind == .directory else {
                throw .sharedDirectoryNotDirectory(parameter: parameter, path: path)
            }
            // meta_directory usually is another one of the directories.
            if parameter == "meta_directory" { continue }
            do {
                try claims.claim(
                    path, parameter: parameter, configDirectory: parameters.configDirectory)
            } catch {
                throw .primaryConflict(error)
            }
        }
        return claims
    }

    /// The shared directories that this Postfix has; "no" stands for none.
    package func sharedDirectories() throws(ObservationFailure) -> [(ByteString, ByteString)] {
        var directories: [(ByteString, ByteString)] = []
        for parameter: ByteString in [
            "command_directory", "daemon_directory", "meta_directory", "shlib_directory",
        ] {
            let path = try value(parameter)
            if path.hasPrefix("/") { directories.append((parameter, path)) }
        }
        return directories
    }
}

extension FileError {
    /// The reason alone, for messages that name the path themselves.
    var reason: ByteString {
        switch self {
        case .system(_, _, let error): error.text
        case .notRegularFile: "not a regular file"
        case .tooLarge(_, let limit): "larger than \(limit) bytes"
        case .changedMeanwhile: "changes all the time"
        case .locked: "locked by another process"
        }
    }
}
