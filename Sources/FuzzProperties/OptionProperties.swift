// What must hold for any command line of postmulti: the same options as the C library finds.
//
// Input: the arguments.

import Bytes
@unsafe @preconcurrency import Glibc  // optind and its kin are global.
import PostmultiCommand

/// Checks the reading of a command line.
@Sendable
func checkOptions(_ input: ByteString) throws(BrokenProperty) {
    var input = FuzzInput(input)
    // No argument of a program can hold a null byte.
    let arguments = input.remaining(16).map { argument in
        ByteString(argument.bytes.prefix { $0 != 0 })
    }
    let ours = readByUs(arguments)
    let theirs = readByGetopt(arguments)
    try expect(ours.found == theirs.found, "\(ours.found) is what getopt finds: \(theirs.found)")
    let hasFault = ours.found.contains { if case .fault = $0 { true } else { false } }
    try expect(hasFault || ours.rest == theirs.rest, "the same arguments are left over")

    switch Result(catching: { () throws(UsageFault) in try Options(arguments) }) {
    case .success(let options):
        try expect(!hasFault, "an option that getopt refuses is refused")
        try expect(
            options.mode != .list || options.arguments.isEmpty, "a listing takes no arguments")
        try expect(
            options.arguments == ours.rest, "what follows the options is passed on untouched")
    case .failure(let fault):
        _ = fault.wording(programName: "postmulti")
    }
}

private typealias Reading = (found: [Getopt.Found], rest: [ByteString])

private func readByUs(_ arguments: [ByteString]) -> Reading {
    var reader = Getopt(arguments)
    var found: [Getopt.Found] = []
    while let next = reader.next() {
        found.append(next)
        // The command line is read no further.
        if case .fault = next { break }
    }
    return (found, reader.rest)
}

/// Asks getopt(3), which must not permute: glibc wants a `+` for that.
private func readByGetopt(_ arguments: [ByteString]) -> Reading {
    let copies = unsafe (["postmulti"] + arguments).map { argument in
        unsafe strdup(argument.bytes.map { CChar(bitPattern: $0) } + [0])
    }
    defer { unsafe copies.forEach { unsafe free($0) } }
    var pointers = unsafe copies + [nil]
    optind = 0  // Begins anew.
    opterr = 0  // Says nothing.
    var found: [Getopt.Found] = []
    while true {
        let letter = unsafe getopt(CInt(copies.count), &pointers, "+ae:g:i:jG:I:lpRvx")
        if letter == -1 { break }
        if letter == CInt(UInt8(ascii: "?")) {
            let fault = UInt8(truncatingIfNeeded: optopt)
            let wantsValue = "egiGI".utf8.contains(fault)
            found.append(.fault(wantsValue ? .valueMissing(fault) : .unknown(fault)))
            break
        }
        let value = unsafe optarg.map { unsafe bytes(at: $0) }
        found.append(.option(UInt8(truncatingIfNeeded: letter), value: value ?? ""))
    }
    return (found, Array(arguments.dropFirst(Int(optind) - 1)))
}

private func bytes(at text: UnsafePointer<CChar>) -> ByteString {
    let text = unsafe UnsafeBufferPointer(start: text, count: strlen(text))
    return ByteString(unsafe text.map { UInt8(bitPattern: $0) })
}
