// What must hold for a master.cf of any content, and for any edit of it.
//
// Input: the text of the file, then edits: "M name/type=line", "F name/type/field=value",
// "P name/type/parameter=value", "U name/type/parameter" to unset one, "# name/type",
// "X name/type".

import Bytes
import PostfixFormats

/// Checks a master.cf and edits of it.
@Sendable
func checkMasterCF(_ input: ByteString) throws(BrokenProperty) {
    var input = FuzzInput(input)
    let masterCF = MasterCF(input.next())
    try checkReading(masterCF)
    for edit in input.remaining(8) {
        guard let kind = edit.bytes.first else { continue }
        // No argument of a program can hold a null byte.
        let argument = ByteString(edit.bytes.dropFirst(2).prefix { $0 != 0 })
        switch kind {
        case UInt8(ascii: "M"): try checkReplacing(argument, in: masterCF)
        case UInt8(ascii: "F"), UInt8(ascii: "P"), UInt8(ascii: "U"):
            try checkChanging(kind, argument, in: masterCF)
        default: try checkTakingOut(argument, of: masterCF, isKept: kind == UInt8(ascii: "#"))
        }
    }
}

private func checkReading(_ masterCF: MasterCF) throws(BrokenProperty) {
    let lines = masterCF.text.bytes.split(
        separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var last = 0
    for entry in masterCF.entries {
        try expect(
            entry.firstLine > last && entry.lastLine >= entry.firstLine
                && entry.lastLine <= lines.count,
            "services stand on lines of the file, one after the other")
        last = entry.lastLine
        try checkWriting(entry.service)
    }
    let starts = lines.count { startsLogicalLine($0) }
    try expect(
        masterCF.entries.count + masterCF.problems.count { $0.isFatal } == starts,
        "each line that begins a service is read or is a problem")
    for problem in masterCF.problems { _ = problem.wording(path: "master.cf") }
}

/// A service that is written reads back as the same one.
private func checkWriting(_ service: MasterService) throws(BrokenProperty) {
    guard isWritable(service) else { return }
    for folded in [false, true] {
        let text = service.formatted(folded: folded)
        let again = MasterCF(text)
        try expect(
            again.entries.count == 1
                && again.entries.first.map { words($0.service) } == words(service),
            "\(words(service)) reads back from \(text)")
    }
}

private func checkReplacing(_ argument: ByteString, in old: MasterCF) throws(BrokenProperty) {
    guard let equals = argument.bytes.firstIndex(of: UInt8(ascii: "=")),
        let pattern = ServicePattern(ByteString(argument.bytes[..<equals])),
        let service = try? MasterService(ByteString(argument.bytes[(equals + 1)...])),
        let new = try? old.setting([(pattern: pattern, service: service)])
    else { return }
    let (name, type) = (service[.service], service[.type])
    try expect(
        !isWritable(service) || new.service(name, type).map(words) == words(service),
        "\(argument) reads back")
    let isOther = { (other: MasterService) in
        !pattern.matches(other[.service], other[.type])
            && (other[.service] != name || other[.type] != type)
    }
    try checkOthers(old, new, isOther)
}

private func checkChanging(
    _ kind: UInt8, _ argument: ByteString, in old: MasterCF
) throws(BrokenProperty) {
    let equals = argument.bytes.firstIndex(of: UInt8(ascii: "=")) ?? argument.count
    let value = argument.dropFirst(equals + 1)
    guard let (pattern, detail) = ServicePattern.withDetail(ByteString(argument.bytes[..<equals]))
    else { return }
    let change: MasterCF.ServiceChange
    switch kind {
    case UInt8(ascii: "F"):
        guard let field = MasterService.Field(name: detail) else { return }
        change = .setField(field, to: value)
    case UInt8(ascii: "P"):
        let setting: ByteString = "\(detail)=\(value)"
        guard let pair = try? NameValue(setting.bytes[...]) else { return }
        change = .setParameter(pair.name, to: pair.value)
    default: change = .removeParameter(detail)
    }
    guard let new = try? old.changing([(pattern: pattern, change: change)]) else { return }
    let isMatched = { (service: MasterService) in
        pattern.matches(service[.service], service[.type])
    }
    try checkOthers(old, new) { !isMatched($0) }
    guard case .setParameter(let name, let wanted) = change,
        (old.entries + new.entries).allSatisfy({ isWritable($0.service) })
    else { return }
    // A newline must not begin a line of its own; it counts as a blank.
    let line = MainCF.Assignment(name, wanted)
    for entry in new.entries where isMatched(entry.service) {
        try expect(
            entry.service.parameters.contains { $0.name == name && $0.value == line.value },
            "\(argument): reads back")
    }
}

private func checkTakingOut(
    _ argument: ByteString, of old: MasterCF, isKept: Bool
) throws(BrokenProperty) {
    guard let pattern = ServicePattern(argument),
        let new = isKept ? try? old.commentingOut([pattern]) : try? old.removing([pattern])
    else { return }
    let isOther = { (service: MasterService) in
        !pattern.matches(service[.service], service[.type])
    }
    try expect(new.entries.allSatisfy { isOther($0.service) }, "\(argument) is gone")
    try checkOthers(old, new, isOther)
}

/// An edit leaves all other services and their order alone, and makes no new problem.
private func checkOthers(
    _ old: MasterCF, _ new: MasterCF, _ isOther: (MasterService) -> Bool
) throws(BrokenProperty) {
    func services(_ file: MasterCF) -> [[ByteString]] {
        file.entries.map(\.service).filter(isOther).map(words)
    }
    try expect(services(old) == services(new), "an edit leaves other services alone")
    try expect(
        old.problems.count { $0.isFatal } >= new.problems.count { $0.isFatal },
        "an edit breaks nothing")
}

/// True if every word of the service has its braces in pairs, and neither vertical tab nor form
/// feed: no other one can be written so that Postfix, or anybody, would read it back.
private func isWritable(_ service: MasterService) -> Bool {
    let hasFault = service.warnings.contains { if case .braces = $0 { true } else { false } }
    return !hasFault
        && words(service).allSatisfy { word in
            if word.bytes.contains(where: { $0 == 0x0B || $0 == 0x0C }) { return false }
            var depth = 0
            for byte in word.bytes where depth >= 0 {
                if byte == UInt8(ascii: "{") { depth += 1 }
                if byte == UInt8(ascii: "}") { depth -= 1 }
            }
            return depth == 0
        }
}

/// All that a service says; blanks around the `=` of a setting say nothing.
private func words(_ service: MasterService) -> [ByteString] {
    let arguments = service.arguments.map { word in
        (try? NameValue(word.bytes[...])).map { "\($0.name)=\($0.value)" } ?? word
    }
    return MasterService.Field.allCases.map { service[$0] } + arguments
}
