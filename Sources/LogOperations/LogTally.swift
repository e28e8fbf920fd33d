// What was counted in logs so far, and how far they were read: kept in a file in between.
//
// The file is text, a fact a line. Whatever else it holds is taken for no file at all: then
// counting begins anew, which those who watch counters are used to.

package import Bytes
package import MailTrace

/// Counts since a beginning, and the places up to which logs were counted.
package struct LogTally: Hashable, Sendable {
    /// When counting began, in seconds since 1970.
    package var beganSeconds: Int
    /// The numbers of each instance, by its log name.
    package var counts: [ByteString: InstanceCounts] = [:]
    /// How often a part of a log was gone before it was counted.
    package var gaps = 0
    var bookmarks: [ByteString: Bookmark] = [:]
    var memory = LogMemory()

    /// The place up to which a log was counted.
    struct Bookmark: Hashable, Sendable {
        var inode: UInt64
        var offset: Int
    }

    private static let heading: ByteString = "postilion metrics 1"

    package init(beganSeconds: Int) { self.beganSeconds = beganSeconds }

    /// Reads what `text` wrote; nil if it is anything else.
    package init?(_ text: ByteString) {
        let lines = text.split { $0 == 0x0A }
        guard lines.first == Self.heading, lines.last == "end" else { return nil }
        self.init(beganSeconds: 0)
        for line in lines.dropFirst().dropLast() {
            guard take(line.split { $0 == 0x20 }, whole: line) else { return nil }
        }
    }

    private mutating func take(_ words: [ByteString], whole: ByteString) -> Bool {
        let numbers = words.dropFirst().map { Int($0.text) }
        switch words.first {
        case "began":
            guard words.count == 2, let seconds = numbers[0] else { return false }
            beganSeconds = seconds
        case "gaps":
            guard words.count == 2, let count = numbers[0] else { return false }
            gaps = count
        case "log":
            guard words.count > 3, let inode = UInt64(words[1].text), let offset = numbers[1]
            else { return false }
            // The path is the rest of the line, with its blanks.
            let start = 4 + words[1].count + 1 + words[2].count + 1
            bookmarks[whole.dropFirst(start)] = Bookmark(inode: inode, offset: offset)
        case "count":
            var instance = InstanceCounts()
            guard words.count == 2 + InstanceCounts.fields.count else { return false }
            for (field, number) in zip(InstanceCounts.fields, numbers.dropFirst()) {
                guard let number else { return false }
                instance[keyPath: field] = number
            }
            counts[words[1]] = instance
        case "message":
            guard words.count == 7, let rank = numbers[1], let time = numbers[2],
                let id = UInt64(words[4].text), let messageID = UInt64(words[5].text)
            else { return false }
            memory.entries.append(
                LogMemory.Entry(
                    instance: words[1], rank: rank, time: time, id: id, messageID: messageID,
                    isCounted: words[6] == "counted"))
        default: return false
        }
        return true
    }

    /// The tally as text.
    package var text: ByteString {
        var text: ByteString = "\(Self.heading)\nbegan \(beganSeconds)\ngaps \(gaps)\n"
        for (path, mark) in bookmarks.sorted(by: { $0.key < $1.key }) where !path.contains(0x0A) {
            text += "log \(String(mark.inode)) \(mark.offset) \(path)\n"
        }
        for (name, counts) in counts.sorted(by: { $0.key < $1.key }) where name.isWord {
            text += "count \(name)"
            for field in InstanceCounts.fields { text += " \(counts[keyPath: field])" }
            text += "\n"
        }
        for entry in memory.entries where entry.instance.isWord {
            text += "message \(entry.instance) \(entry.rank) \(entry.time) \(String(entry.id)) "
            text += "\(String(entry.messageID)) \(entry.isCounted ? "counted" : "new")\n"
        }
        return text + "end\n"
    }

    /// Adds what a summary of the newest part has counted.
    mutating func add(_ summary: [(name: ByteString, counts: InstanceCounts)]) {
        for (name, counts) in summary {
            for field in InstanceCounts.fields {
                self.counts[name, default: InstanceCounts()][keyPath: field] +=
                    counts[keyPath: field]
            }
        }
    }
}

extension ByteString {
    /// True if the name has nothing that ends it in a line of words.
    fileprivate var isWord: Bool { !isEmpty && bytes.allSatisfy { $0 > 0x20 } }
}

extension InstanceCounts {
    /// All numbers, in the order of the file.
    fileprivate static var fields: [WritableKeyPath<InstanceCounts, Int>] {
        [
            \.lines, \.connections, \.received, \.receivedFromOutside, \.rejected, \.sent,
            \.sentOutside, \.deferred, \.bounced, \.expired, \.warnings, \.errors,
        ]
    }
}
