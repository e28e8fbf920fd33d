// All instances of a host in start order: the primary first, then multi_instance_directories.

package import Bytes

/// The instances of a host, each one known or broken.
package struct InstanceSet: Sendable {
    /// An instance of the host, or what is known of a broken one.
    package enum Member: Hashable, Sendable {
        case instance(Instance)
        case broken(BrokenInstance)

        /// Where it is registered.
        package var configDirectory: ByteString {
            switch self {
            case .instance(let instance): instance.configDirectory
            case .broken(let broken): broken.configDirectory
            }
        }
    }

    package private(set) var primary: Instance
    package private(set) var secondaries: [Member] = []
    package private(set) var claims: Claims

    /// Begins with the primary.
    ///
    /// - Parameters:
    ///   - primary: The primary instance.
    ///   - claims: What is claimed already, such as the shared directories.
    ///   - isAlone: No secondary is registered; then the primary always counts as enabled.
    package init(primary: Instance, claims: Claims, isAlone: Bool) throws(Claims.Conflict) {
        self.claims = claims
        self.primary = primary
        if isAlone { self.primary.isEnabled = true }
        try self.claims.claim(primary)
    }

    /// Adds the next registered secondary; one that conflicts with an earlier one is broken.
    package mutating func append(_ secondary: Member) {
        switch secondary {
        case .broken:
            secondaries.append(secondary)
        case .instance(let instance):
            do {
                try claims.claim(instance)
                secondaries.append(secondary)
            } catch {
                let broken = BrokenInstance(
                    configDirectory: instance.configDirectory, reason: .conflict(error))
                secondaries.append(.broken(broken))
            }
        }
    }

    /// Adds a new secondary at its place.
    package mutating func insert(_ instance: Instance, at position: Int) throws(Claims.Conflict) {
        try claims.claim(instance)
        secondaries.insert(.instance(instance), at: position)
    }

    /// Takes a secondary out; its claims stay until the set is read anew.
    package mutating func remove(_ configDirectory: ByteString) {
        secondaries.removeAll { $0.configDirectory == configDirectory }
    }

    /// All instances in start order, the broken ones at their place.
    package var members: [Member] { [.instance(primary)] + secondaries }

    /// The usable instances in start order.
    package var usable: [Instance] {
        [primary]
            + secondaries.compactMap { secondary in
                if case .instance(let instance) = secondary { instance } else { nil }
            }
    }

    /// The broken instances in start order.
    package var broken: [BrokenInstance] {
        secondaries.compactMap { secondary in
            if case .broken(let broken) = secondary { broken } else { nil }
        }
    }

    /// The registered configuration directories, in start order.
    package var registeredDirectories: [ByteString] { secondaries.map(\.configDirectory) }
}
