// Every check fires on its broken fixture, on nothing else, and not on hosts that are all right.

import Bytes
import Instances
import TestSupport
import Testing

@Suite struct Checks {
    @Test func `find nothing wrong with the border mail server`() throws {
        #expect(try BorderServer().findings() == [])
    }

    @Test func `find nothing wrong with a Debian host as it is installed`() throws {
        #expect(try BorderServer.debian().findings() == [])
    }

    @Test(arguments: Fixture.all)
    func `fire on their own mistake and on no other`(_ fixture: Fixture) throws {
        var server = BorderServer()
        fixture.breaking(&server)
        let findings = try server.findings()
        #expect(Set(findings.map(\.id)) == [fixture.id])
        let found = try #require(findings.first)
        #expect(found.instances == fixture.instances)
        #expect(found.place.file == fixture.file)
        #expect(found.message.text.contains(fixture.says), "\(found.message.text)")
        #expect(found.severity == fixture.severity ?? Checkup.check(fixture.id)?.severity)
    }

    @Test func `say nothing of what the one who looks may not see`() throws {
        var server = BorderServer()
        server.memory.files.remove("/etc/postfix-out/main.cf")
        server.adjust = { snapshot in
            snapshot.host.isSeenByRoot = false
            snapshot.instances[1].member = .broken(
                BrokenInstance(
                    configDirectory: "/etc/postfix-out",
                    reason: .unreadable(path: mainOut, reason: "Permission denied")))
        }
        #expect(try server.findings() == [])
    }

    @Test func `do not guess whether a listener with a name for its address is the one`() throws {
        let server = BorderServer()
        server.set("postfix", "relayhost = [192.0.2.1]")
        #expect(try server.findings().map(\.id) == ["next-hop-dead"])
        server.set("postfix-out", "inet_interfaces = inside.example.com, 127.0.0.1")
        server.addService("postfix-out", "smtp inet n - n - - smtpd")
        #expect(!(try server.findings().map(\.id).contains("next-hop-dead")))
    }

    @Test func `take an address that another host may hand over for present`() throws {
        let server = BorderServer()
        server.set("postfix-out", "smtp_bind_address = 203.0.113.98")
        server.memory.files.addFile("/proc/sys/net/ipv4/ip_nonlocal_bind", "1\n")
        #expect(try server.findings() == [])
    }

    @Test func `have a fixture each`() {
        #expect(
            Set(Checkup.all.map(\.id)).subtracting(Fixture.all.map(\.id)) == [])
    }

    @Test func `have an id of their own, and a whole page`() {
        #expect(Set(Checkup.all.map(\.id)).count == Checkup.all.count)
        for check in Checkup.all {
            #expect(check.id.bytes.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D })
            for text in [check.title, check.why, check.example, check.mend, check.reference] {
                #expect(!text.isEmpty, "\(check.id)")
            }
        }
    }
}

/// One mistake, and what is to be said of it.
struct Fixture: Sendable, CustomTestStringConvertible {
    let id: ByteString
    /// Whom the finding concerns.
    let instances: [ByteString]
    let file: ByteString?
    /// A part of the message.
    let says: String
    /// How bad it is, if not as the check says.
    let severity: Finding.Severity?
    let breaking: @Sendable (inout BorderServer) -> Void

    init(
        _ id: ByteString, _ instances: [ByteString], at file: ByteString?, says: String,
        _ severity: Finding.Severity? = nil,
        _ breaking: @escaping @Sendable (inout BorderServer) -> Void
    ) {
        self.id = id
        self.instances = instances
        self.file = file
        self.says = says
        self.severity = severity
        self.breaking = breaking
    }

    var testDescription: String { "\(id): \(says)" }

    static let all =
        registryFixtures + listenerFixtures + flowFixtures + valueFixtures + surroundingsFixtures
        + certificateFixtures
}

let mainOut: ByteString = "/etc/postfix-out/main.cf"
let mainIn: ByteString = "/etc/postfix-in/main.cf"
let mainPrimary: ByteString = "/etc/postfix/main.cf"
