// The host's instances at one time, as commands begin with them.

package import Bytes
package import HostAccess
package import Instances

/// The installed Postfix, the primary, and all instances.
package struct Scene {
    package let installation: Installation
    package let primary: Primary
    package let instances: InstanceSet
    /// The parameters of each usable instance, by configuration directory.
    package let parameters: [ByteString: ParameterView]

    /// Looks at the host; broken secondaries are in the set, a broken primary is a failure.
    ///
    /// - Parameter primaryDirectory: The primary's configuration directory, if it is not the
    ///   built-in one.
    package init(
        _ host: Host, installation: Installation, primaryDirectory: ByteString? = nil
    ) throws(ObservationFailure) {
        self.installation = installation
        primary = try Primary(
            try Primary.read(
                primaryDirectory ?? installation.configDirectory, installation: installation,
                files: host.files))
        var parameters: [ByteString: ParameterView] = [:]
        instances = try primary.observeInstances(
            host.files, installation: installation,
            claims: try primary.claimSharedDirectories(host.files)
        ) { parameters[$0.configDirectory] = $0 }
        self.parameters = parameters
    }
}
