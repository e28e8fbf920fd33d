// Makes up master.cf files with every form of syntax, good and bad, and edits of them.
//
// Left out is only where postconf(1) is at fault:
// - `-oname=value` with a further "o" in it, which postconf splits there; a lone "-", beyond whose
//   end it reads.
// - Empty words in braces, words with braces within braces, and a first word after the options
//   that needs braces: postconf prints them without, and so loses or splits them.
// - Empty values for fields, which it writes, with all later fields shifted.
// - A last line without newline: what follows a comment there is glued to it.
// - Null bytes, for the reason given for main.cf.

import Bytes
import TestSupport

struct MasterCFCase {
    var file: ByteString
    /// Arguments for postconf, the first being the options.
    var edits: [[ByteString]]
}

struct MasterCFGenerator {
    var random: SeededNumbers

    private static let names: [ByteString] = ["smtp", "pickup", "u.x", "127.0.0.1:10025", "retry"]
    private static let types: [ByteString] = ["inet", "unix", "fifo", "pass", "unix-dgram"]
    private static let fields: [ByteString] = [
        "service", "type", "private", "unprivileged", "chroot", "wakeup", "process_limit",
        "command",
    ]

    mutating func makeCase() -> MasterCFCase {
        var file = ByteString()
        if random.chance(5) { file += " indented -o x=y\n" }
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            if random.chance(30) { file += "\(comment())\n" }
            file += "\(entry())\(random.chance(8) ? "\r\n" : "\n")"
            if random.chance(20) { file += "\(comment())\n" }
        }
        if random.chance(6) { file += random.pick(["smtp inet n\n", "lone\n", "a=b unix\n"]) }
        return MasterCFCase(file: file, edits: (0..<3).map { _ in edit() })
    }

    private mutating func comment() -> ByteString {
        random.pick(["", "  ", "#", "# smtp inet n - n - - smtpd", "  # comment", "\t#"])
    }

    private mutating func entry() -> ByteString {
        var words = [random.pick(Self.names), random.pick(Self.types)]
        for _ in 0..<3 { words.append(random.pick(["-", "n", "y", "-"])) }
        words.append(random.pick(["-", "60", "300?", "0", "-?"]))
        words.append(random.pick(["-", "1", "100", "0"]))
        words += command()
        if random.chance(3) {
            let field = Int.random(in: 1...7, using: &random)
            words[field] = random.pick(["bad", "N", "1x", "--", "10?"])
        }
        var line = words[0]
        for (index, word) in words.enumerated().dropFirst() {
            line += blank(mayBreak: index > 1)
            line += word
        }
        return line
    }

    private mutating func blank(mayBreak: Bool) -> ByteString {
        if mayBreak && random.chance(12) {
            let between = random.chance(30) ? "\(comment())\n" as ByteString : ""
            return "\n\(between)  "
        }
        return random.pick([" ", "  ", "\t", "      "])
    }

    /// A command with options and arguments.
    private mutating func command() -> [ByteString] {
        var words: [ByteString] = [random.pick(["smtpd", "smtp", "pipe", "postscreen", "qmgr"])]
        for _ in 0..<Int.random(in: 0...3, using: &random) { words += option() }
        if random.chance(30) {
            words += [random.pick(["user=nobody", "flags=DRhu", "argv=/bin/x", "--"])]
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                words.append(
                    random.pick([
                        "${nexthop}", "$recipient", "{ two words }", "{one}", "a{b c}d", "-o", "-v",
                        "a=b", "gr\u{FC}n", "{a}b", "a-very-long-argument-that-makes-lines-fold",
                    ]))
            }
        }
        return words
    }

    private mutating func option() -> [ByteString] {
        let name = parameter()
        let value = self.value()
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return ["-v"]
        case 1: return ["-vD"]
        case 2: return ["-vo", "\(name)=\(value)"]
        case 3: return ["-o", "{ \(name) = \(value) two }"]
        case 4: return ["-o", "{\(name)=\(value)}"]
        case 5: return ["-oa_b=\(random.pick(["", "x", "1"]))"]
        case 6: return ["-o{ a = b c }"]
        case 7: return [random.pick(["-o{na equals}", "-o{ = x}", "-o{a=b}c"])]
        default: return ["-o", "\(name)=\(value)"]
        }
    }

    private mutating func parameter() -> ByteString {
        random.pick(["syslog_name", "smtpd_tls_wrappermode", "a_b", "content_filter", "x"])
    }

    private mutating func value() -> ByteString {
        random.pick(["", "yes", "postfix/$service_name", "smtp:[127.0.0.1]:10026", "a,b", "x=y"])
    }

    private mutating func edit() -> [ByteString] {
        let count = Int.random(in: 1...2, using: &random)
        let options: ByteString = random.pick(["-Me", "-M#", "-MX", "-Fe", "-Pe", "-PX"])
        return [options, "--"] + (0..<count).map { _ in argument(for: options) }
    }

    private mutating func argument(for options: ByteString) -> ByteString {
        let anyName = random.pick(Self.names + ["*", "new"])
        let anyType = random.pick(Self.types + ["*"])
        let pattern: ByteString = "\(anyName)/\(anyType)"
        switch options {
        case "-Me": return "\(pattern)=\(oneLine(entry()))"
        case "-Fe":
            let field = random.pick(Self.fields)
            return "\(pattern)/\(field) = \(fieldValue(field))"
        case "-Pe": return "\(pattern)/\(parameter())=\(random.pick(["new", "", "$x"]))"
        case "-PX": return "\(pattern)/\(parameter())"
        default: return random.chance(4) ? anyName : pattern
        }
    }

    private mutating func oneLine(_ text: ByteString) -> ByteString {
        let words = text.lines.filter { $0.text.first { $0 != " " && $0 != "\t" } != "#" }
        return ByteString(Array(words.map(\.bytes).joined(separator: [0x20])))
    }

    private mutating func fieldValue(_ field: ByteString) -> ByteString {
        switch field {
        case "service": random.pick(["other", "smtps"])
        case "type": random.pick(["unix", "inet", "bad"])
        case "wakeup": random.pick(["-", "5", "5?", "x"])
        case "process_limit": random.pick(["-", "5", "x"])
        case "command": ByteString(Array(command().map(\.bytes).joined(separator: [0x20])))
        default: random.pick(["-", "y", "n", "x", "a b"])
        }
    }
}
