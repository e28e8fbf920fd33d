// Where the parts of a line of the mail log lie. Copies nothing, so that millions of lines can be
// looked at.
//
// Knows the forms of postlogd(8) and syslogd (RFC 3164), of rsyslog and journalctl (RFC 3339) and
// of RFC 5424.

/// The places of the parts of one line.
package struct LogHead: Hashable, Sendable {
    /// The time stamp.
    package let time: Range<Int>
    /// The host that logged: postlogd(8) writes the first label of the instance's myhostname.
    package let host: Range<Int>
    /// The program that logged, without its process id.
    package let tag: Range<Int>
    /// The process id; nil if there is none.
    package let processID: Int?
    /// What was said.
    package let text: Range<Int>

    /// Finds the parts of a line without its line end; nil if it has another form.
    ///
    /// - Parameters:
    ///   - bytes: What holds the line.
    ///   - line: Where in there it lies.
    package init?(_ bytes: borrowing Span<UInt8>, line: Range<Int>) {
        guard let first = line.first.map({ bytes[$0] }) else { return nil }
        var place = line.lowerBound
        let end = line.upperBound
        if first == 0x3C {  // "<22>1 TIME HOST TAG PID MSGID - TEXT"
            guard Self.word(bytes, &place, end) != nil,
                let time = Self.word(bytes, &place, end),
                let host = Self.word(bytes, &place, end),
                let tag = Self.word(bytes, &place, end),
                let process = Self.word(bytes, &place, end),
                Self.word(bytes, &place, end) != nil,
                Self.structuredData(bytes, &place, end)
            else { return nil }
            (self.time, self.host, self.tag) = (time, host, tag)
            processID = Self.number(bytes, process)
            text = place..<end
            return
        }
        // "TIME HOST TAG[PID]: TEXT", or the same with a time of three words.
        guard var time = Self.word(bytes, &place, end) else { return nil }
        if !(0x30...0x39).contains(first) {
            guard Self.word(bytes, &place, end) != nil, let last = Self.word(bytes, &place, end)
            else { return nil }
            time = time.lowerBound..<last.upperBound
        }
        guard let host = Self.word(bytes, &place, end) else { return nil }
        (self.time, self.host) = (time, host)
        let start = place
        var bracket = end
        while place < end, bytes[place] != 0x3A {
            if bytes[place] == 0x20 { return nil }
            if bytes[place] == 0x5B, bracket == end { bracket = place }
            place += 1
        }
        guard place < end else { return nil }
        tag = start..<min(bracket, place)
        processID = bracket < place - 1 ? Self.number(bytes, bracket + 1..<place - 1) : nil
        place += 1
        while place < end, bytes[place] == 0x20 { place += 1 }
        text = place..<end
    }

    /// Takes a word, and the blanks that end it.
    private static func word(
        _ bytes: borrowing Span<UInt8>, _ place: inout Int, _ end: Int
    ) -> Range<Int>? {
        let start = place
        while place < end, bytes[place] != 0x20 { place += 1 }
        guard place < end else { return nil }
        let word = start..<place
        while place < end, bytes[place] == 0x20 { place += 1 }
        return word
    }

    /// Takes "-" or elements in brackets, and the blanks behind; false if nothing follows.
    private static func structuredData(
        _ bytes: borrowing Span<UInt8>, _ place: inout Int, _ end: Int
    ) -> Bool {
        var isQuoted = false
        var depth = 0
        while place < end {
            switch bytes[place] {
            case 0x5C where isQuoted: place += 1
            case 0x22 where depth > 0: isQuoted.toggle()
            case 0x5B where !isQuoted: depth += 1
            case 0x5D where !isQuoted: depth -= 1
            case 0x20 where depth <= 0: return word(bytes, &place, end) != nil
            default: break
            }
            place += 1
        }
        return false
    }

    /// The number that all of these bytes write; nil for anything else.
    private static func number(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard (1...9).contains(range.count) else { return nil }
        var number = 0
        for place in range {
            guard (0x30...0x39).contains(bytes[place]) else { return nil }
            number = number * 10 + Int(bytes[place] - 0x30)
        }
        return number
    }
}
