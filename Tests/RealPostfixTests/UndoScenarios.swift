// Scenarios 33 to 36: changes are taken back, with the real Postfix and its tools in between.

import Bytes
import TestSupport
import Testing

@Suite(
    .enabled(
        if: TestedPostfix.obstacle(withPostilion: true) == nil,
        "\(TestedPostfix.obstacle(withPostilion: true) ?? "")"))
struct UndoScenarios {
    /// Every file, directory, socket and link below the instances' directories, to compare.
    private static let tree: ByteString = """
        find /etc/postfix* /var/spool/postfix* /var/lib/postfix* -printf '%p %y %m %U %G %l\\n' \\
            | sort; find /etc/postfix* -type f | sort | xargs md5sum
        """

    @Test func `33 a created instance that has run and delivered goes without a trace`()
        async throws
    {
        try await Scenario.play("33") { scenario in
            try await scenario.expect("postilion init")
            let before = try await scenario.expect(Self.tree)
            try await scenario.expect("postilion create --group mta --enable out")
            try await scenario.expect("postilion config set out authorized_submit_users=root")
            try await scenario.expect("postilion start out --no-systemd")
            try await scenario.expect(
                "echo hello | sendmail -C /etc/postfix-out -f root@localhost root@localhost")
            try await scenario.expectSoon(
                "postqueue -c /etc/postfix-out -p | grep -q 'queue is empty'")
            try await scenario.expect("postilion undo")
            let running = try await scenario.expect("postilion undo --yes", status: 1)
            #expect(running.errors.text.contains("postilion stop postfix-out"))
            try await scenario.expect("postilion stop out --no-systemd")
            let undone = try await scenario.expect("postilion undo --confirm postfix-out")
            #expect(undone.errors == "")
            #expect(try await scenario.expect(Self.tree).output == before.output)

            // What is made again starts as it did before.
            try await scenario.expect("postilion undo 5")
            try await scenario.expect("postfix -c /etc/postfix-out check")
            try await scenario.expect("postilion start out --no-systemd")
            #expect(try await scenario.running() == ["postfix-out"])
            try await scenario.expect("postilion stop out --no-systemd")
            try await scenario.expect("postilion undo 6 --yes")
            #expect(try await scenario.expect(Self.tree).output == before.output)
        }
    }

    @Test func `34 a destroyed instance comes back with its configuration, and starts`()
        async throws
    {
        try await Scenario.play("34") { scenario in
            try await scenario.expect("postilion create out in")
            try await scenario.expect(
                """
                set -e
                postconf -c /etc/postfix-out -e 'relayhost = [mail.example.com]' maillog_file=
                postconf -c /etc/postfix-out -Fe smtp/unix/chroot=n
                chmod 600 /etc/postfix-out/master.cf
                postfix -c /etc/postfix-out start
                postfix -c /etc/postfix-out stop
                """)
            let before = try await scenario.expect(Self.tree)
            try await scenario.expect("postilion destroy out --yes")
            try await scenario.expect("test ! -e /etc/postfix-out -a ! -e /var/spool/postfix-out")
            try await scenario.expect("postilion undo")
            let after = try await scenario.expect(Self.tree)
            // Sockets, pipes and locks, which a run makes, are made again by the next one.
            let madeByRun = [" s ", " p ", "/pid/", "/var/lib/postfix-out/"]
            let missing = Set(before.lines).subtracting(after.lines).filter { line in
                !madeByRun.contains(where: line.contains)
            }
            #expect(missing == [])
            #expect(Set(after.lines).subtracting(before.lines) == [])
            try await scenario.expect("postfix -c /etc/postfix-out check")
            try await scenario.expect("postfix -c /etc/postfix-out start")
            #expect(try await scenario.running() == ["postfix-out"])
            try await scenario.expect("postfix -c /etc/postfix-out stop")
            try await scenario.expect("postilion destroy in out --yes")
        }
    }

    @Test func `35 parameters go back around what postconf has edited, or not at all`()
        async throws
    {
        try await Scenario.play("35") { scenario in
            try await scenario.expect("postilion create out")
            try await scenario.expect(
                "postilion config set out maximal_queue_lifetime=3d smtp/unix/process_limit=7")
            try await scenario.expect(
                """
                postconf -c /etc/postfix-out -e 'relayhost = [mail.example.com]'
                postconf -c /etc/postfix-out -Fe relay/unix/process_limit=9
                """)
            try await scenario.expect("postilion undo")
            let values = try await scenario.expect(
                """
                postconf -c /etc/postfix-out -n maximal_queue_lifetime relayhost
                postconf -c /etc/postfix-out -F smtp/unix/process_limit relay/unix/process_limit
                """)
            #expect(
                values.lines == [
                    "relayhost = [mail.example.com]", "smtp/unix/process_limit = -",
                    "relay/unix/process_limit = 9",
                ])

            try await scenario.expect("postilion undo 3")
            try await scenario.expect("postconf -c /etc/postfix-out -e maximal_queue_lifetime=9d")
            let before = try await scenario.expect("md5sum /etc/postfix-out/m*.cf")
            let refused = try await scenario.expect("postilion undo 2", status: 1)
            #expect(refused.errors.text.contains("maximal_queue_lifetime was changed since"))
            #expect(
                try await scenario.expect("md5sum /etc/postfix-out/m*.cf").output == before.output)
            try await scenario.expect("postilion destroy out --yes")
        }
    }

    @Test func `36 a renamed instance with mail gets its name back and delivers`() async throws {
        try await Scenario.play("36") { scenario in
            try await scenario.expect("postilion create out")
            try await scenario.expect(
                """
                set -e
                postconf -c /etc/postfix-out -e defer_transports=local maillog_file= \\
                    authorized_submit_users=root
                postfix -c /etc/postfix-out start
                echo hello | sendmail -C /etc/postfix-out -f root@localhost root@localhost
                """)
            try await scenario.expectSoon(
                "postqueue -c /etc/postfix-out -j | grep -q '\"deferred\"'")
            try await scenario.expect("postfix -c /etc/postfix-out stop")
            try await scenario.expect("postilion rename out new")
            try await scenario.expect("postfix -c /etc/postfix-new start")
            let refused = try await scenario.expect("postilion undo", status: 1)
            #expect(refused.errors.text.contains("postilion stop postfix-new"))
            try await scenario.expect("postfix -c /etc/postfix-new stop")
            try await scenario.expect("postilion undo")
            try await scenario.expect("test ! -e /etc/postfix-new -a ! -e /var/spool/postfix-new")
            try await scenario.expect(
                """
                set -e
                postconf -c /etc/postfix-out -X defer_transports
                postfix -c /etc/postfix-out start
                postqueue -c /etc/postfix-out -f
                """)
            try await scenario.expectSoon(
                "postqueue -c /etc/postfix-out -p | grep -q 'queue is empty'")
            try await scenario.expect("postfix -c /etc/postfix-out stop")
            try await scenario.expect("postilion destroy out --yes")
        }
    }
}
