// Scenarios 1 to 4: instances that ours created, started and stopped by the real postfix(1), which
// calls ours as its multi_instance_wrapper.

import Bytes
import TestSupport
import Testing

@Suite(.enabled(if: TestedPostfix.obstacle() == nil, "\(TestedPostfix.obstacle() ?? "")"))
struct LifeCycleScenarios {
    @Test func `1 start and stop follow the list, forwards and backwards`() async throws {
        try await Scenario.play("1") { scenario in
            try await scenario.expect("postmulti -e init")
            try await scenario.create("out", "in", "aux")
            try await scenario.expect("postmulti -e disable -i aux")

            try await scenario.expect("postfix start")
            #expect(
                await scenario.loggers(of: "starting the Postfix mail system")
                    == ["postfix", "postfix-out", "postfix-in"])
            #expect(try await scenario.running() == ["-", "postfix-out", "postfix-in"])
            try await scenario.expect("test -s /var/spool/postfix-in/pid/master.pid")
            try await scenario.expect("test ! -e /var/spool/postfix-aux/pid/master.pid")
            try await scenario.expect("postfix status", status: 1)

            try await scenario.expect("postfix stop")
            #expect(
                await scenario.loggers(of: "stopping the Postfix mail system")
                    == ["postfix-in", "postfix-out", "postfix"])
            #expect(try await scenario.running() == [])
        }
    }

    @Test func `2 reload, flush, check and status reach those that they should`() async throws {
        try await Scenario.play("2") { scenario in
            try await scenario.expect("postmulti -e init")
            try await scenario.create("out", "in", "aux")
            try await scenario.expect("postmulti -e disable -i aux")
            try await scenario.expect("postfix start")

            try await scenario.expect("postfix reload")
            #expect(
                await scenario.loggers(of: "refreshing the Postfix mail system")
                    == ["postfix", "postfix-out", "postfix-in"])
            try await scenario.expect("postfix flush")
            try await scenario.expect("postfix check")

            try await scenario.expect("postmulti -i in -p stop")
            #expect(try await scenario.running() == ["-", "postfix-out"])
            try await scenario.expect("postmulti -i in -p status", status: 1)
            try await scenario.expect("postmulti -i out -p status")
            try await scenario.expect("postmulti -g mta -p start", status: 1)
            #expect(try await scenario.running() == ["-", "postfix-out", "postfix-in"])
            try await scenario.expect("postmulti -p stop")
            try await scenario.expect("postmulti -p stop", status: 1)
        }
    }

    @Test func `3 one broken instance leaves the others in service`() async throws {
        try await Scenario.play("3") { scenario in
            try await scenario.expect("postmulti -e init")
            try await scenario.create("out", "in")
            try await scenario.expect("mv /etc/postfix-out/main.cf /etc/postfix-out/lost")

            try await scenario.expect("postfix start", status: 1)
            try await scenario.expectSoon("postfix -c /etc/postfix-in status")
            try await scenario.expect("postmulti -i in -p reload")
            try await scenario.expect("postmulti -i in -p status")
            try await scenario.expect("postfix stop", status: 1)
            try await scenario.expect("postfix -c /etc/postfix-in status", status: 1)

            try await scenario.expect("mv /etc/postfix-out/lost /etc/postfix-out/main.cf")
            try await scenario.expect("postfix start && postfix stop")
        }
    }

    @Test func `4 an instance is not destroyed while it runs or holds mail`() async throws {
        try await Scenario.play("4") { scenario in
            try await scenario.expect("postmulti -e init")
            try await scenario.create("out")
            try await scenario.expect(
                """
                postconf -c /etc/postfix-out -e authorized_submit_users=root \
                    relayhost='[127.0.0.1]:9' mydestination=
                """)
            try await scenario.expect("postmulti -i out -p start")
            try await scenario.expect("postmulti -e disable -i out")
            try await scenario.expect("postmulti -e destroy -i out", status: 1)
            try await scenario.expect("postmulti -e deport -i out", status: 1)
            try await scenario.expect("postfix -c /etc/postfix-out status")

            try await scenario.expect(
                "echo text | sendmail -C /etc/postfix-out -f a@example.com b@example.com")
            try await scenario.expectSoon("postqueue -c /etc/postfix-out -p | grep b@example.com")
            try await scenario.expect("postfix -c /etc/postfix-out stop")
            try await scenario.expect("postmulti -e destroy -i out", status: 1)
            try await scenario.expect("test -e /etc/postfix-out/main.cf")
            try await scenario.expect("postsuper -c /etc/postfix-out -d ALL")
            try await scenario.expect("postmulti -e destroy -i out")
            try await scenario.expect("test ! -e /var/spool/postfix-out")
        }
    }
}
