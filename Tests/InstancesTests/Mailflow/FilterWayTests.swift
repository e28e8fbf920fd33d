// The way of mail through a content filter whose configuration is known.

import Bytes
import Instances
import Testing

@Suite struct `A content filter that is known` {
    private func snapshot(listen: ByteString, nextHop: ByteString) -> Snapshot {
        var snapshot = borderMailServer()
        snapshot.host.contentFilter = .known(
            ContentFilter(
                listen: [listen].compactMap { NextHop(destination: $0) },
                nextHop: NextHop(destination: nextHop)))
        return snapshot
    }

    private func ways(_ snapshot: Snapshot) -> [String] {
        let topology = Topology(snapshot, flow(snapshot))
        return topology.edges.map { edge in
            let (source, target) = (topology.nodes[edge.source], topology.nodes[edge.target])
            return "\(source.title) \(edge.label)\(edge.isAssumed ? "?" : "") \(target.title)"
        }
    }

    @Test(arguments: ["127.0.0.1:10025", "localhost:10025", "0.0.0.0:10025"])
    func `hands mail to the instance of its next hop`(listen: ByteString) {
        let snapshot = snapshot(listen: listen, nextHop: "127.0.0.1:10026")
        #expect(flow(snapshot).returns == [2: [1]])
        #expect(
            ways(snapshot).contains(
                "postfix-in default_transport, relay_transport postilion-filter"))
        #expect(ways(snapshot).contains("postilion-filter next_hop postfix-out"))
        #expect(!ways(snapshot).contains { $0.contains("re-injection") })
    }

    @Test(arguments: ["[hub.example.com]:25", "127.0.0.1:2525", "unix:/run/next"])
    func `gives nothing back that it hands to somebody else`(nextHop: ByteString) {
        let snapshot = snapshot(listen: "127.0.0.1:10025", nextHop: nextHop)
        #expect(flow(snapshot).returns == [:])
        #expect(flow(snapshot).sinks(of: 2) == [])
        #expect(ways(snapshot).contains { $0.hasPrefix("postilion-filter next_hop ") })
    }

    @Test(arguments: ["127.0.0.1:10035", "127.0.0.2:10025", "filter.example.com:10025"])
    func `is not in a way that leads elsewhere`(listen: ByteString) {
        let snapshot = snapshot(listen: listen, nextHop: "127.0.0.1:10026")
        #expect(ways(snapshot).contains("127.0.0.1:10025 re-injection? postfix-out"))
    }

    @Test func `runs or does not`() throws {
        var snapshot = snapshot(listen: "127.0.0.1:10025", nextHop: "127.0.0.1:10026")
        func kind(_ snapshot: Snapshot) -> Topology.Kind? {
            Topology(snapshot, flow(snapshot)).nodes.first { $0.title == "postilion-filter" }?.kind
        }
        #expect(kind(snapshot) == .nothing)
        let address = try #require(IPAddress("127.0.0.1"))
        snapshot.listeningSockets = .known([ListeningSocket(address: address, port: 10025)])
        #expect(kind(snapshot) == .filter)
    }

    @Test func `leaves the others to be guessed, but not where it hands mail itself`() {
        var snapshot = InstancesTests.snapshot([
            FlowExample(
                name: "postfix", mainCF: "default_transport = smtp:[127.0.0.1]:10025\n"),
            FlowExample(
                name: "postfix-a", mainCF: "inet_interfaces = loopback-only\n",
                masterCF: "10026 inet n - y - - smtpd\n"),
            FlowExample(
                name: "postfix-b", mainCF: "default_transport = smtp:[127.0.0.1]:10035\n"),
            FlowExample(
                name: "postfix-c", mainCF: "inet_interfaces = loopback-only\n",
                masterCF: "10036 inet n - y - - smtpd\n"),
        ])
        #expect(flow(snapshot).returns == [0: [1, 3], 2: [1, 3]])
        snapshot.host.contentFilter = .known(
            ContentFilter(
                listen: [NextHop(destination: "127.0.0.1:10025")].compactMap { $0 },
                nextHop: NextHop(destination: "127.0.0.1:10026")))
        #expect(flow(snapshot).returns == [0: [1], 2: [3]])
    }

    @Test func `is a broken place if its configuration cannot be read`() {
        var snapshot = borderMailServer()
        snapshot.host.contentFilter = .unknown(reason: "no good")
        let node = Topology(snapshot, flow(snapshot)).nodes.first { $0.kind == .broken }
        #expect(node?.title == "/etc/postilion/filter.toml")
        #expect(node?.details == ["no good"])
        #expect(flow(snapshot).returns == [2: [1]])
    }
}
