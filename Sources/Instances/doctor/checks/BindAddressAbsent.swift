// Check bind-address-absent: an address in the configuration that this host does not have.

import Bytes
import PostfixFormats

extension Check {
    static let bindAddressAbsent = Check(
        id: "bind-address-absent", title: "The host does not have an address",
        severity: .error, reference: "postconf(5) smtp_bind_address, inet_interfaces",
        why: """
            A listener on an address that no interface has keeps the whole instance from \
            starting. With such an smtp_bind_address, mail leaves from some other address, with \
            a warning in the log for each connection: past the reputation, SPF record and \
            reverse name that the address was for.
            """,
        example: "smtp_bind_address = 203.0.113.99, which ip address does not list",
        mend: "Bring the address up, or name one that ip -brief address shows."
    ) { snapshot in
        guard let texts = snapshot.hostAddresses.value, !snapshot.host.usesForeignAddresses
        else { return [] }
        let own = Set(texts.compactMap { IPAddress($0) })
        func isAbsent(_ address: IPAddress) -> Bool {
            let address = address.unmapped
            return !address.isWildcard && !address.isLoopback && !own.contains(address)
        }
        return snapshot.enabled.flatMap { instance in
            absentListeners(instance, isAbsent) + absentSources(instance, isAbsent)
        }
    }

    private static func absentListeners(
        _ instance: InstanceSnapshot, _ isAbsent: (IPAddress) -> Bool
    ) -> [Sighting] {
        var said: Set<IPAddress> = []
        return instance.listeners.compactMap { listener in
            guard let address = listener.addresses.value?.first(where: isAbsent),
                said.insert(address).inserted
            else { return nil }
            return Sighting(
                of: [instance], at: instance.place(inMaster: listener.line),
                "\(instance.name) is to listen on \(address.description), "
                    + "which this host does not have",
                mend: "ip -brief address")
        }
    }

    private static func absentSources(
        _ instance: InstanceSnapshot, _ isAbsent: (IPAddress) -> Bool
    ) -> [Sighting] {
        var said: Set<Finding.Place> = []
        var sightings: [Sighting] = []
        for entry in instance.activeServices where entry.service[.command] == "smtp" {
            for parameter: ByteString in ["smtp_bind_address", "smtp_bind_address6"] {
                let place = instance.place(of: parameter, in: entry)
                guard let value = instance.value(parameter, in: entry),
                    let address = IPAddress(value), isAbsent(address),
                    said.insert(place).inserted
                else { continue }
                sightings.append(
                    Sighting(
                        of: [instance], at: place,
                        "\(instance.name) is to send from \(address.description), "
                            + "which this host does not have",
                        mend: "ip -brief address"))
            }
        }
        return sightings
    }
}
