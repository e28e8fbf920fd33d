// Whose line is it, asked for every line of a log as it comes: the quick form of TagOwners.
//
// Remembers what tags mean and which instance has which message; of messages only the latest, since
// a line is seldom far from the others about its message.

package import Bytes
package import PostfixFormats

/// The instances that log, by number.
package struct LineOwners {
    /// The names of instances, in the order in which they were learned.
    package private(set) var names: [ByteString] = []
    private var tags: [UInt64: Tag] = [:]
    private var recent: [UInt64: Int] = [:]
    private var older: [UInt64: Int] = [:]

    /// So many messages are remembered, and as many from before.
    private static let limitMessages = 100_000

    /// What a tag means.
    package struct Tag: Hashable, Sendable {
        /// The number of the instance.
        package var instance: Int
        package var daemon: Daemon
        /// The tag is the instance's name and a daemon, with no service between.
        var isPlain: Bool
    }

    /// What kind of program logs.
    package enum Daemon: Hashable, Sendable {
        case smtpd, postscreen, pickup, cleanup, qmgr, bounce, postsuper, delivery, other
    }

    /// Begins with the names that are known.
    package init(names: Set<ByteString> = []) { self.names = names.sorted() }

    /// Learns the names of instances from the beginning of a log.
    package mutating func learn(from log: any LogBytes) {
        // Any queue manager speaks within so many bytes; what comes later is learned on the way.
        let end = min(log.sizeBytes, 1 << 20)
        var found: Set<ByteString> = []
        LineSearch(["/qmgr[", "/pickup[", "/master["].map { Needle(text: $0) })
            .lines(of: log, from: 0, to: end) { line, _ in
                guard let line = LogLine(line), let slash = line.tag.bytes.lastIndex(of: 0x2F)
                else { return }
                found.insert(ByteString(line.tag.bytes[..<slash]))
            }
        for name in found.sorted() where !names.contains(name) { names.append(name) }
    }

    /// The tag of a line, by its instance's number and its daemon.
    package mutating func tag(_ bytes: borrowing Span<UInt8>, _ head: LogHead) -> Tag {
        let hash = bytes.hash(of: head.tag)
        if let tag = tags[hash] { return tag }
        let tag = understand(ByteString(copying: bytes, head.tag))
        // Whoever writes into a log can use any tag; only so many are worth keeping.
        if tags.count < 10_000 { tags[hash] = tag }
        return tag
    }

    /// The instance that a line is of, with the message that it names if there is one.
    package mutating func owner(
        _ bytes: borrowing Span<UInt8>, _ tag: Tag, id: Range<Int>?
    ) -> Int {
        guard let id else { return tag.instance }
        let hash = bytes.hash(of: id)
        let holder = recent[hash] ?? older[hash]
        switch tag.daemon {
        case .cleanup, .qmgr, .pickup, .bounce:
            if holder != tag.instance { remember(hash, tag.instance) }
            return tag.instance
        case .smtpd: return tag.instance
        case .postscreen, .postsuper, .delivery, .other: return holder ?? tag.instance
        }
    }

    /// Notes which instance has a message, by the number that stands for its queue id.
    mutating func remember(_ hash: UInt64, _ instance: Int) {
        if recent.count >= Self.limitMessages {
            older = recent
            recent = [:]
        }
        recent[hash] = instance
    }

    private mutating func understand(_ tag: ByteString) -> Tag {
        let slash = tag.bytes.lastIndex(of: 0x2F)
        let name = slash.map { ByteString(tag.bytes[..<$0]) } ?? tag
        let daemon = slash.map { ByteString(tag.bytes[($0 + 1)...]) } ?? ""
        let ends = name.bytes.indices.filter { name.bytes[$0] == 0x2F }.reversed()
        let beginnings = [name] + ends.map { ByteString(name.bytes[..<$0]) }
        let kind = Daemon(daemon)
        var owner = beginnings.first(where: names.contains)
        if owner == nil {
            owner = kind == .qmgr || kind == .pickup ? name : beginnings.last
            if let owner { names.append(owner) }
        }
        let instance = owner.flatMap { names.firstIndex(of: $0) } ?? 0
        return Tag(instance: instance, daemon: kind, isPlain: owner == name)
    }
}

extension LineOwners.Daemon {
    fileprivate init(_ name: ByteString) {
        switch name {
        case "smtpd": self = .smtpd
        case "postscreen": self = .postscreen
        case "pickup": self = .pickup
        case "cleanup": self = .cleanup
        case "qmgr", "nqmgr", "oqmgr": self = .qmgr
        case "bounce": self = .bounce
        case "postsuper": self = .postsuper
        case "smtp", "lmtp", "local", "virtual", "pipe", "error", "retry", "discard":
            self = .delivery
        default: self = .other
        }
    }
}

extension Span<UInt8> {
    /// A number for a piece of text (FNV-1a).
    ///
    /// Two texts can have the same one, if someone wants it.
    func hash(of range: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for place in range { hash = (hash ^ UInt64(self[place])) &* 0x100_0000_01B3 }
        return hash
    }

    /// True if `word` stands at a place, and all of it before `end`.
    func has(_ word: StaticString, at place: Int, end: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard place + length <= end else { return false }
        var index = place
        for byte in "\(word)".utf8 {
            if self[index] != byte { return false }
            index += 1
        }
        return true
    }

    /// Where the text after a place names a message: "ID: ".
    func queueID(from start: Int, to end: Int) -> Range<Int>? {
        var place = start
        while place < end, isLetterOrDigit(self[place]) { place += 1 }
        guard (6...40).contains(place - start), place + 1 < end, self[place] == 0x3A,
            self[place + 1] == 0x20,
            (0x30...0x39).contains(self[start]) || self[start] < 0x47
                || place - start >= 12
        else { return nil }
        return start..<place
    }
}
