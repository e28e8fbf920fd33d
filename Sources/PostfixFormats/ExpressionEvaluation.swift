// What stands between the braces of `${...}`: a name or a comparison, and what to make of it.
//
// This is the grammar of mac_expand(3) of the Postfix library with all its leniency. Postfix 3.11
// adds functions, `${name{text}}`; its manual names one of them.

import Bytes

extension Expander {
    /// Appends the value of an expression to the result; false after an error of its own.
    ///
    /// An error in a value that the expression refers to shows in `failed` only.
    mutating func evaluate(
        _ expression: ArraySlice<UInt8>, in source: borrowing some ParameterSource
    ) throws(ExpansionError) -> Bool {
        var rest = expression
        let value: ArraySlice<UInt8>
        if rest.skipToBrace() {
            guard let truth = try comparison(in: &rest, source) else { return false }
            value = truth ? Array("true".utf8)[...] : []
            if let operation = rest.first, !operation.isConditional {
                problems.append(.conditionExpected(at: ByteString(rest.prefix(20))))
                return false
            }
        } else {
            guard let name = name(in: &rest, of: expression) else { return false }
            if rest.first == openingBrace { return try call(name, on: &rest, source) }
            value = source.unexpandedValue(of: name)?.bytes[...] ?? []
            effort.valueBytes += value.count
        }

        switch rest.popFirst() {
        case nil:
            try expand(value, in: source)
            return true
        case questionMark:
            guard let text = branch(in: &rest) else { return false }
            if !value.isEmpty { try expand(text, in: source) }
            if rest.isEmpty { return true }
            if rest.first != colon {
                problems.append(
                    .colonExpected(after: ByteString(text), at: ByteString(rest.prefix(20))))
                return false
            }
            rest.removeFirst()
        default:
            break
        }
        guard let text = branch(in: &rest) else { return false }
        if value.isEmpty { try expand(text, in: source) }
        if rest.isEmpty { return true }
        problems.append(.unexpectedInput(after: ByteString(text), at: ByteString(rest.prefix(20))))
        return false
    }

    /// Takes a name off the rest, which then begins with `?` or `:` or is empty.
    ///
    /// Behind the name of a function it begins with a brace.
    private mutating func name(
        in rest: inout ArraySlice<UInt8>, of expression: ArraySlice<UInt8>
    ) -> ByteString? {
        let start = rest.drop { $0.isWordSeparator }
        let name = start.prefix { $0.isNameCharacter }
        rest = start[name.endIndex...].drop { $0.isWordSeparator }
        if rest.isEmpty || rest.first?.isConditional == true { return ByteString(name) }
        if rest.first == openingBrace, ByteString(name) == toASCII { return toASCII }
        problems.append(
            .nameSyntax(
                after: ByteString(expression[..<name.endIndex]),
                at: ByteString(expression[name.endIndex...].prefix(20))))
        return nil
    }

    /// Appends what a function makes of its argument to the result; false after an error.
    private mutating func call(
        _ function: ByteString, on rest: inout ArraySlice<UInt8>,
        _ source: borrowing some ParameterSource
    ) throws(ExpansionError) -> Bool {
        guard let text = payload(in: &rest)?.trimmed else { return false }
        if !rest.isEmpty {
            problems.append(
                .unexpectedInput(after: ByteString(text), at: ByteString(rest.prefix(20))))
            return false
        }
        let argument = try operand(text, in: source)
        if failed { return false }
        // A name in ASCII stays as it is; others would need the tables of Unicode.
        if argument.bytes.contains(where: { $0 > 0x7F }) {
            problems.append(.functionArgument(function: function, argument: argument))
            return false
        }
        result += argument.bytes
        return true
    }

    /// Takes the text after `?` or `:` off the rest: `{text}`, or all there is.
    private mutating func branch(in rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        if rest.skipToBrace() { return payload(in: &rest) }
        defer { rest = [] }
        return rest
    }

    /// Takes `{text}` and the blanks after it off the rest and returns the text.
    private mutating func payload(in rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let length = rest.balancedLength(openingBrace, UInt8(ascii: "}")) else {
            problems.append(.unbalancedBraces(text: ByteString(rest)))
            return nil
        }
        let text = rest.dropFirst().prefix(length - 2)
        rest = rest.dropFirst(length).drop { $0.isWordSeparator }
        return text
    }

    /// Takes `{text} operator {text}` off the rest and compares; nil after an error.
    private mutating func comparison(
        in rest: inout ArraySlice<UInt8>, _ source: borrowing some ParameterSource
    ) throws(ExpansionError) -> Bool? {
        guard let left = payload(in: &rest) else { return nil }
        let symbol = rest.prefix { comparisonCharacters.contains($0) }
        guard let relation = Comparison.Relation(rawValue: ByteString(symbol)) else {
            problems.append(
                .operatorExpected(after: ByteString(left), at: ByteString(rest.prefix(20))))
            return nil
        }
        rest = rest[symbol.endIndex...]
        let suffix = rest.prefix { $0.isAlphanumeric }
        guard let type = Comparison.OperandType(rawValue: ByteString(suffix)) else {
            problems.append(
                .operatorSuffix(operator: ByteString(symbol), suffix: ByteString(suffix)))
            return nil
        }
        rest = rest[suffix.endIndex...]
        guard rest.skipToBrace() else {
            problems.append(
                .operandExpected(
                    left: ByteString(left), operator: ByteString(symbol),
                    at: ByteString(rest.prefix(20))))
            return nil
        }
        guard let right = payload(in: &rest) else { return nil }

        let operands = (try operand(left, in: source), try operand(right, in: source))
        let comparison = Comparison(relation: relation, type: type)
        switch comparison.holds(operands.0, operands.1) {
        case .success(let holds): return failed ? nil : holds
        case .failure(.malformedLevel(let text)):
            problems.append(.malformedLevel(text: text))
            return nil
        case .failure(.numberTooLarge(let text)):
            throw giveUp(.numberTooLarge(text: text))
        }
    }

    /// Expands an operand on its own: levels are counted anew, as Postfix does.
    private mutating func operand(
        _ text: ArraySlice<UInt8>, in source: borrowing some ParameterSource
    ) throws(ExpansionError) -> ByteString {
        if comparisonDepth >= maximumComparisonDepth {
            throw giveUp(.endless(text: ByteString(text)))
        }
        var expander = Expander()
        expander.comparisonDepth = comparisonDepth + 1
        expander.effort = effort
        expander.problems = problems
        try expander.expand(text, in: source)
        problems = expander.problems
        effort = expander.effort
        failed = failed || expander.failed
        return ByteString(expander.result)
    }
}

extension ArraySlice<UInt8> {
    /// Drops blanks if a brace follows them; otherwise leaves the slice alone.
    fileprivate mutating func skipToBrace() -> Bool {
        let rest = drop { $0.isWordSeparator }
        if rest.first != openingBrace { return false }
        self = rest
        return true
    }
}

extension UInt8 {
    fileprivate var isConditional: Bool { self == questionMark || self == colon }
}

private let toASCII: ByteString = "domain_to_ascii"
private let openingBrace = UInt8(ascii: "{")
private let questionMark = UInt8(ascii: "?")
private let colon = UInt8(ascii: ":")
/// More than the operators that exist, so that a mistyped one is reported whole.
private let comparisonCharacters = Array("<>!=?+-*/~&|%".utf8)
/// Postfix has no limit and overflows its stack; nobody nests comparisons this deep.
private let maximumComparisonDepth = 20
