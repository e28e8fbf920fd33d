// What must hold for the two ways to split a list, for `name = value`, and for postfix-files.

import Bytes
import PostfixFormats

/// Checks the splitting of lists and of `name = value`.
@Sendable
func checkLists(_ input: ByteString) throws(BrokenProperty) {
    let members = ParameterList.split(input)
    try expect(
        members.allSatisfy { !$0.isEmpty && !$0.bytes.contains(where: separatesMembers) },
        "no member is empty or holds a separator")
    let content = input.bytes.filter { !separatesMembers($0) }
    try expect(members.flatMap(\.bytes) == content, "splitting loses separators only")
    let joined = members.joined(by: " ")
    try expect(ParameterList.split(joined) == members, "joined members split the same")

    let outcome = Result { () throws(BraceFault) in try ParameterList.splitBraced(input) }
    switch outcome {
    case .success(let braced):
        let hasBraces = input.bytes.contains { $0 == openingBrace || $0 == closingBrace }
        try expect(hasBraces || braced == members, "without braces both ways are the same")
        try expect(
            braced.map(\.count).reduce(0, +) <= input.count, "members are parts of the list")
    case .failure(let fault):
        _ = fault.wording
        try expect(input.contains(openingBrace), "only a brace can be a fault")
    }
    try checkNameValue(input)
}

private func checkNameValue(_ input: ByteString) throws(BrokenProperty) {
    let pair: NameValue
    do throws(NameValueFault) {
        pair = try NameValue(input.bytes[...])
    } catch {
        _ = error.wording
        return
    }
    try expect(
        !pair.name.isEmpty && !pair.name.contains(UInt8(ascii: "=")),
        "a name is there and has no =")
    let written: ByteString = "\(pair.name)=\(pair.value)"
    try expect((try? NameValue(written.bytes[...])) == pair, "\(written) reads the same again")
}

/// Checks the reading of a postfix-files.
@Sendable
func checkPostfixFiles(_ input: ByteString) throws(BrokenProperty) {
    for entry in PostfixFiles(input).entries {
        try expect(entry.path.hasPrefix("$"), "a path begins with a variable")
        if let name = entry.queueSubdirectory {
            try expect(
                entry.path == "$queue_directory/\(name)" && !entry.isShared,
                "a queue directory is private")
        }
        let again = PostfixFiles(line(of: entry)).entries
        try expect(again == [entry], "\(entry) reads the same when written as one line")
    }
}

private func line(of entry: PostfixFiles.Entry) -> ByteString {
    let type: ByteString =
        switch entry.type {
        case .directory: "d"
        case .regularFile: "f"
        case .hardLink: "h"
        case .symbolicLink: "l"
        case .unknown(let word): word
        }
    let letters: [(PostfixFiles.Flags, ByteString)] = [
        (.preserve, "p"), (.update, "u"), (.create, "c"), (.recursive, "r"), (.obsolete, "o"),
        (.optional, "1"),
    ]
    let flags = letters.filter { entry.flags.contains($0.0) }.map(\.1).reduce("" as ByteString, +)
    // The last field keeps a backslash from standing at the end.
    return "\(entry.path):\(type):\(entry.owner):\(entry.group):\(entry.mode):\(flags):\n"
}

/// CHARS_COMMA_SP of Postfix.
private func separatesMembers(_ byte: UInt8) -> Bool { " \t\r\n,".utf8.contains(byte) }

private let openingBrace = UInt8(ascii: "{")
private let closingBrace = UInt8(ascii: "}")
