// Header fields that are taken out, and dots that are.

import SMTPProtocol
import TestSupport
import Testing

@Suite struct `Header removal` {
    private func passed(
        _ content: String, passage: ProxyPolicy.Passage = .stream
    ) -> String? {
        let policy = ProxyPolicy.with {
            $0.removedFields = [Array("X-Spam-Flag".utf8), Array("x-hold".utf8)]
            $0.passage = passage
        }
        let rehearsal = Play(ehlo, envelope, content, policy: policy)
            .runWithEveryCut(ofClientAlone: true)
        #expect(rehearsal.codes == [220, 250, 250, 250, 354, 250])
        #expect(rehearsal.finished.map(\.size) == [content.utf8.count])
        return rehearsal.messages.first.map { String(decoding: $0.content, as: UTF8.self) }
    }

    @Test(arguments: [
        ("X-Hold: a\r\n.\r\n", ".\r\n"),
        ("A: b\r\nx-hOLD:\r\nC: d\r\n\r\n.\r\n", "A: b\r\nC: d\r\n\r\n.\r\n"),
        ("X-Spam-Flag: YES\r\n\tand more\r\n more\r\nA: b\r\n.\r\n", "A: b\r\n.\r\n"),
        ("X-Hold \t : a\r\nX-Hold: b\r\nA: b\r\n.\r\n", "A: b\r\n.\r\n"),
        ("X-Hold:a\r\n \r\nA: b\r\n.\r\n", "A: b\r\n.\r\n"),
        ("From x\r\nX-Hold: a\r\n\r\n.\r\n", "From x\r\n\r\n.\r\n"),
        ("A: b\r\n continued\r\nX-Hold: a\r\n.\r\n", "A: b\r\n continued\r\n.\r\n"),
    ])
    func `takes out fields by their names, with their other lines`(content: String, rest: String) {
        #expect(passed(content) == rest)
        #expect(passed(content, passage: .inspect) == rest)
    }

    @Test(arguments: [
        ".\r\n", "\r\n.\r\n", "\r\nX-Hold: a\r\n.\r\n", "X-Held: a\r\n.\r\n",
        "X-Hold-Not: a\r\n.\r\n",
        "X-Hol\r\n.\r\n", " X-Hold: a\r\n.\r\n", "..X-Hold: a\r\n\r\nX-Hold: b\r\n.\r\n",
        "A: X-Hold: b\r\n X-Hold: c\r\n\r\n.\r\n",
        "X-Spam: a\r\nX-Spam-Flagg: b\r\nX Hold: c\r\n.\r\n",
        ": a\r\n\r\n.\r\n", "X-Hold\r\n.\r\n",
    ])
    func `leaves all else as it is`(content: String) {
        #expect(passed(content) == content)
        #expect(passed(content, passage: .inspect) == content)
    }

    @Test func `is not led astray by blanks without end`() {
        for count in [60, 63, 64, 65, 300] {
            let content = "X-Hold" + String(repeating: " ", count: count) + ": a\r\nA: b\r\n.\r\n"
            #expect(passed(content) == "A: b\r\n.\r\n")
        }
    }

    @Test func `stands before what is put in front`() {
        var rehearsal = Rehearsal(
            .with {
                $0.removedFields = [Array("X-Trace".utf8)]
                $0.hasPrologue = true
            })
        rehearsal.prologue = Array("X-Trace: ours\r\n".utf8)
        rehearsal.begin()
        for part in [ehlo, envelope, "X-Trace: theirs\r\n.\r\n"] { rehearsal.send(part) }
        #expect(rehearsal.messages.map(\.content) == [Array("X-Trace: ours\r\n.\r\n".utf8)])
    }
}

@Suite struct `Dot-unstuffing` {
    @Test(arguments: [
        (".\r\n", ""), ("\r\n.\r\n", "\r\n"), ("..\r\n.\r\n", ".\r\n"),
        ("a.\r\n.b\r\n..c.\r\n.\r\n", "a.\r\nb\r\n.c.\r\n"),
        ("...\r\n\r\n..\r\n.\r\n", "..\r\n\r\n.\r\n"), ("a\r\n.\r\n", "a\r\n"),
    ])
    func `makes the message of what comes over the wire, however it is cut`(
        wire: String, message: String
    ) {
        let bytes = Array(wire.utf8)
        for first in 0...bytes.count - 3 {
            for second in first...bytes.count - 3 {
                var unstuffing = DotUnstuffing()
                var found: [UInt8] = []
                let pieces = [bytes[..<first], bytes[first..<second], bytes[second...]].map(
                    Array.init)
                for (index, piece) in pieces.enumerated() {
                    for range in unstuffing.ranges(piece.span, isLast: index == 2) {
                        found += piece[range]
                    }
                }
                #expect(String(decoding: found, as: UTF8.self) == message)
            }
        }
    }
}
