// Check unit-disagrees: an instance that systemd does not know to be running, or will not start.

import Bytes

extension Check {
    static let unitDisagrees = Check(
        id: "unit-disagrees", title: "systemd and the instance disagree", severity: .warning,
        reference: "systemd.unit(5), postconf(5) multi_instance_enable",
        why: """
            A master(8) that was started by hand belongs to the session of that person: systemd \
            shows its unit as stopped, restarts do not reach it, and at shutdown it may be killed \
            before its queue is tidy. One that runs though its instance is not enabled is gone \
            after the next boot.
            """,
        example: "postfix -c /etc/postfix-out start, typed in a session",
        mend: "postmulti -i postfix-out -p stop && systemctl start postfix@postfix-out"
    ) { snapshot in
        guard snapshot.host.hasSystemd else { return [] }
        return snapshot.usable.compactMap { instance -> Sighting? in
            guard case .running(let process, _) = instance.process.value,
                case .known(let unit) = instance.facts.unit
            else { return nil }
            let directory = instance.directory.quotedForShell
            if !instance.isEnabled {
                return Sighting(
                    of: [instance], at: instance.place(of: "multi_instance_enable"),
                    "\(instance.name) runs as process \(process), but is not enabled: "
                        + "the next boot will not start it",
                    mend: "postmulti -i \(directory) -e enable")
            }
            if let unit, unit.hasSuffix(".service") { return nil }
            let service: ByteString = "postfix@\(instance.instance?.name?.text ?? "-")"
            let place = unit.map { "in \($0)" as ByteString } ?? "in no unit at all"
            return Sighting(
                of: [instance], at: Finding.Place(file: instance.directory),
                "\(instance.name) runs as process \(process) \(place), not in a service of systemd",
                mend: "postfix -c \(directory) stop && systemctl start "
                    + service.quotedForShell)
        }
    }
}
