// Which unit of the service manager stands for which instance, systemd.unit(5).

package import Bytes
package import HostAccess
package import Instances

/// The units of this host's Postfix instances.
package struct ServiceUnits: Hashable, Sendable {
    /// There is a unit template for instances by name.
    private let hasTemplate: Bool
    /// The unit of the primary, or nil if it has none.
    private let primaryUnit: ByteString?

    /// Where unit files are, the first one counts.
    private static let places: [ByteString] = [
        "/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system",
        "/lib/systemd/system",
    ]

    /// Looks for units; nil if systemd does not run this host.
    package init?(_ files: any FileReading) {
        // What cannot be looked at is not there for us; postfix(1) is asked then.
        guard (try? files.status(of: "/run/systemd/system", followingLinks: true)) != nil else {
            return nil
        }
        hasTemplate = Self.text(of: "postfix@.service", files) != nil
        if let text = Self.text(of: "postfix.service", files) {
            // Older packages have a unit for all that does nothing, and one for each instance.
            let isEmpty = text.split { $0 == 0x0A }.contains("ExecStart=/bin/true")
            primaryUnit = isEmpty ? (hasTemplate ? "postfix@-.service" : nil) : "postfix.service"
        } else {
            primaryUnit = nil
        }
    }

    /// The unit of an instance, or nil if it has none.
    package func unit(of member: InstanceSet.Member) -> ByteString? {
        guard case .instance(let instance) = member else { return nil }
        if instance.isPrimary { return primaryUnit }
        guard hasTemplate, let name = instance.name else { return nil }
        return "postfix@\(name.text).service"
    }

    /// The text of the unit file that counts.
    private static func text(of unit: ByteString, _ files: any FileReading) -> ByteString? {
        for place in places {
            // 1 MiB: unit files have some hundred lines.
            if let contents = try? files.read("\(place)/\(unit)", limitBytes: 1 << 20) {
                return ByteString(contents.bytes)
            }
        }
        return nil
    }
}
