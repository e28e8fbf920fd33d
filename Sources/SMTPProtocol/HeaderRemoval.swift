// Takes header fields out of a message as it flows by (RFC 5322, section 2.2).
//
// Works on the form that goes over the wire: lines that begin with a dot have another in front.

/// Where a removal of header fields stands; fed with pieces of any size that are known to be sound.
///
/// At most the name of one field is held back. Only an empty line ends the header: a line that is
/// no field must not protect those behind it.
package struct HeaderRemoval: Equatable, Sendable {
    private enum Place: Equatable, Sendable {
        /// At the begin of a line, or in the name of a field that may be one to remove.
        case name
        /// In a line that stays, or that goes.
        case kept, removed
        /// Behind the header.
        case body
    }

    /// What becomes of a line.
    private enum Judgement { case open, stays, goes, endsHeader }

    /// Names in upper case.
    private let names: [[UInt8]]
    private let longestName: Int
    private var place = Place.name
    /// The begin of the line at hand, if it came in earlier pieces and nothing is decided.
    private var held: [UInt8] = []
    /// True if the field before this line goes, and with it the lines that continue it.
    private var removesField = false

    /// So many blanks are held back between name and colon.
    private static let blankLimit = 64

    /// Removes all fields of these names, in any case of letters.
    package init(names: [[UInt8]]) {
        self.names = names.map { $0.map(\.uppercased) }
        // Not shorter than the line end by which an empty line is known.
        longestName = max(names.map(\.count).max() ?? 0, 2)
        if names.isEmpty { place = .body }
    }

    /// Tells the pieces of `range` that stay, each either a range of it or bytes held back.
    package mutating func pass(
        _ bytes: Span<UInt8>, _ range: Range<Int>, keep: (ContentPiece) -> Void
    ) {
        var position = range.lowerBound
        while position < range.upperBound {
            switch place {
            case .body:
                keep(.range(position..<range.upperBound))
                return
            case .name where held.isEmpty:
                position = judgeLine(bytes, position..<range.upperBound)
            case .name:
                held.append(bytes[position])
                position += 1
                judgeHeld(keep)
            case .kept, .removed:
                let start = position
                let end = bytes.lineFeed(from: position).map { $0 + 1 } ?? range.upperBound
                position = min(end, range.upperBound)
                if place == .kept { keep(.range(start..<position)) }
                if bytes[position - 1] == .lineFeed { place = .name }
            }
        }
    }

    /// Decides about the line that begins at `rest`, or holds all of it back.
    private mutating func judgeLine(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Int {
        if bytes[rest.lowerBound].isBlank {
            place = removesField ? .removed : .kept
            return rest.lowerBound
        }
        let judgement = judgement(of: bytes, rest)
        guard judgement != .open else {
            held = bytes.copy(rest)
            return rest.upperBound
        }
        follow(judgement)
        return rest.lowerBound
    }

    /// Decides about the line that is held back, if one byte more is enough for that.
    private mutating func judgeHeld(_ keep: (ContentPiece) -> Void) {
        let judgement = judgement(of: held.span, 0..<held.count)
        guard judgement != .open else { return }
        follow(judgement)
        if judgement != .goes { keep(.held(held)) }
        if held.last == .lineFeed, place == .kept { place = .name }
        held = []
    }

    private mutating func follow(_ judgement: Judgement) {
        removesField = judgement == .goes
        switch judgement {
        case .goes: place = .removed
        case .endsHeader: place = .body
        case .stays, .open: place = .kept
        }
    }

    private func judgement(of bytes: Span<UInt8>, _ line: Range<Int>) -> Judgement {
        var nameEnd = line.lowerBound
        for index in line {
            switch bytes[index] {
            case UInt8(ascii: ":"): return isRemoved(bytes, line.lowerBound..<nameEnd)
            case .lineFeed:
                let isEmpty = index == line.lowerBound + 1
                return isEmpty && bytes[index - 1] == .carriageReturn ? .endsHeader : .stays
            case 0x20, 0x09:
                let blanks = index - nameEnd
                if blanks >= Self.blankLimit {
                    return isRemoved(bytes, line.lowerBound..<nameEnd)
                }
            default:
                nameEnd = index + 1
                if index - line.lowerBound >= longestName { return .stays }
            }
        }
        return .open
    }

    private func isRemoved(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Judgement {
        let isNamed = names.contains { candidate in
            candidate.count == name.count
                && candidate.indices.allSatisfy {
                    bytes[name.lowerBound + $0].uppercased == candidate[$0]
                }
        }
        return isNamed ? .goes : .stays
    }
}

/// A part of message content that goes on.
package enum ContentPiece: Equatable, Sendable {
    /// Bytes of the piece at hand.
    case range(Range<Int>)
    /// Bytes of an earlier piece that were held back.
    case held([UInt8])
}
