// Takes header fields out of a message as it flows by (RFC 5322, section 2.2).
//
// Works on the form that goes over the wire: lines that begin with a dot have another in front.

/// Where a removal of header fields stands; fed with pieces of any size.
///
/// At most the name of one field is held back.
package struct HeaderRemoval: Equatable, Sendable {
    private enum Place: Equatable, Sendable {
        /// At the begin of a line, or in the name of a field that may be one to remove.
        case name
        /// In a line that stays, or that goes.
        case kept, removed
        /// Behind the header.
        case body
    }

    /// Names in upper case.
    private let names: [[UInt8]]
    private var place = Place.name
    private var held: [UInt8] = []
    /// True if the field before this line goes, and with it the lines that continue it.
    private var removesField = false
    private let longestName: Int

    /// Removes all fields of these names, in any case of letters.
    package init(names: [[UInt8]]) {
        self.names = names.map { $0.map(\.uppercased) }
        longestName = names.map(\.count).max() ?? 0
        if names.isEmpty { place = .body }
    }

    /// Tells the pieces of `range` that stay, each either a range of it or bytes held back.
    mutating func pass(
        _ bytes: Span<UInt8>, _ range: Range<Int>, keep: (ContentPiece) -> Void
    ) {
        var position = range.lowerBound
        while position < range.upperBound {
            switch place {
            case .body:
                keep(.range(position..<range.upperBound))
                return
            case .name: takeNameByte(bytes[position], &position, keep)
            case .kept, .removed:
                let start = position
                let end = bytes.lineFeed(from: position).map { $0 + 1 } ?? bytes.count
                position = min(end, range.upperBound)
                if place == .kept { keep(.range(start..<position)) }
                if bytes[position - 1] == .lineFeed { place = .name }
            }
        }
    }

    private mutating func takeNameByte(
        _ byte: UInt8, _ position: inout Int, _ keep: (ContentPiece) -> Void
    ) {
        if held.isEmpty, byte.isBlank {
            place = removesField ? .removed : .kept
            return
        }
        held.append(byte)
        position += 1
        switch byte {
        case UInt8(ascii: ":"):
            let name = held.dropLast().reversed().drop(while: \.isBlank).reversed()
            removesField = names.contains(name.map(\.uppercased))
            place = removesField ? .removed : .kept
        case .lineFeed:
            // An empty line ends the header, and so does one that is no field.
            place = .body
            removesField = false
        default:
            // Blanks may stand between name and colon.
            guard held.count > longestName + 8 else { return }
            removesField = false
            place = .kept
        }
        if !removesField { keep(.held(held)) }
        held = []
    }
}

/// A part of message content that goes on.
package enum ContentPiece: Equatable, Sendable {
    /// Bytes of the piece at hand.
    case range(Range<Int>)
    /// Bytes of an earlier piece that were held back.
    case held([UInt8])
}
