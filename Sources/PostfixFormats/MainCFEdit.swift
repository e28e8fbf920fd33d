// Edits of main.cf, byte for byte what `postconf -e`, `-#` and `-X` make of the file.
//
// An edit touches only lines of the parameters it names; comments stay where they are, even those
// in the midst of a parameter. Where releases of Postfix differ, the newer ones are followed: new
// parameters are appended in the order of their names, and a last line without newline gets one
// (3.7 appends in random order and glues the new parameter to such a line).

package import Bytes

extension MainCF {
    /// A parameter and the value it is to have.
    package struct Assignment: Hashable, Sendable {
        package let name: ByteString
        package let value: ByteString

        /// Takes a name that Postfix can read back, and any value.
        ///
        /// Blanks around the value fall away. A newline or a null byte, which no argument of
        /// postconf(1) may have, becomes a blank: it must not start a line of its own.
        package init(_ name: ByteString, _ value: ByteString) {
            self.name = name
            self.value = ByteString(value.oneLine.bytes[...].trimmed)
        }

        /// Reads `name = value` as an argument of `postconf -e`.
        package init(argument: ByteString) throws(ArgumentFault) {
            let text = try argument.asEditArgument()
            do throws(NameValueFault) {
                let pair = try NameValue(text)
                name = pair.name
                value = pair.value
            } catch {
                throw .notAnAssignment(error)
            }
        }
    }

    /// Why postconf(1) refuses an argument of an edit.
    package enum ArgumentFault: Error, Hashable, Sendable {
        case multipleLines
        case comment
        case notAnAssignment(NameValueFault)
        case emptyName
        case hasValue
    }

    /// The name in an argument of `postconf -#` or `-X`.
    package static func name(argument: ByteString) throws(ArgumentFault) -> ByteString {
        let text = try argument.asEditArgument()
        if text.isEmpty { throw .emptyName }
        if text.contains(UInt8(ascii: "=")) { throw .hasValue }
        return ByteString(text.trimmed)
    }

    /// The file with each parameter set, wherever it stands, or appended: `postconf -e`.
    ///
    /// Of several assignments to one name the last counts.
    package func setting(_ assignments: [Assignment]) -> MainCF {
        var values: [ByteString: ByteString] = [:]
        for assignment in assignments { values[assignment.name] = assignment.value }
        var missing = values
        var result = edited(Set(values.keys)) { line, name in
            guard let name, let value = values[name] else { return [] }
            missing[name] = nil
            return ("\(name) = \(value)\n" as ByteString).bytes
        }
        for name in missing.keys.sorted() {
            result += "\(name) = \(missing[name] ?? "")\n"
        }
        return MainCF(result)
    }

    /// The file with the lines of these parameters commented out: `postconf -#`.
    package func commentingOut(_ names: [ByteString]) -> MainCF {
        MainCF(edited(Set(names)) { line, _ in [UInt8(ascii: "#")] + line })
    }

    /// The file without the lines of these parameters: `postconf -X`.
    package func removing(_ names: [ByteString]) -> MainCF {
        MainCF(edited(Set(names)) { _, _ in [] })
    }

    /// Copies the file and replaces each line with content of the named parameters.
    ///
    /// `replacement` gets the line with its newline, and on the first line of a parameter the
    /// name.
    private func edited(
        _ names: Set<ByteString>,
        replacement: (_ line: ArraySlice<UInt8>, _ name: ByteString?) -> [UInt8]
    ) -> ByteString {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 64)
        var isInNamed = false
        for line in text.physicalLines {
            let content = line.drop { $0.isSpace }
            guard let first = content.first, first != UInt8(ascii: "#") else {
                result += line
                continue
            }
            var name: ByteString?
            if content.startIndex == line.startIndex {
                let key = ByteString(line.prefix { !$0.endsKey })
                isInNamed = names.contains(key)
                name = key
            }
            result += isInNamed ? replacement(line, name) : Array(line)
        }
        return ByteString(result)
    }
}

extension ByteString {
    /// The lines with their newlines, which the last one gets if it has none.
    var physicalLines: [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while start < count {
            let end = bytes.span.position(of: newline, from: start)
            lines.append(end < count ? bytes[start...end] : (bytes[start...] + [newline])[...])
            start = end + 1
        }
        return lines
    }

    /// The argument of an edit without leading blanks; postconf(1) takes only a single line.
    fileprivate func asEditArgument() throws(MainCF.ArgumentFault) -> ArraySlice<UInt8> {
        if contains(newline) { throw .multipleLines }
        let text = bytes.drop { $0.isSpace }
        if text.first == UInt8(ascii: "#") { throw .comment }
        return text
    }
}

extension UInt8 {
    /// What ends the name of a parameter for an edit: not quite what ends it for a reader.
    fileprivate var endsKey: Bool { isWordSeparator || self == UInt8(ascii: "=") || self == 0 }
}

private let newline = UInt8(ascii: "\n")
