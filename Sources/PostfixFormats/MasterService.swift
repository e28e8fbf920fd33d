// One service of master.cf as a value: eight fields and the arguments of its command, master(5).
//
// Reading brings options into one form, `-o` `name=value`, as postconf(1) does, so that access and
// edits need to know one form only. How a service looks in a file is in MasterServiceFormat.swift.

package import Bytes

/// A service as master(8) would run it.
package struct MasterService: Hashable, Sendable {
    /// The fields in front of the arguments; the raw value is the position on the line.
    package enum Field: Int, CaseIterable, Sendable {
        case service, type, `private`, unprivileged, chroot, wakeup, processLimit, command

        /// The field's name in master(5) and postconf(1).
        package var name: ByteString {
            self == .processLimit ? "process_limit" : ByteString(String(describing: self))
        }

        /// Finds a field by its name.
        package init?(name: ByteString) {
            guard let field = Self.allCases.first(where: { $0.name == name }) else { return nil }
            self = field
        }
    }

    /// All eight fields, then the arguments in their normal form.
    private(set) var words: [ByteString]

    /// What postconf(1) would warn of: braces or `-o` values out of shape.
    package private(set) var warnings: [MasterServiceWarning] = []

    /// Reads a service from one line of text; a newline counts as a blank, in braces too, because
    /// there it would tear the service apart when written to a file.
    package init(_ text: ByteString) throws(MasterServiceFault) {
        try self.init(line: ByteString(text.bytes[...].asCString).oneLine)
    }

    /// Reads a service from its logical line, whose continuation lines may be kept apart.
    init(line: ByteString) throws(MasterServiceFault) {
        words = line.splitOutsideBraces { $0.isWordSeparator }
        if words.count < Field.allCases.count { throw .fieldCount }
        try check(against: line)
        normalizeArguments()
    }

    /// The value of a field; for the command, its program without arguments.
    package subscript(field: Field) -> ByteString { words[field.rawValue] }

    /// Its name and type, `smtp/inet` for instance, as postconf(1) tells services apart.
    package var label: ByteString { "\(self[.service])/\(self[.type])" }

    /// The arguments of the command, options taken apart, braces removed.
    package var arguments: [ByteString] { Array(words[Field.allCases.count...]) }

    /// The `-o name=value` settings in their order, repeated ones included.
    package var parameters: [(name: ByteString, value: ByteString)] {
        var parameters: [(name: ByteString, value: ByteString)] = []
        for position in optionValues where words[position - 1] == "-o" {
            guard let pair = try? NameValue(words[position].bytes[...]) else { continue }
            parameters.append((pair.name, pair.value))
        }
        return parameters
    }

    /// Replaces a field; a new command comes with its arguments.
    package mutating func set(
        _ field: Field, to value: ByteString
    ) throws(MasterServiceFault) {
        if field == .command {
            let command = value.oneLine.splitOutsideBraces { $0.isWordSeparator }
            if command.isEmpty { throw .invalid(field: field, value: value, text: value) }
            words = Array(words.prefix(field.rawValue)) + command
            normalizeArguments()
        } else {
            words[field.rawValue] = value
        }
        try check(against: value)
    }

    /// Sets `-o name=value` wherever the name stands, or adds it after the other options.
    ///
    /// A newline or a null byte in the value becomes a blank.
    package mutating func setParameter(_ name: ByteString, to value: ByteString) {
        let setting: ByteString = "\(name)=\(value.oneLine)"
        let positions = settings(of: name)
        for position in positions { words[position] = setting }
        if positions.isEmpty { words.insert(contentsOf: ["-o", setting], at: optionsEnd) }
    }

    /// Removes every `-o name=value` of that name.
    package mutating func removeParameter(_ name: ByteString) {
        for position in settings(of: name).reversed() {
            words.removeSubrange((position - 1)...position)
        }
    }
}

extension MasterService {
    static func isOption(_ word: ByteString) -> Bool {
        word.bytes.first == UInt8(ascii: "-") && word != "--"
    }

    /// `-o` is the only option of Postfix's daemons that takes a value.
    static func takesValue(_ option: ByteString) -> Bool {
        option.bytes.dropFirst().first == valueOption
    }

    /// Where the values of options that take one stand.
    private var optionValues: [Int] {
        var positions: [Int] = []
        var position = Field.allCases.count
        while position < words.count, Self.isOption(words[position]) {
            if Self.takesValue(words[position]), position + 1 < words.count {
                position += 1
                positions.append(position)
            }
            position += 1
        }
        return positions
    }

    /// Where the first word that is not an option nor its value stands; a last option without its
    /// value, which would take the next word for it, counts as one.
    private var optionsEnd: Int {
        var end = Field.allCases.count
        while end < words.count, Self.isOption(words[end]) {
            let length = Self.takesValue(words[end]) ? 2 : 1
            if end + length > words.count { break }
            end += length
        }
        return end
    }

    private func settings(of name: ByteString) -> [Int] {
        let start: ByteString = "\(name)="
        return optionValues.filter { words[$0 - 1] == "-o" && words[$0].hasPrefix(start) }
    }

    /// Brings the arguments into their normal form.
    private mutating func normalizeArguments() {
        var position = Field.allCases.count
        while position < words.count, Self.isOption(words[position]) {
            splitOption(at: position)
            let hasValue = Self.takesValue(words[position]) && position + 1 < words.count
            if hasValue {
                position += 1
                if removeBraces(at: position) { joinSetting(at: position) }
            }
            position += 1
        }
        while position < words.count {
            _ = removeBraces(at: position)
            position += 1
        }
    }

    /// Makes `-v` `-oname=value` of `-voname=value`, and `-o` `name=value` of that.
    ///
    /// As for getopt(3) the value begins after the first `o`; postconf(1) splits at every other.
    private mutating func splitOption(at position: Int) {
        let bytes = words[position].bytes
        guard let letter = bytes.dropFirst().firstIndex(of: valueOption) else { return }
        if letter > 1 {
            words[position] = ByteString(bytes[..<letter])
            words.insert(ByteString([UInt8(ascii: "-")] + bytes[letter...]), at: position + 1)
        } else if bytes.count > 2 {
            words[position] = "-o"
            words.insert(ByteString(bytes[2...]), at: position + 1)
        }
    }

    /// Takes the text out of `{text}`; true if there was a brace.
    private mutating func removeBraces(at position: Int) -> Bool {
        guard words[position].bytes.first == UInt8(ascii: "{") else { return false }
        let (text, fault) = words[position].insideBraces
        words[position] = text
        if let fault { warnings.append(.braces(fault)) }
        return true
    }

    /// Makes `name=value` of `name = value`.
    private mutating func joinSetting(at position: Int) {
        do throws(NameValueFault) {
            let pair = try NameValue(words[position].bytes[...])
            words[position] = "\(pair.name)=\(pair.value)"
        } catch {
            warnings.append(.setting(error, text: words[position]))
        }
    }

    /// Checks the fields as postconf(1) does; `text` is for the message.
    private func check(against text: ByteString) throws(MasterServiceFault) {
        for field in Field.allCases where !isValid(field) {
            throw .invalid(field: field, value: self[field], text: text.oneLine)
        }
    }

    /// An empty field is never valid: written to a file it would shift those after it.
    private func isValid(_ field: Field) -> Bool {
        let value = self[field]
        switch field {
        case .service:
            // It begins a line, and must neither continue the one before nor be a comment.
            let isVisible = value.bytes.first.map { !$0.isSpace && $0 != UInt8(ascii: "#") }
            return isVisible == true && value.splitOutsideBraces { $0.isWordSeparator } == [value]
        case .command: return !value.isEmpty
        case .type: return serviceTypes.contains(value)
        case .private, .unprivileged, .chroot: return flagValues.contains(value)
        case .wakeup:
            let digits =
                value.bytes.last == UInt8(ascii: "?") ? value.bytes.dropLast() : value.bytes[...]
            let isNumber = digits.allSatisfy { $0.isDigit } && !value.isEmpty
            return isNumber || digits.elementsEqual([UInt8(ascii: "-")])
        case .processLimit:
            return value == "-" || (!value.isEmpty && value.bytes.allSatisfy { $0.isDigit })
        }
    }
}

/// Why a logical line is not a service; postconf(1) dies of it.
package enum MasterServiceFault: Error, Hashable, Sendable {
    case fieldCount
    case invalid(field: MasterService.Field, value: ByteString, text: ByteString)

    /// Postfix's own words.
    package var wording: ByteString {
        switch self {
        case .fieldCount: "bad field count"
        case .invalid(let field, let value, let text):
            "invalid \(field.name) field \"\(value)\" in \"\(text)\""
        }
    }
}

/// What postconf(1) warns of in the arguments of a service.
package enum MasterServiceWarning: Hashable, Sendable {
    case braces(BraceFault)
    case setting(NameValueFault, text: ByteString)

    /// Postfix's own words, without "warning:" in front.
    package var wording: ByteString {
        switch self {
        case .braces(let fault): "master.cf: \(fault.wording)"
        case .setting(let fault, let text): "master.cf: \(fault.wording): \"\(text)\""
        }
    }
}

private let valueOption = UInt8(ascii: "o")
private let serviceTypes: [ByteString] = ["unix", "fifo", "inet", "pass", "unix-dgram"]
private let flagValues: [ByteString] = ["y", "n", "-"]
