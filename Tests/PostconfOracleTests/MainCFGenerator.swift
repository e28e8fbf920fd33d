// Makes up main.cf files with every form of syntax, good and bad.
//
// Left out is only where postconf(1) is at fault or goes by the host:
// - A comparison whose operand refers to itself overflows postconf's stack, so operands refer to
//   `leaf_*` only, which refer to nothing.
// - inet_interfaces, inet_protocols and mynetworks_style, because the default of mynetworks is
//   computed from them and the host; smtpd_restriction_classes, because postconf expands it on any
//   query.
// - Errors in myhostname and mydomain, which postconf expands on any query too.
// - Functions in values that refer to themselves: 3.11 counts a call as a level for ever after.
// - Null bytes in files to be edited: postconf drops the rest of such a line.
// - For -# and -X a name given twice, at which 3.7 crashes, and one with a blank behind it, which
//   no release ever finds.

import Bytes
import TestSupport

struct MainCFCase {
    var file: ByteString
    /// Arguments for postconf, the first being the option.
    var edits: [[ByteString]]
}

struct MainCFGenerator {
    var random: SeededNumbers
    /// Most errors end postconf at once, and with them a file says little else.
    private var mayErr = false

    /// Whether this release of Postfix knows functions, and the file has some.
    private let hasFunctions: Bool
    private var callsFunctions = false

    init(random: SeededNumbers, hasFunctions: Bool) {
        self.random = random
        self.hasFunctions = hasFunctions
    }

    /// Parameters that Postfix has, with plain texts as values.
    static let builtin: [ByteString] = [
        "alternate_config_directories", "command_directory", "data_directory", "header_checks",
        "import_environment", "local_transport", "mail_owner", "multi_instance_directories",
        "multi_instance_enable", "multi_instance_group", "multi_instance_name", "mydestination",
        "queue_directory", "relay_domains", "relayhost", "syslog_name",
    ]
    static let user: [ByteString] = ["u_a", "u_b", "Uc", "x1", "_", "a", "zz_top"]
    static let leaves: [ByteString] = ["leaf_a", "leaf_b", "leaf_1", "leaf_2", "leaf_empty"]
    static let odd: [ByteString] = [
        "odd-name", "odd.name", "na\u{EF}ve", "a:b", "$x", "{x}", "a,b", "\"q\"", "x\u{B}y", "a#b",
    ]

    mutating func makeCase() -> MainCFCase {
        let file = makeFile()
        let present = MainCFCase.names(in: file)
        let candidates = present + Self.builtin.prefix(4) + Self.user
        let assignments = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            let separator: ByteString = random.pick(["=", " = ", "= ", " =", "\t=  "])
            return "\(random.pick(candidates))\(separator)\(value())" as ByteString
        }
        let names = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            random.pick(candidates)
        }
        return MainCFCase(
            file: file,
            edits: [
                ["-e", "--"] + assignments,
                [random.pick(["-#", "-X"]), "--"] + Set(names).sorted(),
            ])
    }

    private mutating func makeFile() -> ByteString {
        mayErr = random.chance(40)
        callsFunctions = hasFunctions && random.chance(20)
        let lineEnd: ByteString = random.chance(8) ? "\r\n" : "\n"
        var file = ByteString()
        if random.chance(6) { file += "  \(value())\n" }
        for leaf in Self.leaves where random.chance(40) {
            let text: ByteString =
                leaf == "leaf_empty" ? "" : random.pick(["x", "val", "10", "9", "3.10", "a b"])
            file += "\(leaf) = \(text)\(lineEnd)"
        }
        if random.chance(15) { file += "\(hostNames())\n" }
        for _ in 0..<Int.random(in: 0...14, using: &random) {
            if random.chance(25) { file += "\(comment())\(lineEnd)" }
            file += "\(entry())\(lineEnd)"
        }
        if random.chance(5) { file += random.pick(["junk", "= b", "a b = c", "x\n  y", "  ="]) }
        if random.chance(3) { file += "long = \(longText())\n" }
        if random.chance(3) { file = file.inserting(0, at: &random) }
        if random.chance(10), file.bytes.last == UInt8(ascii: "\n") {
            file = ByteString(file.bytes.dropLast())
        }
        return file
    }

    private mutating func hostNames() -> ByteString {
        random.pick([
            "myhostname = mail.example.org", "myhostname = lone", "mydomain = example.net",
            "myhostname = $leaf_a.example.com", "myhostname = h.$mydomain", "mydomain = $leaf_b",
            "myhostname =", "mydomain =\nmyhostname = a.b", "myhostname = a$mail_name.$unset",
        ])
    }

    private mutating func comment() -> ByteString {
        random.pick(["", " ", "#", "# comment", "  # u_a = no", "\t", "#u_a = no", "\u{C}"])
    }

    private mutating func entry() -> ByteString {
        var name = random.pick(random.chance(60) ? Self.builtin : Self.user)
        if random.chance(6) { name = random.pick(Self.odd) }
        let separator: ByteString = random.pick([
            " = ", "=", " =", "= ", "\t=\t", " \u{B}= ", "\n = ", " =\n  ",
        ])
        let trailer: ByteString = random.pick(["", "", "", " ", " \t", "\r", "\u{C}"])
        return "\(name)\(separator)\(folded(value()))\(trailer)"
    }

    /// Breaks a value over lines at some of its blanks.
    private mutating func folded(_ value: ByteString) -> ByteString {
        var folded = ByteString()
        for byte in value.bytes {
            if byte == UInt8(ascii: " "), random.chance(15) {
                folded += "\n"
                if random.chance(30) { folded += "\(comment())\n" }
                folded += random.pick([" ", "\t", "    "])
            } else {
                folded.bytes.append(byte)
            }
        }
        return folded
    }

    /// A value in one line.
    mutating func value() -> ByteString {
        if random.chance(4) { return "" }
        var value = ByteString()
        for _ in 0..<Int.random(in: 1...4, using: &random) { value += piece(depth: 0) }
        return value
    }

    private mutating func longText() -> ByteString {
        let word: ByteString = random.pick(["word ", "w", "$leaf_a,"])
        let count = Int.random(in: 500...4000, using: &random)
        return ByteString(Array(repeatElement(word.bytes, count: count).joined()))
    }

    private mutating func piece(depth: Int) -> ByteString {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<40: return literal()
        case ..<72: return reference(depth: depth)
        case ..<90 where depth < 3: return condition(depth: depth)
        case ..<94: return "$$"
        case ..<96 where callsFunctions:
            let argument: ByteString = random.pick(["a.B", "$mydomain", "${leaf_a}", "", "{x}"])
            return "${domain_to_ascii\(random.pick(["{", " { ", "{"]))\(argument) }}"
        case ..<97 where mayErr: return random.pick(broken)
        default: return literal()
        }
    }

    private mutating func literal() -> ByteString {
        let text: ByteString = random.pick([
            "word", "a b", " ", ", ", "10", "/var/spool", "=", "#", "\"q\"", "gr\u{FC}n", "'", "\\",
            "a:b?c", "x}y", "(", "\u{B}", "%", "a=b", "{", "}", ")", "0",
        ])
        // Now and then one byte that is not UTF-8.
        return random.chance(3) ? text + ByteString([0xFC]) : text
    }

    private mutating func name() -> ByteString {
        let unset: [ByteString] = [
            "unset", "mail_version", "config_directory", "process_name", "", "mail_name",
            "myhostname", "mydomain",
        ]
        switch Int.random(in: 0..<10, using: &random) {
        case _ where callsFunctions: return random.pick(Self.leaves)
        case 0..<4: return random.pick(Self.leaves)
        case 4..<7: return random.pick(Self.user)
        case 7..<9: return random.pick(Self.builtin)
        default: return random.pick(unset)
        }
    }

    private mutating func reference(depth: Int) -> ByteString {
        let name = name()
        switch Int.random(in: 0..<8, using: &random) {
        case 0..<3: return "$\(name)"
        case 3: return "${\(name)}"
        case 4: return "$(\(name))"
        case 5: return "${ \(name) }"
        default: return "${\(name)\(branches(depth: depth))}"
        }
    }

    private mutating func branches(depth: Int) -> ByteString {
        let first = text(depth: depth + 1)
        let second = text(depth: depth + 1)
        switch Int.random(in: mayErr ? 0..<10 : 2..<10, using: &random) {
        case 0: return "?{\(first)} \(second)"
        case 1: return ":{\(first)}x"
        case 2: return "?\(first)"
        case 3: return ":\(first)"
        case 4: return "?{\(first)}"
        case 5: return ":{\(first)}"
        case 6: return " ? { \(first) } : { \(second) } "
        case 7: return "?{\(first)}:\(second)"
        default: return "?{\(first)}:{\(second)}"
        }
    }

    private mutating func text(depth: Int) -> ByteString {
        random.chance(15) ? "" : piece(depth: depth)
    }

    private mutating func condition(depth: Int) -> ByteString {
        let good: [ByteString] = ["==", "!=", "<", "<=", ">=", ">"]
        let bad: [ByteString] = ["=", "=~", "", "==number", "<>", "==9"]
        let isLevel = random.chance(30)
        var operation = random.pick(mayErr && random.chance(30) ? bad : good)
        if isLevel { operation += "level" }
        let blank: ByteString = random.pick(["", " ", "\t", " "])
        let left = mayErr ? operand() : isLevel ? level() : plainOperand()
        let right = mayErr ? operand() : isLevel ? level() : plainOperand()
        let comparison: ByteString = "{\(left)}\(blank)\(operation)\(blank){\(right)}"
        let rest = random.chance(15) ? "" : branches(depth: depth)
        return mayErr && random.chance(5)
            ? "${\(blank){\(left)}}" : "${\(blank)\(comparison)\(rest)}"
    }

    private mutating func operand() -> ByteString {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: plainOperand()
        case 1: level()
        default:
            random.pick([
                "-1", "3.", "3.1024", "1.2.3.4", "level", "$", "{x}", "3 ", "9223372036854775808",
                "8796093022208",
            ])
        }
    }

    private mutating func level() -> ByteString {
        random.pick(["3", "3.6", "3.6.1", "3.10", "+3", " 3", "2", "$compatibility_level", "3.6.0"])
    }

    private mutating func plainOperand() -> ByteString {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: "$\(random.pick(Self.leaves))"
        case 1: "${\(random.pick(Self.leaves))?{10}:{9}}"
        default:
            random.pick([
                "", "x", "10", "9", "010", "val", "a b", "$unset", "9223372036854775807", "Z",
                "gr\u{FC}n",
            ])
        }
    }

    private let broken: [ByteString] = [
        "${", "$(u_a", "$", "${}", "$()", "$ ", "${u_a", "${{a} == {b}", "${u_a?{x}", "${u-a}",
        "${{a}}", "${{a} b {c}}", "${u_a?{x}:{y}z}", "${u_a?{x}y}", "$-", "${{a} == b}", "$(u_a}",
    ]
}

extension MainCFCase {
    /// What stands at the start of lines, as candidates for edits.
    static func names(in file: ByteString) -> [ByteString] {
        file.lines.map { line in
            ByteString(line.bytes.prefix { ![0x20, 0x09, 0x0D, 0x3D].contains($0) })
        }
        .filter { !$0.isEmpty && $0.bytes.first != UInt8(ascii: "#") }
    }
}

extension ByteString {
    func inserting(_ byte: UInt8, at random: inout SeededNumbers) -> ByteString {
        var bytes = bytes
        bytes.insert(byte, at: Int.random(in: 0...bytes.count, using: &random))
        return ByteString(bytes)
    }
}
