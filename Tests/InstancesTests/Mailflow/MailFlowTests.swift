// The graph of next hops, the order in which instances start, and the picture's places and ways.

import Bytes
import Instances
import Testing

@Suite struct `A next hop` {
    @Test(
        arguments: [
            ("[127.0.0.1]:10025", "127.0.0.1", "10025", true),
            ("mailhub.example.com", "mailhub.example.com", nil, false),
            ("[mailhub.example.com]", "mailhub.example.com", nil, true),
            ("example.com:submission", "example.com", "submission", false),
            ("[::1]:25", "::1", "25", true), ("inet:localhost:24", "localhost", "24", false),
        ] as [(String, String, String?, Bool)])
    func `is read as Postfix reads it`(
        _ text: String, _ host: String, _ port: String?, _ isLiteral: Bool
    ) {
        let expected = NextHop(
            transport: nil, host: ByteString(host), port: port.map { ByteString($0) },
            isLiteral: isLiteral)
        #expect(NextHop(destination: ByteString(text)) == expected)
    }

    @Test(arguments: ["", "unix:private/dovecot-lmtp", "[]:25", "[::1", "::1"])
    func `is nothing else`(_ text: String) {
        #expect(NextHop(destination: ByteString(text)) == nil)
    }

    @Test func `comes with its transport`() {
        #expect(
            NextHop(transportAndDestination: "scan:[127.0.0.1]:10025")
                == NextHop(transport: "scan", host: "127.0.0.1", port: "10025", isLiteral: true))
        #expect(NextHop(transportAndDestination: "smtp") == nil)
        #expect(NextHop(transportAndDestination: "smtp:") == nil)
    }
}

@Suite struct `The mail flow` {
    private func edges(_ snapshot: Snapshot) -> [String] {
        flow(snapshot).edges.map { edge in
            let target =
                switch edge.target {
                case .instance(let index, _): "\(index)"
                case .process(let socket): "process \(socket)"
                case .nothing(let socket): "nothing \(socket)"
                case .elsewhere: "elsewhere"
                }
            let place = edge.service.map { " of \($0)" } ?? ""
            return "\(edge.source) \(edge.parameter)\(place) \(edge.nextHop.destination) \(target)"
        }
    }

    @Test func `of a border mail server goes through its filter`() throws {
        let snapshot = borderMailServer()
        #expect(
            edges(snapshot) == [
                "0 relayhost [mailhub.example.com] elsewhere",
                "1 relay_transport [mailhub.example.com] elsewhere",
                "2 default_transport [127.0.0.1]:10025 nothing 127.0.0.1:10025",
                "2 relay_transport [127.0.0.1]:10025 nothing 127.0.0.1:10025",
            ])
        // The output gives the rest of the world its mail itself.
        #expect(flow(snapshot).sendersByDNS == [1])
        // The filter that does not run yet would give mail back to the output.
        #expect(flow(snapshot).sinks(of: 2) == [1])
        #expect(flow(snapshot).sinks(of: 0) == [])
    }

    @Test func `finds the process that listens`() throws {
        var snapshot = borderMailServer()
        let filter = ListeningSocket(
            address: try #require(IPAddress("127.0.0.1")), port: 10025)
        snapshot.listeningSockets = .known([filter])
        #expect(edges(snapshot).contains { $0.hasSuffix("process 127.0.0.1:10025") })
    }

    @Test func `goes straight to an instance without a filter`() {
        let snapshot = borderMailServer(nextHop: "smtp:[127.0.0.1]:10026")
        #expect(edges(snapshot).last == "2 relay_transport [127.0.0.1]:10026 1")
        #expect(flow(snapshot).returns == [:])
    }

    @Test func `follows settings of single services`() {
        let snapshot = snapshot([
            FlowExample(
                name: "postfix", mainCF: "filter = smtp:[127.0.0.1]:10025\n",
                masterCF: """
                    smtp inet n - y - - smtpd -o content_filter=$filter
                    submission inet n - y - - smtpd -o smtpd_proxy_filter=127.0.0.1:10027
                    10026 inet n - y - - smtpd -o content_filter=
                    """)
        ])
        #expect(
            edges(snapshot) == [
                "0 content_filter of smtp/inet [127.0.0.1]:10025 nothing 127.0.0.1:10025",
                "0 smtpd_proxy_filter of submission/inet 127.0.0.1:10027 nothing 127.0.0.1:10027",
            ])
    }

    @Test func `takes local addresses for the instances that listen there`() {
        let snapshot = snapshot([
            FlowExample(name: "postfix", mainCF: "relayhost = [203.0.113.7]\n"),
            FlowExample(
                name: "postfix-a", mainCF: "default_transport = lmtp:localhost\n",
                masterCF: "smtp inet n - y - - smtpd\n", isEnabled: false),
            FlowExample(
                name: "postfix-b", mainCF: "", masterCF: "0.0.0.0:25 inet n - y - - smtpd\n"),
        ])
        // Of two that claim the port, the enabled one.
        #expect(
            edges(snapshot) == [
                "0 relayhost [203.0.113.7] 2", "1 default_transport localhost nothing 127.0.0.1:24",
            ])
    }

    @Test func `starts sinks before sources`() {
        let snapshot = borderMailServer()
        #expect(StartOrder([0, 1, 2], flow(snapshot)).waves == [[0, 1], [2]])
        #expect(StartOrder([0, 2], flow(snapshot)).waves == [[0, 2]])
        #expect(StartOrder([], flow(snapshot)).waves == [])
    }

    @Test func `in a circle begins with the first one`() {
        let snapshot = snapshot([
            FlowExample(
                name: "postfix", mainCF: "relayhost = [127.0.0.1]:26\n",
                masterCF: "25 inet n - y - - smtpd\n"),
            FlowExample(
                name: "postfix-a", mainCF: "relayhost = [127.0.0.1]:25\n",
                masterCF: "26 inet n - y - - smtpd\n"),
        ])
        #expect(StartOrder([0, 1], flow(snapshot)).waves == [[0], [1]])
    }

    @Test func `is a picture of places and ways`() {
        let snapshot = borderMailServer()
        let topology = Topology(snapshot, flow(snapshot))
        #expect(
            topology.nodes.map(\.title) == [
                "-", "postfix-out", "postfix-in", "[mailhub.example.com]", "127.0.0.1:10025",
                "Internet",
            ])
        #expect(
            topology.edges.map { "\($0.source) \($0.target) \($0.label)" } == [
                "0 3 relayhost", "1 3 relay_transport",
                "2 4 default_transport, relay_transport", "4 1 re-injection", "1 5 MX lookup",
            ])
        #expect(topology.edges.map(\.isAssumed) == [false, false, false, true, false])
        #expect(topology.roots == [0, 2])
        #expect(topology.nodes[1].details == ["smtpd on 127.0.0.1:10026"])
        #expect(topology.nodes[2].details == ["smtpd on 203.0.113.7:25"])
    }
}
