// Splits `name = value`: split_nameval(3) of the Postfix library.
//
// One rule for main.cf lines, arguments of edits, and `-o` of master.cf alike.

package import Bytes

/// A `name = value` pair as read from one piece of text.
package struct NameValue: Hashable, Sendable {
    package var name: ByteString
    package var value: ByteString

    /// Splits text at the first `=`; blanks around both parts fall away.
    package init(_ text: ArraySlice<UInt8>) throws(NameValueFault) {
        let text = text.drop { $0.isSpace }
        guard let first = text.first, first != equals else { throw .missingName }
        let name = text.prefix { !$0.isSpace && $0 != equals }
        let rest = text[name.endIndex...].drop { $0.isSpace }
        guard rest.first == equals else { throw .missingEquals }
        self.name = ByteString(name)
        value = ByteString(rest.dropFirst().trimmed)
    }
}

/// What is wrong with a text that should be `name = value`.
package enum NameValueFault: Error, Hashable, Sendable {
    case missingName
    case missingEquals

    /// Postfix's own words for the fault.
    package var wording: ByteString {
        switch self {
        case .missingName: "missing attribute name"
        case .missingEquals: "missing '=' after attribute name"
        }
    }
}

private let equals = UInt8(ascii: "=")
