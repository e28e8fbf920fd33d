// The desired state of a host's instances, as a blueprint says it. What there is on the host is not
// known here, nor how one becomes the other.

package import Bytes
package import Instances
package import PostfixFormats

/// What a blueprint asks for.
package struct Blueprint: Hashable, Sendable {
    /// What the file is called in messages.
    package var file: ByteString
    /// Instances that are not named are removed; else they are left alone.
    package var purges: Bool
    /// The instances in start order.
    package var instances: [DesiredInstance]
    /// The test messages of a rehearsal.
    package var probes: [Probe]

    package init(
        file: ByteString, purges: Bool = false, instances: [DesiredInstance],
        probes: [Probe] = []
    ) {
        self.file = file
        self.purges = purges
        self.instances = instances
        self.probes = probes
    }
}

/// One instance as it is to be.
package struct DesiredInstance: Hashable, Sendable {
    /// The full name; "-" for the primary.
    package var name: ByteString
    package var role: ByteString
    /// nil leaves the group as it is; empty is no group.
    package var group: ByteString?
    /// It is started with the others, and runs.
    package var isEnabled: Bool
    /// Where it is to be made, by parameter; others are derived from the name.
    package var directories: [ByteString: ByteString]
    /// The parameters that the blueprint owns, in the order in which new ones are written.
    package var settings: [OwnedSetting]
    /// The services that the blueprint owns.
    package var services: [OwnedService]
    /// Services that must not be there.
    package var absentServices: [ServicePattern]
    package var tables: [DesiredTable]
    /// The content filter that all mail goes through; nobody starts it with the instances.
    package var filter: ByteString?
    package var places: Places

    /// Where in the file things are asked for, as lines counted from 1.
    package struct Places: Hashable, Sendable {
        package var instance: Int
        package var settings: [ByteString: Int] = [:]
        package var services: [ServicePattern: Int] = [:]
        package var tables: [ByteString: Int] = [:]
        package var listeners: Int?

        package init(instance: Int) { self.instance = instance }

        /// The line that answers for a parameter, or for the instance as a whole.
        package func line(of parameter: ByteString?) -> Int {
            parameter.flatMap { settings[$0] } ?? instance
        }
    }

    package init(name: ByteString, role: ByteString = "plain", line: Int) {
        self.name = name
        self.role = role
        isEnabled = true
        directories = [:]
        settings = []
        services = []
        absentServices = []
        tables = []
        places = Places(instance: line)
    }

    /// True for the instance of the default configuration directory.
    package var isPrimary: Bool { name == "-" }
}

/// A file of the configuration directory beside main.cf and master.cf: mostly a lookup table.
package struct DesiredTable: Hashable, Sendable {
    /// The name of the file.
    package var name: ByteString
    package var source: Source

    /// Where its content comes from.
    package enum Source: Hashable, Sendable {
        case text(ByteString)
        /// A file that is copied.
        case file(ByteString)
    }

    package init(name: ByteString, source: Source) {
        self.name = name
        self.source = source
    }
}
