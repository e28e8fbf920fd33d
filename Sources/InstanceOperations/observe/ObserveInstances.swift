// One tolerant read of all instances: each one is a value, or the reason why it cannot be used.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

extension Primary {
    /// Reads the primary and every registered secondary.
    ///
    /// - Parameter onParameters: Is given the parameters of each instance that can be used.
    package func observeInstances(
        _ files: any FileReading, installation: Installation, claims: Claims,
        onParameters: (ParameterView) -> Void = { _ in }
    ) throws(ObservationFailure) -> InstanceSet {
        let directories = ParameterList.split(try value("multi_instance_directories"))
        var instances: InstanceSet
        do {
            instances = try InstanceSet(
                primary: instance, claims: claims, isAlone: directories.isEmpty)
        } catch {
            throw .primaryConflict(error)
        }
        onParameters(parameters)
        for directory in directories {
            do throws(LoadFailure) {
                let parameters = try observeParameters(
                    directory, files, installation: installation)
                instances.append(.instance(try Instance(parameters, isPrimary: false)))
                onParameters(parameters)
            } catch {
                instances.append(
                    .broken(BrokenInstance(configDirectory: directory, reason: error)))
            }
        }
        return instances
    }
}

/// Reads one secondary.
package func observeInstance(
    _ configDirectory: ByteString, _ files: any FileReading, installation: Installation
) throws(LoadFailure) -> Instance {
    try Instance(
        observeParameters(configDirectory, files, installation: installation), isPrimary: false)
}

/// Reads the parameters of one secondary.
func observeParameters(
    _ configDirectory: ByteString, _ files: any FileReading, installation: Installation
) throws(LoadFailure) -> ParameterView {
    guard configDirectory.hasPrefix("/") else { throw .relativeDirectory(configDirectory) }
    let path: ByteString = "\(configDirectory)/main.cf"
    do throws(FileError) {
        let contents = try files.read(path, limitBytes: configurationLimitBytes)
        return ParameterView(
            mainCF: MainCF(ByteString(contents.bytes)), configDirectory: configDirectory,
            defaults: installation.defaults, hostName: installation.hostName)
    } catch {
        throw .unreadable(path: path, reason: error.reason)
    }
}
