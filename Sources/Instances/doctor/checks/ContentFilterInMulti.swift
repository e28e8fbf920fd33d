// Check content-filter-in-multi: a switch for one instance where there are several.

import Bytes

extension Check {
    static let contentFilterInMulti = Check(
        id: "content-filter-in-multi", title: "content_filter where a transport would do",
        severity: .note, reference: "MULTI_INSTANCE_README, the input instance",
        why: """
            content_filter was made for one instance that mail passes twice. With an instance of \
            its own before the filter, default_transport says the same, can be overridden by a \
            transport table for some users or domains, and needs no settings that switch the \
            filter off again.
            """,
        example: "/etc/postfix-in/main.cf:  content_filter = smtp:[127.0.0.1]:10025",
        mend: """
            default_transport = smtp:[127.0.0.1]:10025, relay_transport = $default_transport, \
            virtual_transport = $default_transport, and content_filter unset
            """
    ) { snapshot in
        snapshot.enabledSecondaries.compactMap { instance in
            guard let filter = instance.value("content_filter"), !filter.isEmpty,
                instance.sets("content_filter")
            else { return nil }
            let settings: [ByteString] = [
                "default_transport = \(filter)", "relay_transport = $default_transport",
                "virtual_transport = $default_transport", "content_filter =",
            ]
            return Sighting(
                of: [instance], at: instance.place(of: "content_filter"),
                "\(instance.name) uses content_filter, where default_transport would do",
                mend: "postconf -c \(instance.directory.quotedForShell) -e "
                    + settings.map(\.quotedForShell).joined(by: " "))
        }
    }
}
