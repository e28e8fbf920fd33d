// What can be wrong with a text that is to be expanded, and Postfix's own words for it.

package import Bytes

/// Something in a parameter value that Postfix warns of or dies of while expanding it.
package enum ExpansionProblem: Hashable, Sendable {
    /// A `${` or `$(` that is not closed.
    case truncatedReference(text: ByteString)
    /// A `$` without a name.
    case emptyName(text: ByteString)
    /// More than a hundred values that refer to each other, or one that refers to itself.
    case nesting(text: ByteString)
    /// Comparisons nested too deep, or values that double each other; Postfix has no words for it.
    case endless(text: ByteString)
    case unbalancedBraces(text: ByteString)
    case nameSyntax(after: ByteString, at: ByteString)
    case conditionExpected(at: ByteString)
    case colonExpected(after: ByteString, at: ByteString)
    case unexpectedInput(after: ByteString, at: ByteString)
    case operatorExpected(after: ByteString, at: ByteString)
    case operatorSuffix(operator: ByteString, suffix: ByteString)
    case operandExpected(left: ByteString, operator: ByteString, at: ByteString)
    case malformedLevel(text: ByteString)
    case functionArgument(function: ByteString, argument: ByteString)
    /// A number beyond 64 bits in a comparison; the only problem Postfix dies of at once.
    case numberTooLarge(text: ByteString)

    /// Postfix's own words, without "fatal:" or "warning:" in front.
    package var wording: ByteString {
        switch self {
        case .truncatedReference(let text): "truncated macro reference: \"\(text)\""
        case .emptyName(let text): "empty macro name: \"\(text)\""
        case .nesting(let text): "unreasonable macro call nesting: \"\(text)\""
        case .endless(let text): "unreasonable macro expansion: \"\(text)\""
        case .unbalancedBraces(let text):
            "unbalanced {} in attribute expression: \"\(text)\""
        case .nameSyntax(let before, let rest):
            "attribute name syntax error at: \"...\(before)>>>\(rest)\""
        case .conditionExpected(let rest): "\"?\" or \":\" expected at: \"...}>>>\(rest)\""
        case .colonExpected(let text, let rest):
            "\":\" expected at: \"...\(text)}>>>\(rest)\""
        case .unexpectedInput(let text, let rest):
            "unexpected input at: \"...\(text)}>>>\(rest)\""
        case .operatorExpected(let text, let rest):
            // The quotes are Postfix's.
            """
            "==" or "!="" or "<"" or "<="" or ">="" or ">" \
            expected at: "...\(text)}>>>\(rest)"
            """
        case .operatorSuffix(let symbol, let suffix):
            "bad operator suffix at: \"...\(symbol)>>>\(suffix)\""
        case .operandExpected(let left, let symbol, let rest):
            "\"{expression}\" expected at: \"...{\(left)} \(symbol)>>>\(rest)\""
        case .malformedLevel(let text): "malformed compatibility level syntax: \"\(text)\""
        case .functionArgument(let function, let argument):
            "bad domain argument in: '\(function){\(argument)}'"
        case .numberTooLarge(let text): "mac_exp_eval: bad conversion: \(text)"
        }
    }

    /// True if Postfix reports it as the reason it dies of, and not as a warning before that.
    package var isFatal: Bool {
        if case .numberTooLarge = self { true } else { false }
    }
}
