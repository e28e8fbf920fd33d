// All instances of a host, in their order, the broken ones among them.

import Bytes
import Instances
import Testing

@Suite struct `A set of instances` {
    @Test func `begins with the primary and keeps the order of registration`() throws {
        let set = try instanceSet(of: [secondary("postfix-b"), secondary("postfix-a")])
        #expect(
            set.usable.map(\.configDirectory)
                == ["/etc/postfix", "/etc/postfix-b", "/etc/postfix-a"])
        #expect(set.registeredDirectories == ["/etc/postfix-b", "/etc/postfix-a"])
        #expect(set.broken.isEmpty)
    }

    @Test(arguments: [true, false])
    func `of the primary alone counts it as enabled`(isAlone: Bool) throws {
        var primary = primaryExample
        primary.isEnabled = false
        let set = try InstanceSet(primary: primary, claims: Claims(), isAlone: isAlone)
        #expect(set.primary.isEnabled == isAlone)
    }

    @Test func `keeps broken instances at their place`() throws {
        let set = try instanceSet([
            .instance(secondary("postfix-a")), .broken(broken("/etc/postfix-b")),
            .instance(secondary("postfix-c")),
        ])
        #expect(
            set.registeredDirectories == ["/etc/postfix-a", "/etc/postfix-b", "/etc/postfix-c"])
        #expect(set.usable.count == 3)
        #expect(set.broken == [broken("/etc/postfix-b")])
    }

    @Test func `takes an instance that conflicts for broken, and the first stays usable`() throws {
        var late = secondary("postfix-b")
        late.queueDirectory = "/var/spool/postfix-a"
        let set = try instanceSet(of: [secondary("postfix-a"), late, secondary("postfix-c")])
        #expect(set.usable.count == 3)
        guard case .conflict(let conflict)? = set.broken.first?.reason else {
            Issue.record("\(set.broken)")
            return
        }
        #expect(conflict.claimant.configDirectory == "/etc/postfix-b")
        #expect(conflict.owner.configDirectory == "/etc/postfix-a")
        #expect(conflict.value == "/var/spool/postfix-a")
    }

    @Test func `takes the second of two equal registrations once more`() throws {
        // The stock program lists it twice, too: what is claimed is the same, by the same.
        let set = try instanceSet(of: [secondary("postfix-a"), secondary("postfix-a")])
        #expect(set.usable.count == 3)
    }

    @Test func `refuses a primary that conflicts with shared directories`() throws {
        var claims = Claims()
        try claims.claim(
            "/var/lib/postfix", parameter: "daemon_directory", configDirectory: "/etc/postfix")
        #expect(throws: Claims.Conflict.self) {
            try InstanceSet(primary: primaryExample, claims: claims, isAlone: true)
        }
    }

    @Test func `takes a new instance in at its place and lets one go`() throws {
        var set = try instanceSet(of: [secondary("postfix-a"), secondary("postfix-c")])
        try set.insert(secondary("postfix-b"), at: 1)
        #expect(
            set.registeredDirectories == ["/etc/postfix-a", "/etc/postfix-b", "/etc/postfix-c"])
        #expect(throws: Claims.Conflict.self) {
            var twin = secondary("postfix-b")
            twin.configDirectory = "/etc/twin"
            try set.insert(twin, at: 0)
        }
        set.remove("/etc/postfix-a")
        #expect(set.registeredDirectories == ["/etc/postfix-b", "/etc/postfix-c"])
    }
}
