// How a row says where ours differs from the stock program, and what each is to do instead.
//
// Both sides are stated by hand: the stock's, so that the row notices when upstream changes, and
// ours, from the documented design. What a mend does not mention must be equal.

import Bytes
import TestSupport

/// A difference on purpose, documented under its id in Documentation/compatibility.md.
struct Mend: Sendable {
    var id: String
    /// The release of Postfix that mended it as well; both programs are equal from there on.
    var mendedUpstream: PostfixVersion?
    var differences: [Difference]

    init(_ id: String, mendedUpstream: String? = nil, _ differences: Difference...) {
        self.id = id
        self.mendedUpstream = mendedUpstream.map { PostfixVersion($0) }
        self.differences = differences
    }

    /// Before 3.11 postmulti's own messages go to standard error only if that is a terminal.
    static func offTerminal(_ message: ByteString) -> Mend {
        Mend(
            "messages-off-terminal", mendedUpstream: "3.11",
            .errors(stock: .empty, ours: .exactly(message)))
    }

    /// So do before 3.8 the messages of the stock program's helper script; since then they get
    /// there under the name of the program that brings them.
    static func helperOffTerminal(_ message: ByteString) -> Mend {
        let isQuiet = TestedPostfix.version < PostfixVersion("3.8")
        return Mend(
            "messages-off-terminal",
            .errors(
                stock: isQuiet ? .empty : .exactly("postfix/postlog: \(message)\n"),
                ours: .exactly("postfix/postmulti-script: \(message)\n")))
    }
}

/// One part of the outcome in which the two programs differ.
///
/// Answers are those of the row's last step unless another is named; the first is number 1.
enum Difference: Sendable {
    case output(stock: Claim, ours: Claim, step: Int? = nil)
    case errors(stock: Claim, ours: Claim, step: Int? = nil)
    case status(stock: Int, ours: Int, step: Int? = nil)
    case log(stock: Claim, ours: Claim)
    /// Names below one of these paths, described as in `Outcome.tree`.
    case tree(below: [String], stock: Claim, ours: Claim)
    /// The bytes of a main.cf or master.cf; a file that is not there counts as empty.
    case file(String, stock: Claim, ours: Claim)
}

/// What a text must be like.
enum Claim: Sendable {
    case exactly(ByteString)
    /// Each of these must occur.
    case has([ByteString])
    /// None of these may occur.
    case lacks([ByteString])
    case both([Claim])

    static let empty = Claim.exactly("")

    static func has(_ parts: ByteString...) -> Claim { .has(parts) }
    static func lacks(_ parts: ByteString...) -> Claim { .lacks(parts) }

    /// What is wrong with the text; empty if nothing.
    func complaints(about text: ByteString) -> [String] {
        switch self {
        case .exactly(let expected):
            return text == expected ? [] : ["expected exactly: \(expected.text)"]
        case .has(let parts):
            return parts.filter { !text.occurs($0) }.map { "expected to find: \($0.text)" }
        case .lacks(let parts):
            return parts.filter { text.occurs($0) }.map { "expected not to find: \($0.text)" }
        case .both(let claims):
            return claims.flatMap { $0.complaints(about: text) }
        }
    }
}

extension ByteString {
    /// True if the other string is somewhere in this one.
    func occurs(_ other: ByteString) -> Bool {
        guard let first = other.bytes.first else { return true }
        guard other.count <= count else { return false }
        for start in 0...(count - other.count) where bytes[start] == first {
            if bytes[start..<start + other.count].elementsEqual(other.bytes) { return true }
        }
        return false
    }
}
