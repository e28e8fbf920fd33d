// Numeric addresses, and the kernel's table of sockets.

import Bytes
import Instances
import Testing

@Suite struct `An address` {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("[192.0.2.25]", "192.0.2.25"), ("::", "::"), ("::1", "::1"),
        ("2001:DB8::0:1", "2001:db8::1"), ("[IPv6:2001:db8::1]", "2001:db8::1"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("::ffff:192.0.2.1", "::ffff:c000:201"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("fe80::", "fe80::"),
    ])
    func `is read as people write it`(_ text: String, _ canonical: String) {
        #expect(IPAddress(ByteString(text))?.description == canonical)
    }

    @Test(arguments: [
        "", "localhost", "256.0.0.1", "1.2.3", "1.2.3.4.5", "1:2:3", ":::", "1::2::3", "12345::",
        "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "1.2.3.-4", "::+1", " 1.2.3.4", "[1.2.3.4",
    ])
    func `is nothing else`(_ text: String) {
        #expect(IPAddress(ByteString(text)) == nil)
    }

    @Test func `knows whether others can reach it`() throws {
        for text: ByteString in ["127.0.0.1", "127.8.9.1", "::1"] {
            #expect(try #require(IPAddress(text)).isLoopback)
        }
        for text: ByteString in ["128.0.0.1", "::2", "::", "0.0.0.0"] {
            #expect(try !#require(IPAddress(text)).isLoopback)
        }
    }
}

@Suite struct `A table of sockets` {
    @Test func `tells what listens, and nothing else`() throws {
        let table: ByteString = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
               0: 0100007F:272A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
               1: 00000000:0019 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
               2: 0100007F:272A 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0
            damaged
            """
        let expected = [
            ListeningSocket(address: try #require(IPAddress("127.0.0.1")), port: 10026),
            ListeningSocket(address: .anyIPv4, port: 25),
        ]
        #expect(ListeningSocket.read(table: table) == expected)
    }

    @Test func `tells addresses of IPv6`() throws {
        let line: ByteString =
            "  0: 00000000000000000000000001000000:0019 "
            + "00000000000000000000000000000000:0000 0A 0 0"
        let socket = ListeningSocket(address: try #require(IPAddress("::1")), port: 25)
        #expect(ListeningSocket.read(table: line) == [socket])
    }
}
