// Header fields that tell where a message came through.

import SMTPProtocol

/// A header field with places to fill in: `${queue_id}`, `${sender}`, `${client_address}`,
/// `${client_name}`, `${helo}`, `${date}`.
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
    }

    /// Why a template cannot be used.
    package enum Fault: Error, Equatable, Sendable {
        case unknownPlace(String)
        case unfinishedPlace
    }

    /// Reads a field's value.
    package init(name: String, value: String) throws(Fault) {
        self.name = name
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
        self.parts = parts
    }

    /// The fields for a message, the last one on top.
    static func wire(
        _ templates: [FieldTemplate], _ envelope: Envelope, at seconds: Int
    ) -> String {
        templates.reversed().map { $0.field(envelope, at: seconds).wire }.joined()
    }

    private func field(_ envelope: Envelope, at seconds: Int) -> HeaderField {
        let value = parts.map { part in
            switch part {
            case .text(let text): text
            case .place(let place): Self.value(place, envelope, at: seconds)
            }
        }
        return HeaderField(name, value.joined())
    }

    private static func value(_ place: Place, _ envelope: Envelope, at seconds: Int) -> String {
        let bytes: [UInt8] =
            switch place {
            case .queueID: envelope.origin.ident
            case .sender: envelope.sender
            case .helo: envelope.origin.hello.isEmpty ? envelope.hello : envelope.origin.hello
            case .clientAddress: envelope.origin.address
            case .clientName: envelope.origin.name
            case .date: Array(MailDate.text(seconds).utf8)
            }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Dates as header fields have them (RFC 5322, section 3.3), in universal time.
enum MailDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The date of so many seconds since 1970.
    static func text(_ seconds: Int) -> String {
        let day = seconds / 86_400
        let (year, month, date) = civil(day)
        let time = seconds % 86_400
        let clock = [time / 3600, time / 60 % 60, time % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        return "\(days[day % 7]), \(date) \(months[month - 1]) \(year) \(clock) +0000"
    }

    /// The Gregorian date of a day since 1970, by eras of 400 years that begin with March.
    private static func civil(_ day: Int) -> (year: Int, month: Int, date: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let date = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date)
    }
}
