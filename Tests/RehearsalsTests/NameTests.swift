// The names of a rehearsal's world, and the packets that tell them.

import Bytes
import Instances
import Rehearsals
import Testing

@Suite struct `The names of a rehearsal` {
    private static func address(_ text: ByteString) throws -> IPAddress {
        try #require(IPAddress(text))
    }

    @Test func `have addresses that are the same every time, and their own`() throws {
        var first = NameTable()
        var second = NameTable()
        let addresses = first.addresses(of: "mailhub.example.com")
        let hub = try #require(addresses.first)
        _ = second.addresses(of: "other.example.net")
        let again = second.addresses(of: "MAILHUB.example.com.")
        #expect(again == [hub])
        #expect(hub.bytes.prefix(2) == [198, 19])
        #expect(first.knownName(of: hub) == "mailhub.example.com")
        let other = first.addresses(of: "other.example.net")
        #expect(other != [hub])
        #expect(first.contacted.map(\.name) == ["mailhub.example.com", "other.example.net"])
    }

    @Test func `that share their place get the next one`() {
        var table = NameTable()
        var seen: Set<IPAddress> = []
        for number in 0..<3000 {
            let addresses = table.addresses(of: "host\(number).example.com")
            #expect(addresses.count == 1)
            seen.formUnion(addresses)
        }
        #expect(seen.count == 3000)
    }

    @Test func `of clients lead back to their addresses`() throws {
        var table = NameTable()
        let client = try Self.address("203.0.113.77")
        table.give("client.example.net", client)
        let known = table.name(of: client)
        let back = table.addresses(of: known)
        #expect(known == "client.example.net")
        #expect(back == [client])
        let stranger = try Self.address("2001:db8::5")
        let name = table.name(of: stranger)
        let there = table.addresses(of: name)
        #expect(there == [stranger])
    }

    @Test(arguments: [
        "77.113.0.203.zen.example.org", "list.example.org", "x.com.list.example.org", "invalid",
        "a.invalid", "localname",
    ])
    func `that nobody has are none`(_ name: String) {
        var table = NameTable(blockLists: ["List.example.org"])
        #expect(!table.exists(ByteString(name)))
        let addresses = table.addresses(of: ByteString(name))
        #expect(addresses == [])
        #expect(table.mailExchanger(of: ByteString(name)) == nil)
    }

    @Test func `have mail exchangers, unless they are the host's own`() {
        var table = NameTable()
        table.give("mail.example.com", IPAddress.anyIPv4)
        #expect(table.mailExchanger(of: "example.net") == "mx.example.net")
        #expect(table.mailExchanger(of: "mail.example.com") == nil)
    }
}

@Suite struct `A rehearsal's name server` {
    /// A query with one question.
    private static func query(_ name: String, _ type: UInt8) -> [UInt8] {
        [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
            + name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
            + [0, 0, type, 0, 1]
    }

    private static func answer(_ table: inout NameTable, _ query: [UInt8]) -> [UInt8]? {
        table.answer(query)
    }

    @Test func `answers with an address`() throws {
        var table = NameTable()
        let query = Self.query("Mail.example.net", 1)
        let answer = try #require(Self.answer(&table, query))
        let addresses = table.addresses(of: "mail.example.net")
        let address = try #require(addresses.first)
        #expect(answer[..<12] == [0x12, 0x34, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])
        #expect(Array(answer[12..<query.count]) == Array(query[12...]))
        #expect(
            Array(answer[query.count...])
                == [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4] + address.bytes)
    }

    @Test func `answers with a mail exchanger`() throws {
        var table = NameTable()
        let query = Self.query("example.net", 15)
        let answer = try #require(Self.answer(&table, query))
        let data =
            [0, 10, 2] + Array("mx".utf8) + [7] + Array("example".utf8) + [3]
            + Array("net".utf8) + [0]
        #expect(answer.suffix(data.count) == data[...])
        #expect(answer[7] == 1)
    }

    @Test func `tells the name of an address`() throws {
        var table = NameTable()
        table.give("client.example.net", try #require(IPAddress("203.0.113.77")))
        let answer = try #require(Self.answer(&table, Self.query("77.113.0.203.in-addr.arpa", 12)))
        #expect(ByteString(answer).text.contains("client"))
        let six = String(repeating: "0.", count: 31) + "1.ip6.arpa"
        let other = try #require(Self.answer(&table, Self.query(six, 12)))
        #expect(other[7] == 1)
    }

    @Test func `says that there is nothing, or nothing of the kind`() throws {
        var table = NameTable()
        let none = try #require(Self.answer(&table, Self.query("no.invalid", 1)))
        #expect(none[3] == 0x83 && none[7] == 0)
        let text = try #require(Self.answer(&table, Self.query("example.net", 16)))
        #expect(text[3] == 0x80 && text[7] == 0)
    }

    @Test func `leaves alone what is no query`() {
        var table = NameTable()
        let whole = Self.query("example.net", 1)
        for count in 0..<whole.count {
            let none = Self.answer(&table, Array(whole[..<count]))
            #expect(none == nil)
        }
        var answer = whole
        answer[2] |= 0x80
        let reply = Self.answer(&table, answer)
        #expect(reply == nil)
        let none = Self.answer(&table, [UInt8](repeating: 0xC0, count: 64))
        #expect(none == nil)
    }
}
