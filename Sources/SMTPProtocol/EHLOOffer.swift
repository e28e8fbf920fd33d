// What a server offers in its reply to EHLO, and how much of it a proxy can pass on.

/// The keyword lines of a reply to EHLO.
package struct EHLOOffer: Equatable, Sendable {
    /// The reply without what the proxy cannot carry, ready for the client.
    package let reply: [UInt8]
    /// The keywords passed on, in upper case.
    package let keywords: Set<[UInt8]>

    /// Reads a complete reply to EHLO.
    ///
    /// With a size limit of our own the smaller one is announced; 0 is no limit (RFC 1870).
    package init(_ bytes: Span<UInt8>, _ extent: ReplyExtent, sizeLimit: Int) {
        var lines: [[UInt8]] = []
        var keywords: Set<[UInt8]> = []
        var start = extent.range.lowerBound
        while let end = bytes.lineFeed(from: start), end < extent.range.upperBound {
            let text = bytes.copy(min(start + 4, end - 1)..<end - 1)
            start = end + 1
            // The first line is the server's name.
            guard !lines.isEmpty else {
                lines.append(text)
                continue
            }
            let keyword = text.prefix { !$0.isBlank && $0 != UInt8(ascii: "=") }
                .map(\.uppercased)
            guard Self.carries(keyword) else { continue }
            keywords.insert(keyword)
            let isSize = keyword == Array("SIZE".utf8) && sizeLimit > 0
            lines.append(isSize ? Self.size(text, atMost: sizeLimit) : text)
        }
        var reply: [UInt8] = []
        for (index, line) in lines.enumerated() {
            let separator = index == lines.count - 1 ? " " : "-"
            reply += Array("\(extent.code)\(separator)".utf8) + line + [.carriageReturn, .lineFeed]
        }
        self.reply = reply
        self.keywords = keywords
    }

    /// True if clients may send commands ahead of the replies (RFC 2920).
    var hasPipelining: Bool { keywords.contains(Array("PIPELINING".utf8)) }

    /// True if the extension adds nothing but parameters and single-line commands.
    ///
    /// Encryption, authentication, chunks, and more replies than one to a message change how the
    /// bytes are to be read, and other verbs begin messages in other ways. Experimental ones may
    /// do anything, but XFORWARD is known.
    private static func carries(_ keyword: [UInt8]) -> Bool {
        if refused.contains(keyword) { return false }
        return keyword.first != UInt8(ascii: "X") || keyword == Array("XFORWARD".utf8)
    }

    private static let refused = Set(
        [
            "STARTTLS", "AUTH", "CHUNKING", "BINARYMIME", "BURL", "TURN", "ATRN", "PRDR",
            "CHECKPOINT", "ONEX", "VERB", "SEND", "SOML", "SAML",
        ].map { Array($0.utf8) })

    /// The line of keyword SIZE with the smaller limit.
    private static func size(_ text: [UInt8], atMost limit: Int) -> [UInt8] {
        let digits = text.drop { !$0.isDigit }.prefix(while: \.isDigit)
        // A number too large for us is larger than any limit of ours.
        let theirs = Int(String(decoding: digits, as: UTF8.self)) ?? 0
        return Array("SIZE \(theirs == 0 ? limit : min(theirs, limit))".utf8)
    }
}
