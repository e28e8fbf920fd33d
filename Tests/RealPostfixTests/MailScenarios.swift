// Scenario 5: mail through instances that ours created.

import Bytes
import TestSupport
import Testing

@Suite(.enabled(if: TestedPostfix.obstacle() == nil, "\(TestedPostfix.obstacle() ?? "")"))
struct MailScenarios {
    @Test func `5 mail flows from the primary through two instances to a sink`() async throws {
        try await Scenario.play("5") { scenario in
            try await scenario.expect("postmulti -e init")
            try await scenario.create("out", "in")
            try await scenario.expect(Scenario.relay("out", at: "10026", to: "2525"))
            try await scenario.expect(Scenario.relay("in", at: "10025", to: "10026"))
            try await scenario.expect("postconf -e 'relayhost = [127.0.0.1]:10025'")
            try await scenario.expect(
                """
                mkdir -m 777 /tmp/sink
                setsid smtp-sink -u nobody -d '/tmp/sink/mail.' 127.0.0.1:2525 10 \
                    >/dev/null 2>&1 & echo $! >/tmp/sink.pid
                """)
            try await scenario.expect("postfix start")
            for port in ["10025", "10026", "2525"] {
                try await scenario.expectSoon(
                    "bash -c ': </dev/tcp/127.0.0.1/\(ByteString(port))'")
            }

            try await scenario.expect(
                """
                printf 'Subject: parcel\\n\\nby three hands\\n' \
                    | sendmail -f a@example.com b@example.net
                """)
            try await scenario.expectSoon("grep -rl 'by three hands' /tmp/sink")
            let mail = try await scenario.expect("cat /tmp/sink/*").output.text
            for name in ["in", "out"] {
                #expect(mail.contains("by \(name).example.test"))
            }
            try await scenario.expectSoon("postmulti -x postqueue -p | grep -c empty | grep -x 3")
            // The next one may have delivered before the one in front has logged that it did.
            #expect(
                await scenario.loggers(of: "status=sent").sorted()
                    == ["postfix", "postfix-in", "postfix-out"])

            try await scenario.expect("postfix stop; kill $(cat /tmp/sink.pid)")
            try await scenario.expectSoon("! kill -0 $(cat /tmp/sink.pid)")
        }
    }
}
