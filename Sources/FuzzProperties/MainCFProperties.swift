// What must hold for a main.cf of any content, and for any edit of it.
//
// Input: the text of the file, then edits: "e name=value", "# name", "X name". What Postfix makes
// of the same files is for tests against the real postconf(1) to say.

import Bytes
import PostfixFormats

/// Checks a main.cf and edits of it.
@Sendable
func checkMainCF(_ input: ByteString) throws(BrokenProperty) {
    var input = FuzzInput(input)
    let mainCF = MainCF(input.next())
    try checkReading(mainCF)
    try checkDefaults(mainCF)
    for edit in input.remaining(8) {
        guard let kind = edit.bytes.first else { continue }
        // No argument of a program can hold a null byte.
        let argument = ByteString(edit.bytes.dropFirst(2).prefix { $0 != 0 })
        switch kind {
        case UInt8(ascii: "e"): try checkSetting(argument, in: mainCF)
        case UInt8(ascii: "#"): try checkTakingOut(argument, of: mainCF, keepsLines: true)
        default: try checkTakingOut(argument, of: mainCF, keepsLines: false)
        }
    }
}

private func checkReading(_ mainCF: MainCF) throws(BrokenProperty) {
    let lines = mainCF.text.bytes.split(separator: newline, omittingEmptySubsequences: false)
    let entries = mainCF.entries
    var last = 0
    for entry in entries {
        try expect(!entry.name.isEmpty, "a parameter has a name")
        try expect(
            entry.firstLine > last && entry.lastLine >= entry.firstLine
                && entry.lastLine <= lines.count,
            "parameters stand on lines of the file, one after the other")
        last = entry.lastLine
        let again = MainCF("\(entry.name) = \(entry.value)\n")
        try expect(
            again.entries.first?.name == entry.name && again.value(of: entry.name) == entry.value,
            "\(entry) reads the same when written as one line")
        try expect(
            mainCF.value(of: entry.name) == mainCF.entry(of: entry.name)?.value,
            "the last entry of \(entry.name) has its value")
    }
    let problems = mainCF.problems
    let starts = lines.count { startsLogicalLine($0) }
    try expect(
        entries.count + problems.count { $0.isFatal } == starts,
        "each line that begins a parameter is read or is a problem")
    try expect(
        mainCF.isBroken == problems.contains { $0.isFatal }
            && mainCF.fatalProblem == problems.first { $0.isFatal },
        "the file is broken if one of its problems is fatal")
    for problem in problems {
        try expect((1...lines.count).contains(problem.line), "a problem is on a line of the file")
        _ = problem.wording(path: "main.cf")
    }
}

/// Sorted, the parameters are what `postconf -d` prints: each must be found there.
private func checkDefaults(_ mainCF: MainCF) throws(BrokenProperty) {
    var values: [ByteString: ByteString] = [:]
    for entry in mainCF.entries { values[entry.name] = entry.value }
    var text: ByteString = ""
    for name in values.keys.sorted() { text += "\(name) = \(values[name] ?? "")\n" }
    let sorted = ParameterDefaults(text)
    // Not sorted, nothing is promised but an end.
    let unsorted = ParameterDefaults(mainCF.text)
    for (name, value) in values {
        try expect(sorted.unexpandedValue(of: name) == value, "the default of \(name) is found")
        _ = unsorted.unexpandedValue(of: name)
    }
}

private func checkSetting(_ argument: ByteString, in old: MainCF) throws(BrokenProperty) {
    guard let assignment = try? MainCF.Assignment(argument: argument) else { return }
    let new = old.setting([assignment])
    try expect(
        isOdd(old) || new.value(of: assignment.name) == assignment.value,
        "-e \(argument): reads back as \(assignment.value)")
    try checkOthers(than: assignment.name, old, new)
    try expect(new.setting([assignment]).text == new.text, "-e \(argument): twice is once")
}

private func checkTakingOut(
    _ argument: ByteString, of old: MainCF, keepsLines: Bool
) throws(BrokenProperty) {
    guard let name = try? MainCF.name(argument: argument) else { return }
    func takeOut(_ file: MainCF) -> MainCF {
        keepsLines ? file.commentingOut([name]) : file.removing([name])
    }
    let new = takeOut(old)
    try expect(isOdd(old) || new.value(of: name) == nil, "\(argument): is gone")
    try checkOthers(than: name, old, new)
    try expect(takeOut(new).text == new.text, "\(argument): twice is once")
    if keepsLines {
        let lines = { (file: MainCF) in file.text.bytes.split(separator: newline).count }
        try expect(lines(old) == lines(new), "-# \(argument): keeps every line")
    }
}

/// True if a line may belong to a parameter for a reader and not for an edit, as in postconf(1):
/// vertical tab and form feed end a name for a reader only.
func isOdd(_ mainCF: MainCF) -> Bool {
    mainCF.text.bytes.contains { $0 == 0x0B || $0 == 0x0C }
}

/// An edit keeps all other parameters and all comments, and makes no new problem.
private func checkOthers(
    than name: ByteString, _ old: MainCF, _ new: MainCF
) throws(BrokenProperty) {
    let entries = { (file: MainCF) in
        file.entries.filter { $0.name != name }.map { [$0.name, $0.value] }
    }
    try expect(entries(old) == entries(new), "editing \(name) leaves other parameters alone")
    try expect(
        old.problems.count { $0.isFatal } >= new.problems.count { $0.isFatal },
        "editing \(name) breaks nothing")
    let comments = { (file: MainCF) in
        file.text.bytes.split(separator: newline).filter { $0.first == UInt8(ascii: "#") }
    }
    let kept = comments(new)
    try expect(
        kept.count >= comments(old).count, "editing \(name) keeps every comment")
}

/// What readlline(3) of Postfix takes for the first line of a parameter or service.
func startsLogicalLine(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.first else { return false }
    return first != UInt8(ascii: "#") && first != 0x20 && !(0x09...0x0D).contains(first)
}

private let newline = UInt8(ascii: "\n")
