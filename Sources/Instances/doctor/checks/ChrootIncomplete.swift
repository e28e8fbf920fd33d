// Check chroot-incomplete: a jailed service without the files that it needs there.

import Bytes
import PostfixFormats

extension Check {
    static let chrootIncomplete = Check(
        id: "chroot-incomplete", title: "A jail lacks files of the system", severity: .warning,
        reference: "BASIC_CONFIGURATION_README, the section on chroot",
        why: """
            A service with "y" in the chroot column sees the queue directory as its root. Without \
            etc/resolv.conf and the like there, it finds no names of hosts and ports: mail is \
            deferred with "Host or domain name not found". Debian's units copy the files at each \
            start; an instance that was started in another way has none.
            """,
        example: """
            smtp unix - - y - - smtp, and no /var/spool/postfix-out/etc/resolv.conf
            """,
        mend: """
            Let the distribution's own start script copy the files, or set the services free: \
            postconf -c /etc/postfix-out -F '*/*/chroot = n'
            """
    ) { snapshot in
        snapshot.enabled.compactMap { instance in
            let isRunning = if case .running = instance.process.value { true } else { false }
            // What will be filled at the start need not be there before.
            guard isRunning || snapshot.host.jailFiller == nil,
                let missing = instance.facts.missingInJail.value, !missing.isEmpty,
                let entry = instance.activeServices.first(where: needsFiles)
            else { return nil }
            let service = entry.service.label
            return Sighting(
                of: [instance], at: instance.place(inMaster: entry.firstLine),
                "the service \(service) of \(instance.name) is jailed in a directory without "
                    + missing.joined(by: ", "),
                mend: "postconf -c \(instance.directory.quotedForShell) -F '*/*/chroot = n'")
        }
    }

    /// True for jailed services that look up names.
    private static func needsFiles(_ entry: MasterCF.Entry) -> Bool {
        entry.service[.chroot] == "y"
            && ["smtp", "lmtp", "smtpd"].contains(entry.service[.command])
    }
}
