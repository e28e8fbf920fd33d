// Settings of main.cf that belong to somebody: a comment above each says so, and why it is there.
//
// The comment is the only record of ownership, so that who reads the file sees it too. A setting
// that already has the wanted value, and is nobody's, is left as it stands.

package import Bytes

/// The comment that marks what belongs to a blueprint, in main.cf, master.cf and tables.
package struct OwnershipMark: Hashable, Sendable {
    /// The mark without a reason.
    private static let word: ByteString = "# blueprint"

    /// The comment above what is owned, on one line, without newline.
    package let line: ByteString

    /// - Parameter reason: Why it is there; nil if only its owner knows.
    package init(reason: ByteString?) {
        line = reason.map { "\(Self.word): \($0.oneLine)" } ?? Self.word
    }

    /// True for a line, with its newline or without, that is such a comment.
    package static func isMark(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: word.bytes) else { return false }
        let next = line.dropFirst(word.count).first
        return next == nil || next == UInt8(ascii: ":") || next == UInt8(ascii: "\n")
    }
}

/// A setting that is to be in main.cf, and why.
package struct OwnedSetting: Hashable, Sendable {
    package var name: ByteString
    package var value: ByteString
    /// Why; nil lets the reason stand that is there.
    package var reason: ByteString?

    package init(_ name: ByteString, _ value: ByteString, reason: ByteString? = nil) {
        self.name = name
        self.value = value
        self.reason = reason
    }

    /// The value as it comes to stand in main.cf.
    fileprivate var written: ByteString { MainCF.Assignment(name, value).value }

    fileprivate var lines: [UInt8] {
        let text: ByteString = "\(OwnershipMark(reason: reason).line)\n\(name) = \(written)\n"
        return text.bytes
    }
}

extension ByteString {
    /// The text with a blank for every line end and tab: what Postfix takes for the same value.
    package var withBlanksOnly: ByteString {
        ByteString(bytes.map { (0x09...0x0D).contains($0) ? 0x20 : $0 })
    }
}

extension MainCF {
    /// The names of the parameters that have the mark.
    package var ownedNames: [ByteString] { blocks.filter(\.isOwned).compactMap(\.name) }

    /// The file with exactly these settings owned.
    ///
    /// Of a parameter that stands there several times the last one counts, for Postfix and here.
    /// New settings come to the end, in the order given. What is owned and not
    /// wanted any more goes.
    package func owning(_ settings: [OwnedSetting]) -> MainCF {
        var wanted: [ByteString: OwnedSetting] = [:]
        for setting in settings { wanted[setting.name] = setting }
        let blocks = blocks
        var last: [ByteString: Int] = [:]
        for (index, block) in blocks.enumerated() {
            if let name = block.name { last[name] = index }
        }
        var result: [UInt8] = []
        for (index, block) in blocks.enumerated() {
            guard let name = block.name, let setting = wanted[name], last[name] == index else {
                if block.isOwned, block.name.map({ wanted[$0] == nil }) ?? false {
                    // A mark that stood above nothing must not come to stand above what follows.
                    while let mark = result.lastLine, OwnershipMark.isMark(mark) {
                        result.removeLast(mark.count)
                    }
                    result += block.replaced(by: [])
                } else {
                    result += block.bytes
                }
                continue
            }
            let isSo = value(of: name)?.withBlanksOnly == setting.written.withBlanksOnly
            let mayStay = !block.isOwned || setting.reason == nil
            result += isSo && mayStay ? block.bytes : block.replaced(by: setting.lines)
        }
        for setting in settings where last[setting.name] == nil && wanted[setting.name] == setting {
            result += setting.lines
            last[setting.name] = blocks.count
        }
        return MainCF(ByteString(result))
    }

    /// The lines of the file, those of a parameter together with the mark above it.
    private var blocks: [OwnedBlock] {
        var blocks: [OwnedBlock] = []
        var mark: ArraySlice<UInt8>?
        for line in text.physicalLines {
            let content = line.drop { $0.isSpace }
            let isText = content.first.map { $0 != UInt8(ascii: "#") } ?? false
            if isText, content.startIndex == line.startIndex {
                let name = ByteString(line.prefix { !$0.isSpace && $0 != UInt8(ascii: "=") })
                blocks.append(OwnedBlock(mark: mark, name: name, line: line))
                mark = nil
                continue
            }
            if let mark { blocks.addComment(mark) }
            mark = nil
            if isText, blocks.last?.name != nil {
                blocks[blocks.count - 1].take(line)
            } else if OwnershipMark.isMark(line) {
                mark = line
            } else {
                blocks.addComment(line)
            }
        }
        if let mark { blocks.addComment(mark) }
        return blocks
    }
}

extension [UInt8] {
    /// The last line with its newline; nil if there is none.
    fileprivate var lastLine: ArraySlice<UInt8>? {
        guard !isEmpty else { return nil }
        let before = dropLast().lastIndex(of: UInt8(ascii: "\n"))
        return self[(before.map { $0 + 1 } ?? 0)...]
    }
}

extension [OwnedBlock] {
    /// Adds a line without content: it may stand in the midst of a parameter, or behind it.
    fileprivate mutating func addComment(_ line: ArraySlice<UInt8>) {
        if last?.name != nil {
            self[count - 1].pending.append(line)
        } else if !isEmpty {
            // Nearly all of a main.cf is comments in front of the first parameter.
            self[count - 1].take(line)
        } else {
            append(OwnedBlock(mark: nil, name: nil, line: line))
        }
    }
}

/// Some lines of a file that belong together.
struct OwnedBlock {
    private let mark: ArraySlice<UInt8>?
    /// The parameter that they set; nil for comments and blank lines.
    let name: ByteString?
    private var lines: [ArraySlice<UInt8>]
    /// Comments and blank lines behind the last line with content.
    var pending: [ArraySlice<UInt8>] = []

    init(mark: ArraySlice<UInt8>?, name: ByteString?, line: ArraySlice<UInt8>) {
        self.mark = mark
        self.name = name
        lines = [line]
    }

    var isOwned: Bool { mark != nil }

    var bytes: [UInt8] {
        var bytes = Array(mark ?? [])
        for line in lines { bytes += line }
        for line in pending { bytes += line }
        return bytes
    }

    /// Adds a line that continues the parameter, or the comments.
    mutating func take(_ line: ArraySlice<UInt8>) {
        lines += pending
        lines.append(line)
        pending = []
    }

    /// All that is no comment replaced; comments stay behind it.
    func replaced(by text: [UInt8]) -> [UInt8] {
        let comments = lines.filter { line in
            let content = line.drop { $0.isSpace }
            return content.first.map { $0 == UInt8(ascii: "#") } ?? true
        }
        return text + Array((comments + pending).joined())
    }
}
