// Where an instance is told to listen.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `Listeners` {
    private static let names = ServiceNames(
        "smtp 25/tcp mail # comment\nsubmission\t587/tcp\ndomain 53/udp\n# x 1/tcp\n")

    private func sockets(_ mainCF: ByteString, _ masterCF: ByteString) -> [String] {
        listeners(mainCF, masterCF).flatMap(\.sockets).map { "\($0.address) \($0.port)" }
    }

    private func listeners(_ mainCF: ByteString, _ masterCF: ByteString) -> [Listener] {
        let parameters = ParameterView(
            mainCF: MainCF(mainCF), configDirectory: "/etc/postfix",
            defaults: ParameterDefaults("inet_interfaces = all\ninet_protocols = all\n"),
            hostName: "mail.example.com")
        let host = ["127.0.0.1", "::1", "192.0.2.1"].compactMap { IPAddress($0) }
        return ListenerReader(serviceNames: Self.names, hostAddresses: host)
            .listeners(parameters, MasterCF(masterCF))
    }

    private let smtp: ByteString = "smtp inet n - y - - smtpd\n"

    @Test func `are on all addresses by default`() {
        #expect(sockets("", smtp) == ["0.0.0.0 25", ":: 25"])
    }

    @Test func `keep to the protocols in use`() {
        #expect(sockets("inet_protocols = ipv4\n", smtp) == ["0.0.0.0 25"])
        #expect(sockets("inet_protocols = ipv6\n", smtp) == [":: 25"])
    }

    @Test func `keep to the interfaces named`() {
        #expect(
            sockets("inet_interfaces = 192.0.2.1, [2001:db8::1]\n", smtp)
                == ["192.0.2.1 25", "2001:db8::1 25"])
        #expect(
            sockets("inet_interfaces = loopback-only\n", smtp) == ["127.0.0.1 25", "::1 25"])
    }

    @Test func `of a service with an address are there only`() {
        let service: ByteString =
            "127.0.0.1:10026 inet n - n - - smtpd\n[::1]:mail inet n - n - - x\n"
        #expect(sockets("inet_interfaces = 192.0.2.1\n", service) == ["127.0.0.1 10026", "::1 25"])
    }

    @Test func `on a name are unknown, not guessed`() {
        let found = listeners(
            "inet_interfaces = mx.example.com\n", smtp + "imap inet n - n - - x\n")
        #expect(
            found.map { $0.addresses.reason }
                == Array(repeating: found[0].addresses.reason, count: 2))
        #expect(found[0].addresses.reason == "mx.example.com is a name, not an address")
        #expect(found[1].port.reason == "imap is not in /etc/services")
    }

    @Test(arguments: [
        ("inet", 0), ("INET", 0), ("smtp/inet", 0), ("smtp.inet", 0), ("!smtp/inet inet", 1),
        ("unix", 1), ("!!inet", 0), ("25/inet", 1), ("smtp", 1),
    ])
    func `are not of services that are switched off`(_ disabled: String, _ count: Int) {
        let mainCF: ByteString = "master_service_disable = \(disabled)\n"
        #expect(listeners(mainCF, smtp).count == count)
    }
}
