// What a client may conclude from its side of a session: a reading of its own, which shares no
// code with the product, of what it has said and which replies it got.

/// A session as its client sees it.
struct SMTPOracle {
    /// A message that the client has ended, and the reply.
    struct Content {
        /// What came over the wire, with the end.
        let bytes: [UInt8]
        let reply: [UInt8]
        var isAccepted: Bool { reply.first == UInt8(ascii: "2") }
    }

    /// The lines that were read as commands, without their ends.
    private(set) var commands: [[UInt8]] = []
    /// Commands that have been answered, with the reply.
    private(set) var answered: [(command: [UInt8], reply: [UInt8])] = []
    /// Messages that have been answered.
    private(set) var contents: [Content] = []
    /// Messages that have not.
    private(set) var unanswered: [[UInt8]] = []
    /// Replies that no command was answered by.
    private(set) var extra: ArraySlice<[UInt8]>
    /// How many replies the client waits for.
    private(set) var owed = 0

    private let commandLineLimit: Int

    /// Reads what the client has said and the proxy has read, and what it was told.
    init(said: [UInt8], told: [UInt8], commandLineLimit: Int) {
        self.commandLineLimit = commandLineLimit
        extra = Self.replies(in: told)[...]
        // The greeting.
        _ = extra.popFirst()
        var rest = said[...]
        while let end = rest.firstIndex(of: lineFeed) {
            let line = rest[...end]
            rest = rest[(end + 1)...]
            commands.append(Self.withoutEnd(line))
            rest = rest.dropFirst(chunkLength(line))
            guard let reply = extra.popFirst() else {
                owed += 1
                continue
            }
            answered.append((Self.withoutEnd(line), reply))
            if reply.starts(with: "354".utf8) { takeContent(&rest) }
        }
        // A line that is too long is answered before it ends.
        if rest.count >= commandLineLimit, extra.popFirst() == nil { owed += 1 }
    }

    private mutating func takeContent(_ rest: inout ArraySlice<UInt8>) {
        guard let end = Self.end(of: rest) else {
            rest = []
            return
        }
        let bytes = Array(rest[..<end])
        rest = rest[end...]
        if let reply = extra.popFirst() {
            contents.append(Content(bytes: bytes, reply: reply))
        } else {
            unanswered.append(bytes)
            owed += 1
        }
    }

    /// The place behind the lone dot.
    private static func end(of content: ArraySlice<UInt8>) -> Int? {
        let dot = Array(".\r\n".utf8)
        if content.starts(with: dot) { return content.startIndex + 3 }
        let mark = Array("\r\n.\r\n".utf8)
        return content.indices.first { content[$0...].starts(with: mark) }.map { $0 + mark.count }
    }

    /// How many bytes behind the line belong to it.
    private func chunkLength(_ line: ArraySlice<UInt8>) -> Int {
        let words = Self.withoutEnd(line).split { $0 == 0x20 || $0 == 0x09 }
        guard line.count <= commandLineLimit, Self.isSound(line), line.first != 0x20,
            line.first != 0x09, words.count > 1,
            String(decoding: words[0], as: UTF8.self)
                .uppercased() == "BDAT"
        else { return 0 }
        return Int(String(decoding: words[1], as: UTF8.self)).map { max($0, 0) } ?? 0
    }

    /// True if each CR and LF is part of a line end, and no NUL is there.
    static func isSound(_ bytes: some Collection<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            if (byte == lineFeed) != (previous == carriageReturn) || byte == 0 { return false }
            previous = byte
        }
        return previous != carriageReturn
    }

    /// The same for content, in which a NUL may be.
    static func isSoundContent(_ bytes: [UInt8]) -> Bool {
        isSound(bytes.map { $0 == 0 ? 0x20 : $0 })
    }

    /// True for a single line that refuses: that is what any command may be answered.
    static func isRefusal(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.starts(with: "4".utf8) || bytes.starts(with: "5".utf8)
            ? bytes.count > 5 && bytes[1...2].allSatisfy { (0x30...0x39).contains($0) }
                && bytes[3] == 0x20 && bytes.firstIndex(of: 0x0A) == bytes.count - 1
                && bytes[bytes.count - 2] == 0x0D && !text.hasPrefix("421")
            : false
    }

    private static func withoutEnd(_ line: ArraySlice<UInt8>) -> [UInt8] {
        let text = line.dropLast()
        return Array(text.last == carriageReturn ? text.dropLast() : text)
    }

    private static func replies(in told: [UInt8]) -> [[UInt8]] {
        var replies: [[UInt8]] = []
        var reply: [UInt8] = []
        for line in told.split(separator: lineFeed, omittingEmptySubsequences: true) {
            reply += line + [lineFeed]
            guard line.dropFirst(3).first != UInt8(ascii: "-") else { continue }
            replies.append(reply)
            reply = []
        }
        return replies
    }

    /// A message without the fields whose name is this letter, read as a whole.
    static func removing(_ letter: UInt8, from content: [UInt8]) -> [UInt8] {
        var kept: [UInt8] = []
        var isHeader = true
        var goes = false
        for line in content.split(separator: lineFeed, omittingEmptySubsequences: false) {
            if line.elementsEqual([carriageReturn]) { isHeader = false }
            if !isBlank(line.first) {
                let blanks = line.dropFirst().prefix { isBlank($0) }
                let behind = line.dropFirst(1 + blanks.count).first
                // So many blanks are taken for what nobody would write behind anything else.
                goes =
                    line.first.map { $0 & 0xDF } == letter
                    && (behind == UInt8(ascii: ":") || blanks.count > 64)
            }
            if !(isHeader && goes) { kept += line + [lineFeed] }
        }
        return kept.dropLast()
    }

    private static func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
}

private let carriageReturn: UInt8 = 0x0D
private let lineFeed: UInt8 = 0x0A
