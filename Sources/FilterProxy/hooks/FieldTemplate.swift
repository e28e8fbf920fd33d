// Header fields whose value tells something of the message that they are put in front of.

import SMTPProtocol

/// A header field with places to fill in, such as `${queue_id}`.
package struct FieldTemplate: Equatable, Sendable {
    private let name: String
    private let parts: [Part]

    private enum Part: Equatable, Sendable {
        case text(String)
        case place(Place)
    }

    /// What can be filled in.
    package enum Place: String, CaseIterable, Sendable {
        case queueID = "queue_id"
        case sender, helo, date
        case clientAddress = "client_address"
        case clientName = "client_name"
        case hostName = "host_name"
        case protocolName = "protocol"
    }

    /// Why a template cannot be used.
    package enum Fault: Error, Equatable, Sendable {
        case noName(String)
        case notASCII
        case tooLong
        case unknownPlace(String)
        case unfinishedPlace
    }

    /// Reads `Name: value`.
    package init(line: String) throws(Fault) {
        guard let colon = line.firstIndex(of: ":") else { throw .noName(line) }
        let value = line[line.index(after: colon)...].drop { $0 == " " }
        try self.init(name: String(line[..<colon]), value: String(value))
    }

    /// Reads a field's value.
    package init(name: String, value: String) throws(Fault) {
        guard HeaderField.isName(name) else { throw .noName(name) }
        guard value.unicodeScalars.allSatisfy({ (0x20..<0x7F).contains($0.value) }) else {
            throw .notASCII
        }
        guard name.utf8.count + value.utf8.count < HeaderField.lineLimit else { throw .tooLong }
        var parts: [Part] = []
        var rest = value[...]
        while let start = rest.firstRange(of: "${") {
            parts.append(.text(String(rest[..<start.lowerBound])))
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}") else { throw .unfinishedPlace }
            let word = String(rest[..<end])
            guard let place = Place(rawValue: word) else { throw .unknownPlace(word) }
            parts.append(.place(place))
            rest = rest[rest.index(after: end)...]
        }
        parts.append(.text(String(rest)))
        self.name = name
        self.parts = parts
    }

    private init(name: String, parts: [Part]) {
        self.name = name
        self.parts = parts
    }

    /// The trace field of RFC 5321, section 4.4: from whom, by whom, how, as what, when.
    package static let trace = FieldTemplate(
        name: "Received",
        parts: [
            .text("from "), .place(.helo), .text(" ("), .place(.clientName), .text(" ["),
            .place(.clientAddress), .text("]) by "), .place(.hostName),
            .text(" (postilion-filter) with "), .place(.protocolName), .text(" id "),
            .place(.queueID), .text("; "), .place(.date),
        ])

    /// The fields for a message, the last one on top.
    static func wire(
        _ templates: [FieldTemplate], _ envelope: Envelope, _ moment: Moment
    ) -> String {
        templates.reversed().map { $0.field(envelope, moment).wire }.joined()
    }

    /// When and where the fields are made.
    struct Moment: Sendable {
        /// Since 1970.
        let seconds: Int
        let hostName: String
    }

    private func field(_ envelope: Envelope, _ moment: Moment) -> HeaderField {
        let value = parts.map { part in
            switch part {
            case .text(let text): text
            case .place(let place): Self.value(place, envelope, moment)
            }
        }
        return HeaderField(name, value.joined())
    }

    private static func value(_ place: Place, _ envelope: Envelope, _ moment: Moment) -> String {
        let origin = envelope.origin
        switch place {
        case .queueID: return word(origin.ident, else: "unknown")
        case .sender: return SafeText.line(envelope.sender, limit: longestValue)
        case .helo: return word(origin.hello.isEmpty ? envelope.hello : origin.hello)
        case .clientAddress: return word(origin.address)
        case .clientName: return word(origin.name)
        case .hostName: return word(Array(moment.hostName.utf8))
        case .protocolName: return word(origin.protocolName, else: "ESMTP")
        case .date: return MailDate.text(moment.seconds)
        }
    }

    /// What others have named, so that it can end neither a comment nor a field.
    private static func word(_ bytes: [UInt8], else missing: String = "unknown") -> String {
        let isWordByte = { (byte: UInt8) in
            (0x21...0x7E).contains(byte) && !"()\\;\"<>".utf8.contains(byte)
        }
        let word = bytes.prefix(longestValue).map { isWordByte($0) ? $0 : UInt8(ascii: "?") }
        return word.isEmpty ? missing : String(decoding: word, as: UTF8.self)
    }

    /// The longest name of a host has 255 bytes (RFC 1035).
    private static let longestValue = 255
}

extension FieldTemplate.Fault {
    /// What is wrong, for a configuration.
    var words: String {
        switch self {
        case .noName(let name): "\"\(name)\" does not begin with the name of a header field"
        case .notASCII: "has characters that are not ASCII"
        case .tooLong: "is longer than a line may be"
        case .unknownPlace(let place): "${\(place)} is unknown"
        case .unfinishedPlace: "${ has no }"
        }
    }

    /// How to mend it.
    var mend: String {
        switch self {
        case .noName: "write \"Name: value\""
        case .notASCII: "write them as RFC 2047 has it, such as =?utf-8?q?caf=C3=A9?="
        case .tooLong: "make it shorter than \(HeaderField.lineLimit) bytes"
        case .unknownPlace:
            "use one of "
                + FieldTemplate.Place.allCases.map { "${\($0.rawValue)}" }.joined(separator: ", ")
        case .unfinishedPlace: "close it, as in ${queue_id}"
        }
    }
}
