// Values of the kinds that configurations have: text, numbers in a range, times, sizes, choices.

extension TOMLTableReader {
    // Text.

    /// A string without control characters.
    package func string(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        return text(node, key, nil)
    }

    /// Strings: an array of them, or one alone.
    package func strings(_ key: String) -> [String]? {
        switch node(key) {
        case nil: return nil
        case .string(let one)?: return text(.string(one), key, nil).map { [$0] }
        case .array(let elements)?:
            let texts = elements.enumerated().map { text($1, key, $0) }
            return texts.allSatisfy { $0 != nil } ? texts.compactMap(\.self) : nil
        case let other?:
            wrongKind(key, other, "a string in quotation marks, or an array of such")
            return nil
        }
    }

    private func text(_ node: TOMLNode, _ key: String, _ index: Int?) -> String? {
        guard case .string(let text) = node else {
            wrongKind(key, at: index, node, "a string in quotation marks")
            return nil
        }
        let hasControls = text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        guard !hasControls else {
            let fault = "has a control character, such as a line end"
            if let index {
                complain(key, at: index, fault, mend: "take it out")
            } else {
                complain(key, fault, mend: "take it out")
            }
            return nil
        }
        return text
    }

    /// One of a few words.
    package func choice<Word: RawRepresentable & CaseIterable>(
        _ key: String, of type: Word.Type
    ) -> Word? where Word.RawValue == String {
        guard let word = string(key) else { return nil }
        guard let found = Word(rawValue: word) else {
            let words = Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            complain(key, "\"\(word)\" is unknown", mend: "write one of \(words)")
            return nil
        }
        return found
    }

    // Numbers.

    /// True or false.
    package func boolean(_ key: String) -> Bool? {
        switch node(key) {
        case nil: return nil
        case .boolean(let value)?: return value
        case let other?:
            wrongKind(key, other, "true or false, without quotation marks")
            return nil
        }
    }

    /// An integer in a range.
    package func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        switch node(key) {
        case nil: return nil
        case .integer(let value)?: return inRange(key, value, range, "\(value)")
        case let other?:
            wrongKind(key, other, "an integer without quotation marks")
            return nil
        }
    }

    /// Integers in a range: an array of them, or one alone.
    package func integers(_ key: String, in range: ClosedRange<Int>) -> [Int]? {
        guard let node = node(key) else { return nil }
        let elements = if case .array(let elements) = node { elements } else { [node] }
        var integers: [Int] = []
        for element in elements {
            guard case .integer(let integer) = element else {
                wrongKind(key, element, "integers, such as [1, 2]")
                return nil
            }
            guard let integer = inRange(key, integer, range, "\(integer)") else { return nil }
            integers.append(integer)
        }
        return integers
    }

    /// A number, with or without a point, in a range.
    package func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        let value: Double
        switch node(key) {
        case nil: return nil
        case .integer(let whole)?: value = Double(whole)
        case .number(let number)?: value = number
        case let other?:
            wrongKind(key, other, "a number without quotation marks")
            return nil
        }
        guard range.contains(value) else {
            complain(
                key, "\(value) is out of range",
                mend: "use \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    /// A time in seconds: an integer, or text such as "30s", "5m", "2h" or "1d".
    package func seconds(_ key: String, in range: ClosedRange<Int>) -> Int? {
        measure(key, in: range, units: Self.timeUnits, example: "seconds as 30, or \"30s\", \"5m\"")
    }

    /// A size in bytes: an integer, or text such as "50MB" or "50MiB".
    package func bytes(_ key: String, in range: ClosedRange<Int>) -> Int? {
        measure(
            key, in: range, units: Self.sizeUnits,
            example: "bytes as 1048576, or \"50MiB\", \"25MB\"")
    }

    private static let timeUnits = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    private static let sizeUnits = [
        "B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
    ]

    private func measure(
        _ key: String, in range: ClosedRange<Int>, units: [String: Int], example: String
    ) -> Int? {
        switch node(key) {
        case nil: return nil
        case .integer(let value)?: return inRange(key, value, range, "\(value)")
        case .string(let text)?:
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            let unit = text.dropFirst(digits.count).drop { $0 == " " }
            guard let number = Int(digits), let factor = units[String(unit)] else {
                let shown = text.filter { !$0.isNewline }
                complain(key, "\"\(shown)\" cannot be understood", mend: "write \(example)")
                return nil
            }
            let (value, overflow) = number.multipliedReportingOverflow(by: factor)
            return inRange(key, overflow ? .max : value, range, "\"\(text)\"")
        case let other?:
            wrongKind(key, other, example)
            return nil
        }
    }

    private func inRange(
        _ key: String, _ value: Int, _ range: ClosedRange<Int>, _ shown: String
    ) -> Int? {
        guard range.contains(value) else {
            complain(
                key, "\(shown) is out of range",
                mend: "use \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }
}
