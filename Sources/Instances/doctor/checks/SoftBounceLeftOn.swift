// Check soft-bounce-left-on: a setting for the first hours that stayed.

import Bytes

extension Check {
    static let softBounceLeftOn = Check(
        id: "soft-bounce-left-on", title: "soft_bounce was left on", severity: .warning,
        reference: "postconf(5) soft_bounce",
        why: """
            soft_bounce makes a temporary refusal of every final one. That saves mail while an \
            instance is being set up. Later, mail that can never be delivered stays in the queue \
            for days before its sender hears of it, and refused clients come back all the time.
            """,
        example: "soft_bounce = yes",
        mend: "postconf -c /etc/postfix-in -X soft_bounce, then reload"
    ) { snapshot in
        snapshot.enabled.filter { $0.isYes("soft_bounce") }.map { instance in
            Sighting(
                of: [instance], at: instance.place(of: "soft_bounce"),
                "\(instance.name) has soft_bounce = yes, a setting for tests",
                mend: instance.resetting("soft_bounce"))
        }
    }
}
