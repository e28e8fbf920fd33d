// The answers of a rehearsal's name server, as packets (RFC 1035). Pure: bytes in, bytes out.

import Bytes
import Instances

extension NameTable {
    /// The answer to a query; nil for what is none.
    package mutating func answer(_ query: [UInt8]) -> [UInt8]? {
        guard let question = NameQuestion(query) else { return nil }
        var records: [[UInt8]] = []
        var exists = true
        if let address = question.reversedAddress {
            if question.type == .ptr { records = [Self.encoded(name(of: address))] }
        } else {
            exists = self.exists(question.name)
            switch question.type {
            case .a: records = addresses(of: question.name).filter { !$0.isIPv6 }.map(\.bytes)
            case .aaaa:
                records = addresses(of: question.name).filter(\.isIPv6).map(\.bytes)
            case .mx:
                records =
                    mailExchanger(of: question.name).map { [[0, 10] + Self.encoded($0)] } ?? []
            case .ptr, nil: break
            }
        }
        return Self.packet(query, question, records, exists: exists)
    }

    private static func packet(
        _ query: [UInt8], _ question: NameQuestion, _ records: [[UInt8]], exists: Bool
    ) -> [UInt8] {
        // Answer, authoritative, recursion available; recursion desired as it was asked.
        let flags: [UInt8] = [0x84 | query[2] & 1, 0x80 | (exists ? 0 : 3)]
        var packet = Array(query[0..<2]) + flags
        packet += [0, 1, 0, UInt8(records.count), 0, 0, 0, 0]
        packet += query[12..<question.end]
        for data in records {
            // The name of the question, its type, class IN, a minute to live.
            packet += [0xC0, 12] + query[(question.end - 4)..<(question.end - 2)]
            packet += [0, 1, 0, 0, 0, 60, UInt8(data.count >> 8), UInt8(data.count & 0xFF)]
            packet += data
        }
        return packet
    }

    private static func encoded(_ name: ByteString) -> [UInt8] {
        name.split { $0 == 0x2E }.flatMap { [UInt8($0.count & 0x3F)] + $0.bytes.prefix(63) } + [0]
    }
}

/// What is asked for.
private struct NameQuestion {
    enum RecordType: UInt16 {
        case a = 1
        case ptr = 12
        case mx = 15
        case aaaa = 28
    }

    let name: ByteString
    /// Nil for a type that no name has here.
    let type: RecordType?
    /// Where the question ends in the query.
    let end: Int

    init?(_ query: [UInt8]) {
        // One question, and no answer; 255 is the longest name.
        guard query.count >= 17, query[2] & 0xF8 == 0, query[4] == 0, query[5] == 1 else {
            return nil
        }
        var labels: [[UInt8]] = []
        var place = 12
        while place < query.count, query[place] != 0 {
            let length = Int(query[place])
            guard length < 64, place + length + 1 < query.count, place < 12 + 255 else {
                return nil
            }
            labels.append(Array(query[(place + 1)..<(place + 1 + length)]))
            place += length + 1
        }
        guard place + 5 <= query.count else { return nil }
        name = ByteString(Array(labels.joined(separator: [0x2E]))).lowercased
        type = RecordType(rawValue: UInt16(query[place + 1]) << 8 | UInt16(query[place + 2]))
        end = place + 5
    }

    /// The address that a name below in-addr.arpa or ip6.arpa stands for.
    var reversedAddress: IPAddress? {
        let labels = name.split { $0 == 0x2E }
        if name.hasSuffix(".in-addr.arpa"), labels.count == 6 {
            return IPAddress(
                networkBytes: labels.prefix(4).reversed().compactMap { UInt8($0.text) })
        }
        guard name.hasSuffix(".ip6.arpa"), labels.count == 34 else { return nil }
        let digits = labels.prefix(32).reversed().compactMap { UInt8($0.text, radix: 16) }
        guard digits.count == 32 else { return nil }
        return IPAddress(
            networkBytes: stride(from: 0, to: 32, by: 2).map {
                digits[$0] << 4 | digits[$0 + 1] & 15
            })
    }
}
