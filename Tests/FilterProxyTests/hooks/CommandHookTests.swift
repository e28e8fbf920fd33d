// The operator's program: what it is given, what its end means, and that none outlives its time.

import Bytes
import SMTPProtocol
import TestSupport
import Testing

@testable import FilterProxy

@Suite(.timeLimit(.minutes(6))) struct `The command hook` {
    /// The hook with a shell as the operator's program.
    private func hook(
        _ script: String, _ change: (inout CommandSettings) -> Void = { _ in }
    ) -> CommandHook {
        var settings = CommandSettings(command: ["/bin/sh", "-c", script])
        change(&settings)
        return CommandHook(settings: settings)
    }

    @Test(arguments: [
        (0, HookVerdict.Decision.pass),
        (65, .reject("a reason")), (69, .reject("a reason")), (77, .reject("a reason")),
        (75, .tempfail("a reason")), (3, .hold("a reason")), (4, .discard("a reason")),
        (1, .tempfail("hook is not available")), (255, .tempfail("hook is not available")),
    ])
    func `decides by the exit status, with the first line as reason`(
        code: Int, decision: HookVerdict.Decision
    ) async {
        let hook = hook("cat >/dev/null; echo 'a reason'; echo more; exit \(code)") {
            $0.exitCodes.hold = [3]
            $0.exitCodes.discard = [4]
        }
        #expect(await hook.outcome().decision == decision)
    }

    @Test func `says the exit status where there is no reason`() async {
        #expect(await hook("exit 65").outcome().decision == .reject("exit status 65"))
    }

    @Test func `lets nothing harmful into a reason`() async {
        let verdict = await hook("printf 'bad\\r\\001\\303\\251  %300s|\\n' x; exit 65").outcome()
        #expect(verdict.decision == .reject("bad ??? x|"))
    }

    @Test(arguments: [
        (CommandSettings.LineEnds.crlf, "a\\r\\n.b\\r\\n\\r\\n"), (.lf, "a\\n.b\\n\\n"),
    ])
    func `gives the message itself`(
        ends: CommandSettings.LineEnds, bytes: String
    ) async {
        let hook = hook("test \"$(od -An -c | tr -d ' \\n')\" = '\(bytes)' || exit 65") {
            $0.lineEnds = ends
        }
        #expect(await hook.outcome(SpooledMessage("a\n.b\n\n")).decision == .pass)
    }

    @Test func `tells of the envelope in the environment`() async {
        let values = hook(
            """
            echo "$SENDER|$RECIPIENT_COUNT|$QUEUE_ID|$CLIENT_ADDRESS|$CLIENT_NAME|$CLIENT_HELO|\
            $CLIENT_PROTOCOL|$(echo "$RECIPIENTS" | tr '\\n' ' ')"
            """)
        let note = await values.outcome().note
        #expect(
            note == "alice@example.net|2|4ABC|203.0.113.77|client.example.net|helo.example.net|"
                + "ESMTP|bob@example.com carol@example.com")
    }

    @Test func `puts nothing else into the environment`() async {
        // What comes after these is the shell's own.
        let names = hook("env | grep = | sed 's/=.*//' | sort | tr '\\n' ' '")
        let note = await names.outcome().note
        #expect(
            note == "CLIENT_ADDRESS CLIENT_HELO CLIENT_NAME CLIENT_PROTOCOL PATH PWD QUEUE_ID "
                + "RECIPIENTS RECIPIENT_COUNT SENDER")
    }

    @Test func `starts the program however many and strange the recipients are`() async {
        var envelope = Envelope.example
        envelope.sender = [0x61, 0, 0xFF, 0x0A]
        envelope.accepted = 3000
        envelope.recipients = Array(repeating: Array(repeating: 0x61, count: 250), count: 3000)
        let hook = hook("echo $RECIPIENT_COUNT ${RECIPIENTS-none} ${#SENDER}")
        #expect(await hook.outcome(.small, envelope).note == "3000 none 3")
    }

    @Test func `passes arguments as they are, through no shell`() async {
        let settings = CommandSettings(command: ["/bin/echo", "$HOME `id` ; *"])
        #expect(await CommandHook(settings: settings).outcome().note == "$HOME `id` ; *")
    }

    @Test func `lets a program decide without reading`() async {
        let large = SpooledMessage(String(repeating: "0123456789\n", count: 400_000))
        #expect(await hook("echo no; exit 65").outcome(large).decision == .reject("no"))
    }

    @Test func `waits for no one who has inherited the output`() async {
        let verdict = await hook("sleep 900 & echo no; exit 65").outcome()
        #expect(verdict.decision == .reject("no"))
    }

    @Test func `fails with what the program says on standard error`() async {
        let words = await hook("cat >/dev/null; echo 'no such file' >&2; exit 2").failure()
        #expect(words == "exit status 2: no such file")
    }

    @Test func `fails where the program is killed`() async {
        #expect(await hook("kill -9 $$").failure() == "/bin/sh was killed by a signal")
    }

    @Test func `fails where there is no program`() async {
        let settings = CommandSettings(command: ["/nonexistent/filter"])
        let words = await CommandHook(settings: settings).failure()
        #expect(words?.hasPrefix("cannot run /nonexistent/filter: ") == true)
    }

    @Test func `fails where there is more output than allowed`() async {
        let words = await hook("yes", { $0.outputBytes = 1000 }).failure()
        #expect(words == "more than 1000 bytes of output")
    }

    @Test func `does not mind how much is said on standard error`() async {
        let hook = hook("head -c 10000000 /dev/zero >&2; cat >/dev/null; echo fine")
        #expect(await hook.outcome().note == "fine")
    }

    @Test func `kills the program and all it has started when its time is over`() async throws {
        // No other process sleeps that long.
        let sleep = "sleep 86399.25"
        let hook = hook("trap '' TERM; sh -c 'trap \"\" TERM; exec \(sleep)' & exec \(sleep)")
        async let failure = hook.failure(timeoutSeconds: 3)
        while try count(of: sleep) < 2 { try await Task.sleep(for: .milliseconds(50)) }
        #expect(await failure == "no answer in 3 seconds")
        while try count(of: sleep) > 0 { try await Task.sleep(for: .milliseconds(50)) }
    }

    /// How many processes have this command line.
    private func count(of command: String) throws -> Int {
        let found = try ChildProcess("/usr/bin/pgrep", ["-fxc", ByteString(command)]).run()
        return Int(found.output.text.prefix { $0 != "\n" }) ?? 0
    }
}
