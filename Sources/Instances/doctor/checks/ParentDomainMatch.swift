// Check parent-domain-match: domains that match more than they say.

import Bytes

extension Check {
    static let parentDomainMatch = Check(
        id: "parent-domain-match", title: "Relay domains match their sub-domains too",
        severity: .note, reference: "postconf(5) parent_domain_matches_subdomains",
        why: """
            With the default parent_domain_matches_subdomains, example.com in relay_domains means \
            all hosts below it as well. On an instance that relays for a list of domains it is \
            better empty, and sub-domains that are meant are listed as .example.com.
            """,
        example: "relay_domains = example.com",
        mend: """
            parent_domain_matches_subdomains =
            relay_domains = example.com, .example.com
            """
    ) { snapshot in
        snapshot.enabledSecondaries.filter { instance in
            // Tables and files hold names that are not known here.
            let names = instance.list("relay_domains").filter { name in
                !name.contains(0x3A) && !name.contains(0x2F) && !name.hasPrefix(".")
            }
            return instance.sets("relay_domains") && !names.isEmpty
                && instance.list("parent_domain_matches_subdomains").contains("relay_domains")
        }.map { instance in
            Sighting(
                of: [instance], at: instance.place(of: "parent_domain_matches_subdomains"),
                "\(instance.name) relays for all sub-domains of its relay_domains",
                mend: instance.setting("parent_domain_matches_subdomains", ""))
        }
    }
}
