// main.cf as lossless syntax: postconf(5), "file format".
//
// Reading is tolerant: what Postfix would die of becomes a problem, everything else is usable.
// Values are as written; ParameterExpansion resolves `$name`. Edits are in MainCFEdit.swift. The
// file is scanned once and only positions are kept, because `postmulti -l` reads hundreds of them.

package import Bytes

/// The text of a main.cf and where its parameters stand in it.
package struct MainCF: Sendable {
    /// The file's content, byte for byte.
    package let text: ByteString
    private let slots: [Slot]
    private let faults: [(line: LogicalLine, fault: NameValueFault)]
    private let orphan: LogicalLine?

    /// One parameter of the file, a later one of the same name notwithstanding.
    package struct Entry: Hashable, Sendable {
        package var name: ByteString
        /// The value with its lines joined, blanks trimmed, `$name` not expanded.
        package var value: ByteString
        /// Line numbers, counted from 1, of the first and the last line of the parameter.
        package var firstLine: Int
        package var lastLine: Int
    }

    /// Where one parameter stands.
    private struct Slot {
        var line: LogicalLine
        var nameEnd: Int
        /// Offset just after the `=`; nil if that is not on the first line.
        var valueStart: Int?
    }

    /// Reads a main.cf; never fails, see `problems`.
    package init(_ text: ByteString) {
        self.text = text
        let (lines, orphan) = LogicalLine.scan(text)
        var slots: [Slot] = []
        var faults: [(LogicalLine, NameValueFault)] = []
        slots.reserveCapacity(lines.count)
        for line in lines {
            do throws(NameValueFault) {
                slots.append(try Self.slot(at: line, in: text))
            } catch {
                faults.append((line, error))
            }
        }
        self.slots = slots
        self.faults = faults
        self.orphan = orphan
    }

    /// All parameters in the order of the file, repeated ones included.
    package var entries: [Entry] {
        slots.map { slot in
            Entry(
                name: name(of: slot), value: value(of: slot), firstLine: slot.line.firstLine,
                lastLine: slot.line.lastLine)
        }
    }

    /// The unexpanded value of a parameter: that of its last entry, nil if it is not set.
    package func value(of name: ByteString) -> ByteString? {
        slots.last { matches($0, name) }.map { value(of: $0) }
    }

    /// The last entry of a parameter, nil if it is not set.
    package func entry(of name: ByteString) -> Entry? {
        slots.last { matches($0, name) }.map { slot in
            Entry(
                name: name, value: value(of: slot), firstLine: slot.line.firstLine,
                lastLine: slot.line.lastLine)
        }
    }

    /// Everything that Postfix would warn of or die of while reading, in its order.
    package var problems: [Problem] {
        var problems = faults.map { problem($0) }
        problems += overridings
        problems.sort { $0.line < $1.line }
        if let orphan {
            problems.insert(
                .continuesNothing(
                    line: orphan.firstLine, text: ByteString(orphan.joined(in: text))),
                at: 0)
        }
        return problems
    }

    /// True if Postfix could not read the file.
    package var isBroken: Bool { !faults.isEmpty }

    /// The first of the problems that Postfix's programs die of, nil if they can read the file.
    package var fatalProblem: Problem? { faults.first.map { problem($0) } }

    private func problem(_ fault: (line: LogicalLine, fault: NameValueFault)) -> Problem {
        .notAnAssignment(
            line: fault.line.firstLine, fault: fault.fault,
            text: ByteString(fault.line.joined(in: text)))
    }

    private var overridings: [Problem] {
        // Sorting, which keeps the order of equals, finds repeated names without a copy of each.
        let sorted = slots.sorted { order($0, $1) < 0 }
        var problems: [Problem] = []
        for (earlier, later) in zip(sorted, sorted.dropFirst()) where order(earlier, later) == 0 {
            let value = value(of: earlier)
            if value != self.value(of: later) {
                problems.append(
                    .overriding(
                        line: later.line.firstLine, name: name(of: later), earlierValue: value))
            }
        }
        return problems
    }

    /// Orders two slots by name.
    private func order(_ left: Slot, _ right: Slot) -> Int {
        let bytes = text.bytes.span
        return bytes.extracting(left.line.start..<left.nameEnd)
            .order(to: bytes.extracting(right.line.start..<right.nameEnd))
    }

    private static func slot(
        at line: LogicalLine, in text: ByteString
    ) throws(NameValueFault) -> Slot {
        let bytes = text.bytes.span
        var position = line.start
        while position < line.end, !bytes[position].endsName { position += 1 }
        if position == line.start { throw .missingName }
        let nameEnd = position
        while position < line.end, bytes[position].isSpace, bytes[position] != UInt8(ascii: "\n") {
            position += 1
        }
        if position < line.end, bytes[position] == UInt8(ascii: "=") {
            return Slot(line: line, nameEnd: nameEnd, valueStart: position + 1)
        }
        // The "=" may stand on a continuation line; if not there either, this throws.
        _ = try NameValue(line.joined(in: text))
        return Slot(line: line, nameEnd: nameEnd, valueStart: nil)
    }

    private func name(of slot: Slot) -> ByteString {
        ByteString(text.bytes[slot.line.start..<slot.nameEnd])
    }

    private func matches(_ slot: Slot, _ name: ByteString) -> Bool {
        guard slot.nameEnd - slot.line.start == name.count else { return false }
        let bytes = text.bytes.span
        return bytes.extracting(slot.line.start..<slot.nameEnd).order(to: name.bytes.span) == 0
    }

    private func value(of slot: Slot) -> ByteString {
        if let start = slot.valueStart {
            return ByteString(slot.line.joined(in: text, from: start).trimmed)
        }
        let pair = try? NameValue(slot.line.joined(in: text))
        return pair?.value ?? ""  // Only lines that split became slots.
    }
}

extension MainCF {
    /// Something in a main.cf that Postfix warns of, or cannot read at all.
    package enum Problem: Hashable, Sendable {
        /// A logical line that is not `name = value`; Postfix's programs die of it.
        case notAnAssignment(line: Int, fault: NameValueFault, text: ByteString)
        /// Indented text at the top of the file; Postfix ignores it with a warning.
        case continuesNothing(line: Int, text: ByteString)
        /// A parameter set again with another value; Postfix warns and takes the later one.
        case overriding(line: Int, name: ByteString, earlierValue: ByteString)

        /// True if Postfix's programs die of it.
        package var isFatal: Bool {
            if case .notAnAssignment = self { true } else { false }
        }

        /// The number of the line, counted from 1, where the problem begins.
        package var line: Int {
            switch self {
            case .notAnAssignment(let line, _, _), .continuesNothing(let line, _),
                .overriding(let line, _, _):
                line
            }
        }

        /// Postfix's own words, without "fatal:" or "warning:" in front.
        package func wording(path: ByteString) -> ByteString {
            switch self {
            case .notAnAssignment(let line, let fault, let text):
                return "\(path), line \(line): \(fault.wording): \"\(text)\""
            case .continuesNothing(_, let text):
                return LogicalLine.orphanWording(path: path, text: text)
            case .overriding(let line, let name, let earlierValue):
                return "\(path), line \(line): overriding earlier entry: \(name)=\(earlierValue)"
            }
        }
    }
}

extension UInt8 {
    /// What ends the name at the start of a line; a null byte ends the whole line for Postfix.
    @inline(__always)
    fileprivate var endsName: Bool { isSpace || self == UInt8(ascii: "=") || self == 0 }
}
