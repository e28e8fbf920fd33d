// Check syslog-name-ambiguous: log lines that do not tell whose they are.

import Bytes
import PostfixFormats

extension Check {
    static let syslogNameAmbiguous = Check(
        id: "syslog-name-ambiguous", title: "Log lines do not tell whose they are",
        severity: .warning, reference: "postconf(5) syslog_name",
        why: """
            The syslog_name is all that tells the lines of one instance from those of another. \
            Two instances with one name, or a service of a secondary whose -o syslog_name leaves \
            the instance out, log as if they were somebody else. The relay service of the \
            master.cf that came with Postfix up to 3.9 does that.
            """,
        example: """
            relay     unix  -       -       y       -       -       smtp
                    -o syslog_name=postfix/$service_name
            """,
        mend: "postconf -c /etc/postfix-out -P relay/unix/syslog_name=postfix-out/relay"
    ) { snapshot in
        var owners: [ByteString: InstanceSnapshot] = [:]
        var sightings: [Sighting] = []
        for instance in snapshot.enabled {
            guard let name = instance.value("syslog_name"), !isNameless(instance)
            else { continue }
            if let owner = owners[name] {
                sightings.append(shared(name, by: instance, owner))
            } else {
                owners[name] = instance
            }
            if !instance.isPrimary { sightings += leavingOut(name, instance) }
        }
        return sightings
    }

    /// True if instance-nameless says it all.
    private static func isNameless(_ instance: InstanceSnapshot) -> Bool {
        !instance.isPrimary && instance.instance?.name == nil && !instance.sets("syslog_name")
    }

    private static func shared(
        _ name: ByteString, by instance: InstanceSnapshot, _ owner: InstanceSnapshot
    ) -> Sighting {
        let own = instance.instance?.name?.text
        return Sighting(
            of: [owner, instance], at: instance.place(of: "syslog_name"),
            "\(instance.name) and \(owner.name) both log as \(name)",
            mend: own == nil || own == name
                ? nil : instance.setting("syslog_name", "$multi_instance_name"))
    }

    private static func leavingOut(
        _ name: ByteString, _ instance: InstanceSnapshot
    ) -> [Sighting] {
        instance.activeServices.compactMap { entry in
            guard entry.service.parameters.contains(where: { $0.name == "syslog_name" }),
                let own = instance.value("syslog_name", in: entry), !own.hasPrefix(name),
                isUsed(entry.service, by: instance)
            else { return nil }
            return Sighting(
                of: [instance], at: instance.place(of: "syslog_name", in: entry),
                "the service \(entry.service[.service]) of \(instance.name) logs as \(own), "
                    + "without \(name)",
                mend: instance.setting(
                    "syslog_name", "\(name)/$service_name", of: entry))
        }
    }

    /// True if a service certainly has something to log; a delivery agent has if main.cf names it.
    private static func isUsed(
        _ service: MasterService, by instance: InstanceSnapshot
    ) -> Bool {
        let agents: Set<ByteString> = [
            "smtp", "lmtp", "pipe", "local", "virtual", "error", "discard",
        ]
        guard service[.type] == "unix", agents.contains(service[.command]) else { return true }
        let parameters: [ByteString] = [
            "default_transport", "relay_transport", "local_transport", "virtual_transport",
            "mailbox_transport", "fallback_transport", "content_filter",
        ]
        return parameters.contains { parameter in
            let transport = (instance.value(parameter) ?? "").bytes.prefix { $0 != 0x3A }
            return transport.elementsEqual(service[.service].bytes)
        }
    }
}
