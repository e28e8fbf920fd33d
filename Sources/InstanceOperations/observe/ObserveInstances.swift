// One tolerant read of all instances: each one is a value, or the reason why it cannot be used.

package import Bytes
package import HostAccess
package import Instances
import PostfixFormats

extension Primary {
    /// Reads the primary and every registered secondary.
    package func observeInstances(
        _ files: any FileReading, installation: Installation, claims: Claims
    ) throws(ObservationFailure) -> InstanceSet {
        let directories = ParameterList.split(try value("multi_instance_directories"))
        var instances: InstanceSet
        do {
            instances = try InstanceSet(
                primary: instance, claims: claims, isAlone: directories.isEmpty)
        } catch {
            throw .primaryConflict(error)
        }
        for directory in directories {
            do throws(LoadFailure) {
                instances.append(
                    .instance(
                        try observeInstance(directory, files, installation: installation)))
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
