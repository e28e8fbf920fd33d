// How a service is written to master.cf: the columns and line breaks of postconf(1).
//
// One thing is better than there: a word that would be read back otherwise is always put in braces
// (postconf leaves an empty word, one that begins with a brace, one with a "#" that comes to stand
// at the start of a line, and the first word after the options as they are, and so loses or splits
// them).

package import Bytes

extension MasterService {
    /// The service as text, with a newline at the end.
    ///
    /// Folded, each option with a value gets its own line, and long lines are broken where words
    /// end.
    package func formatted(folded: Bool) -> ByteString {
        var text: [UInt8] = []
        var lineLength = 0
        func add(_ piece: ByteString) {
            text += piece.bytes
            lineLength += piece.count
        }

        for field in Field.allCases {
            if field != .service {
                repeat { add(" ") } while lineLength < columns[field.rawValue]
            }
            add(self[field])
        }
        for var item in items {
            // An option with a value has a line of its own, nothing before nor after it.
            if item.isSetting { lineLength = lineLimit }
            if lineLength > indent.count {
                if folded && lineLength + 1 + item.reckonedLength >= lineLimit {
                    text.append(UInt8(ascii: "\n"))
                    lineLength = 0
                    add(indent)
                    // At the start of a line it would be a comment.
                    if item.text.bytes.first == UInt8(ascii: "#") { item.text = "{\(item.text)}" }
                } else {
                    add(" ")
                }
            }
            add(item.text)
            if item.isSetting { lineLength = lineLimit }
        }
        text.append(UInt8(ascii: "\n"))
        return ByteString(text)
    }

    /// False if some word could not be read back: braces in pairs are the only way to quote.
    var isWritable: Bool {
        (try? MasterService(line: formatted(folded: false)))?.words == words
    }

    /// The command with its arguments in one line, to be read back as it is.
    package var commandLine: ByteString {
        items.reduce(self[.command]) { line, item in "\(line) \(item.text)" }
    }

    /// A word, or an option with its value, which stay on one line.
    private struct Item {
        var text: ByteString
        /// The length that postconf goes by when it breaks lines: it forgets the braces.
        var reckonedLength: Int
        var isSetting = false
    }

    private var items: [Item] {
        var items: [Item] = []
        var rest = arguments[...]
        while let word = rest.first, Self.isOption(word) {
            rest.removeFirst()
            // An argument in braces may look like an option once it is read; an option that is one
            // was taken apart.
            let isWhole = word.splitOutsideBraces { $0.isWordSeparator } == [word]
            let isOption = isWhole && (word == "-o" || !word.contains(UInt8(ascii: "o")))
            if isOption, Self.takesValue(word), let value = rest.popFirst() {
                let text: ByteString = "\(word) \(value.inBracesIfNeeded)"
                items.append(Item(text: text, reckonedLength: text.count, isSetting: true))
            } else {
                items.append(
                    Item(text: isOption ? word : "{\(word)}", reckonedLength: word.count))
            }
        }
        return items + rest.map { Item(text: $0.inBracesIfNeeded, reckonedLength: $0.count) }
    }
}

extension ByteString {
    /// The word with braces around it if without them it would be read as something else.
    fileprivate var inBracesIfNeeded: ByteString {
        let isPlain = bytes.first != UInt8(ascii: "{") && !bytes.contains { $0.isWordSeparator }
        return isPlain && !isEmpty ? self : "{\(self)}"
    }
}

/// Where postconf(1) likes each field to begin.
private let columns = [0, 11, 17, 25, 33, 41, 49, 57]
private let indent: ByteString = "    "
private let lineLimit = 80
