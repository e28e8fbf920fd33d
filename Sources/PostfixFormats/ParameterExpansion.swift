// Expands `$name` and its conditional forms in parameter values: postconf(5), mac_expand(3).
//
// Known are `$name`, `$(name)`, `${name}`, `${name?text}`, `${name:text}`, `${name?{a}:{b}}`,
// `${{x} == {y} ? {a} : {b}}` with all operators and the type suffix `level`, and `$$`. What
// Postfix tolerates is tolerated, what it warns of is reported. Nothing here may look at anything
// but the text and the source of values it was given.

package import Bytes

/// The expansion of parameter values.
package enum ParameterExpansion {
    /// Replaces everything that begins with `$`, recursively.
    ///
    /// Names without a value expand to nothing, as in Postfix. Whatever Postfix would warn of on
    /// the way it also dies of in the end, so there is a value or an error, and no warnings beside
    /// one.
    package static func expand(
        _ text: ByteString, in source: borrowing some ParameterSource
    ) throws(ExpansionError) -> ByteString {
        let text = text.bytes[...].asCString
        if !text.contains(dollar) { return ByteString(text) }
        var expander = Expander()
        try expander.expand(text, in: source)
        if expander.failed { throw ExpansionError(problems: expander.problems) }
        return ByteString(expander.result)
    }
}

/// Says why a text could not be expanded; Postfix's programs die of it.
package struct ExpansionError: Error, Hashable, Sendable {
    /// What was wrong, in the order in which Postfix reports it; never empty.
    package var problems: [ExpansionProblem]
}

/// The work of one expansion: the text is walked once, values are walked as they are met.
///
/// A syntax error does not end the walk at once, because Postfix goes on, and reports more.
struct Expander {
    var result: [UInt8] = []
    var problems: [ExpansionProblem] = []
    var failed = false
    /// How many comparisons this is an operand within.
    var comparisonDepth = 0
    var effort = Effort()
    private var level = 0

    /// Postfix's own limit.
    private static let maximumLevel = 100

    /// Expands text to the end of the result; `failed` says whether that went well.
    mutating func expand(
        _ text: ArraySlice<UInt8>, in source: borrowing some ParameterSource
    ) throws(ExpansionError) {
        var rest = text
        while true {
            let literal = Self.literal(in: &rest)
            let isLast = rest.isEmpty
            // Postfix drops the last piece after an error, and reports nothing of it.
            if !literal.isEmpty && !(isLast && failed) && enter(literal[...]) {
                result += literal
                level -= 1
            }
            if isLast { return }
            guard let expression = reference(in: &rest, of: text) else {
                failed = true
                return
            }
            if enter(expression) {
                if effort.isTooMuch { throw giveUp(.endless(text: ByteString(text))) }
                // An error does not count back, in Postfix either.
                if try evaluate(expression, in: source) { level -= 1 } else { failed = true }
            }
        }
    }

    /// Reports an error that ends the expansion at once.
    func giveUp(_ problem: ExpansionProblem) -> ExpansionError {
        ExpansionError(problems: problems + [problem])
    }

    /// Counts a piece of text as under way; false if nothing is to be done with it any more.
    private mutating func enter(_ piece: ArraySlice<UInt8>) -> Bool {
        level += 1
        effort.steps += 1
        if level > Self.maximumLevel + 1 {
            problems.append(.nesting(text: ByteString(piece)))
            failed = true
        }
        return !failed
    }

    /// Takes the text up to the next reference off the rest; `$$` stands for `$`.
    private static func literal(in rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var literal: [UInt8] = []
        while let byte = rest.first {
            let isDoubled = byte == dollar && rest.dropFirst().first == dollar
            if byte == dollar && !isDoubled { break }
            literal.append(byte)
            rest = rest.dropFirst(isDoubled ? 2 : 1)
        }
        return literal
    }

    /// Takes a reference off the rest and returns what stands within its braces, or the name.
    private mutating func reference(
        in rest: inout ArraySlice<UInt8>, of text: ArraySlice<UInt8>
    ) -> ArraySlice<UInt8>? {
        rest.removeFirst()
        let expression: ArraySlice<UInt8>
        if let opening = rest.first, let closing = opening.closingParenthesis {
            guard let length = rest.balancedLength(opening, closing) else {
                problems.append(.truncatedReference(text: ByteString(text)))
                return nil
            }
            // After an error Postfix goes on past a plain name only.
            if failed { return nil }
            expression = rest.dropFirst().prefix(length - 2)
            rest = rest.dropFirst(length)
        } else {
            expression = rest.prefix { $0.isNameCharacter }
            rest = rest[expression.endIndex...]
        }
        if expression.isEmpty {
            problems.append(.emptyName(text: ByteString(text)))
            return nil
        }
        return expression
    }
}

/// What an expansion has cost so far.
///
/// Postfix has no limit: values that double each other take it all time and memory there is.
struct Effort {
    var steps = 0
    /// The length of all values that were looked up, which the result cannot much exceed.
    var valueBytes = 0

    private static let maximumSteps = 100_000
    /// 16 MiB, far above any value that people write, is expanded in a fraction of a second.
    private static let maximumValueBytes = 1 << 24

    var isTooMuch: Bool { steps > Self.maximumSteps || valueBytes > Self.maximumValueBytes }
}

extension ArraySlice<UInt8> {
    /// The length of `{text}` at the start of the slice, braces included, other braces within it
    /// in pairs; nil if the closing one is missing: balpar(3) of the Postfix library.
    func balancedLength(_ opening: UInt8, _ closing: UInt8) -> Int? {
        var depth = 0
        for index in indices {
            if self[index] == opening { depth += 1 }
            if self[index] == closing { depth -= 1 }
            if depth == 0 { return index + 1 - startIndex }
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var closingParenthesis: UInt8? {
        switch self {
        case UInt8(ascii: "{"): UInt8(ascii: "}")
        case UInt8(ascii: "("): UInt8(ascii: ")")
        default: nil
        }
    }
}

private let dollar = UInt8(ascii: "$")
