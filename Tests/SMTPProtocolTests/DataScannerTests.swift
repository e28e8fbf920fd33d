// The end of messages, whatever the pieces they come in.

import SMTPProtocol
import Testing

@Suite struct `The content scanner` {
    @Test func `ends a message at its dot, however it is cut`() {
        let content = Array("a\r\n..b\r\n.\r\nNOOP\r\n".utf8)
        for cut in 0..<content.count {
            var scanner = DataScanner(lineLimit: 0)
            let first = Array(content[..<cut])
            let outcome = scanner.scan(first.span, from: 0)
            if cut >= 11 {
                #expect(outcome == .end(11))
                continue
            }
            #expect(outcome == .more)
            let rest = Array(content[cut...])
            #expect(scanner.scan(rest.span, from: 0) == .end(11 - cut))
        }
    }
}
