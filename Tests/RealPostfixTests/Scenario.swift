// What all scenarios share: the host they start from, short ways to ask it, and the clean check.

import Bytes
import Foundation
import TestSupport
import Testing

/// One played scenario.
struct Scenario: Sendable {
    var host: RealHost

    /// The end of a scenario whose host is kept as it is at the first failure.
    private struct Stopped: Error {}

    /// Plays a scenario on a fresh host and checks that nothing of it is left.
    static func play(
        _ name: String, _ body: @Sendable (Scenario) async throws -> Void
    ) async throws {
        let before = try machineFiles()
        let scenario = Scenario(host: try RealHost(named: name))
        do {
            try await scenario.expect("\(PristineHost.settle)set -e\n\(PristineHost.making)")
            try await body(scenario)
            // What is kept to be looked into is not taken away first.
            if TestedPostfix.kept == nil { try await scenario.expectClean() }
        } catch {
            await scenario.host.stop()
            throw error
        }
        await scenario.host.stop()
        #expect(try machineFiles() == before, "the machine itself was changed")
    }

    /// Runs shell text that has to end with this exit status; returns what it said.
    @discardableResult
    func expect(
        _ text: ByteString, status: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> RealHost.Answer {
        let answer = try await host.run(text)
        #expect(
            answer.status == status,
            "\(text.text)\n\(answer.output.text)\(answer.errors.text)",
            sourceLocation: sourceLocation)
        if answer.status != status, TestedPostfix.kept != nil { throw Stopped() }
        return answer
    }

    /// Waits until shell text succeeds, which has to happen.
    func expectSoon(
        _ text: ByteString, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let happened = try await host.wait(until: text)
        #expect(happened, "never: \(text.text)", sourceLocation: sourceLocation)
        if !happened, TestedPostfix.kept != nil { throw Stopped() }
    }

    /// Creates and enables `postfix-NAME` in a group, without any service that opens a port.
    func create(_ names: ByteString..., group: ByteString = "mta") async throws {
        for name in names {
            try await expect(
                """
                set -e
                postmulti -e create -I postfix-\(name) -G \(group)
                postmulti -e enable -i \(name)
                postconf -c /etc/postfix-\(name) -e myhostname=\(name).example.test
                """)
        }
    }

    /// Shell text that makes an instance listen at one port of this host and send all to another.
    static func relay(_ name: ByteString, at port: ByteString, to next: ByteString) -> ByteString {
        """
        (
            set -e
            postconf -c /etc/postfix-\(name) -MX smtp/inet
            postconf -c /etc/postfix-\(name) -Me \
                '127.0.0.1:\(port)/inet=127.0.0.1:\(port) inet n - n - - smtpd'
            postconf -c /etc/postfix-\(name) -e master_service_disable= mydestination= \
                'relayhost = [127.0.0.1]:\(next)' mynetworks=127.0.0.0/8
        )
        """
    }

    /// The names of the instances whose master(8) runs, in the order of the list.
    func running() async throws -> [String] {
        let answer = try await host.run(
            """
            postmulti -x sh -c 'if postfix status 2>/dev/null; then
                echo ${multi_instance_name:--}; fi' 2>/dev/null
            """)
        return answer.lines
    }

    /// Who logged a text, in order: the tags without the program, as in `postfix-out`.
    func loggers(of text: String) async -> [String] {
        await host.logged.filter { $0.contains(text) }
            .map { String($0.prefix { $0 != "/" && $0 != "[" }) }
    }

    /// Removes what Debian before 3.9 puts into queue directories for jailed services and is no
    /// copy of a file, such as devices: destroy rightly leaves it.
    private func clearJails() async throws {
        try await expect(
            """
            for directory in /var/spool/postfix-*; do
                (cd "$directory" 2>/dev/null && rm -rf etc usr lib dev)
            done; :
            """)
    }

    /// Takes all secondaries away, which have to be stopped, and looks for what is left.
    private func expectClean() async throws {
        try await clearJails()
        let left = try await host.run(
            """
            for name in $(postmulti -l | awk 'NR > 1 { print $4 }'); do
                postmulti -e disable -i $name
                postmulti -e destroy -i $name
            done
            postmulti -l | tail -n +2
            cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { print "port " $2 }'
            for process in /proc/[0-9]*; do
                case $(cat $process/comm 2>/dev/null) in
                    bash | sh | timeout | cat | "") ;;
                    *) echo "process $(cat $process/comm): $(tr '\\0' ' ' <$process/cmdline)" ;;
                esac
            done
            ls -d /etc/postfix-* /var/spool/postfix-* /var/lib/postfix-* 2>/dev/null || :
            """)
        #expect(left.lines == [], "left behind; \(left.errors.text)")
    }

    /// The state of the machine's own Postfix, which no scenario may change.
    private static func machineFiles() throws -> ByteString {
        let listing = ChildProcess(
            "/bin/sh",
            [
                "-c",
                """
                find /etc/postfix* /var/spool/postfix* /var/lib/postfix* \
                    -printf '%p %m %U %G %C@\\n' | sort
                """,
            ])
        return try listing.run().output
    }
}
