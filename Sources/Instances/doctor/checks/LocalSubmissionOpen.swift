// Check local-submission-open: a secondary that everybody on the host may hand mail to.

import Bytes

extension Check {
    static let localSubmissionOpen = Check(
        id: "local-submission-open", title: "A secondary takes local mail from everybody",
        severity: .warning, reference: "MULTI_INSTANCE_README, the default Postfix instance",
        why: """
            Mail of this host's own programs belongs to the primary. A secondary with the default \
            authorized_submit_users takes it too, from any user with sendmail -C, and so past \
            whatever filter or listener was to guard it.
            """,
        example: "/etc/postfix-out/main.cf does not set authorized_submit_users",
        mend: "postconf -c /etc/postfix-out -e 'authorized_submit_users = root'"
    ) { snapshot in
        snapshot.enabledSecondaries.filter { instance in
            instance.list("authorized_submit_users").contains("static:anyone")
        }.map { instance in
            Sighting(
                of: [instance], at: instance.place(of: "authorized_submit_users"),
                "every user of this host may hand mail to \(instance.name)",
                mend: instance.setting("authorized_submit_users", "root"))
        }
    }
}
