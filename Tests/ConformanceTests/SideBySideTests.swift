// Real children that run at the same time.

import Bytes
import HostAccess
import Testing

@Suite struct `Children side by side` {
    private func shell(_ script: ByteString) -> ChildCommand {
        ChildCommand(
            program: "/bin/sh", arguments: ["sh", "-c", script],
            environment: ["PATH=/usr/bin:/bin"])
    }

    /// What was heard of each child.
    private struct Heard: Equatable {
        var output: ByteString = ""
        var errors: ByteString = ""
        var endings: [String] = []
    }

    private func run(
        _ scripts: [ByteString], atOnce: Int, limitSeconds: Int = 60
    ) -> [Heard] {
        var heard = scripts.map { _ in Heard() }
        LiveProcessRunner().runSideBySide(
            scripts.map(shell), atOnce: atOnce, limitSeconds: limitSeconds
        ) { index, event in
            switch event {
            case .output(let text): heard[index].output += text
            case .errors(let text): heard[index].errors += text
            case .ended(let status): heard[index].endings.append("\(status)")
            case .failed(.tooSlow): heard[index].endings.append("too slow")
            case .failed: heard[index].endings.append("failed")
            }
        }
        return heard
    }

    @Test func `tell all they say, and end once each`() {
        let heard = run(["echo a; echo b >&2; exit 3", "kill -9 $$", "printf c"], atOnce: 2)
        #expect(heard[0] == Heard(output: "a\n", errors: "b\n", endings: ["exited(3)"]))
        #expect(heard[1] == Heard(endings: ["signalled(9)"]))
        #expect(heard[2] == Heard(output: "c", endings: ["exited(0)"]))
    }

    @Test func `say more than a pipe holds`() {
        let heard = run(["head -c 1000000 /dev/zero", "head -c 1000000 /dev/zero >&2"], atOnce: 2)
        #expect(heard[0].output.count == 1_000_000 && heard[1].errors.count == 1_000_000)
    }

    @Test func `meet each other if all may run, and not if one may`() {
        // Each waits for the other's message in a pipe: only together they can end.
        let place = "/tmp/side-by-side-\(UInt64.random(in: 0 ... .max))"
        let scripts: [ByteString] = [
            "mkfifo \(place); read word <\(place); echo $word",
            "until [ -p \(place) ]; do sleep 0.01; done; echo met >\(place); rm \(place)",
        ]
        #expect(run(scripts, atOnce: 2)[0].output == "met\n")
        let alone = run(["sleep 0.2; echo >\(place)", "test -f \(place); rm \(place)"], atOnce: 1)
        #expect(alone[1].endings == ["exited(0)"])
    }

    @Test func `that take too long are ended`() {
        let heard = run(["exec sleep 100", "echo fine"], atOnce: 2, limitSeconds: 1)
        #expect(heard[0].endings == ["too slow"])
        #expect(heard[1] == Heard(output: "fine\n", endings: ["exited(0)"]))
    }

    @Test func `that leave a daemon behind end all the same`() {
        let heard = run(["sleep 5 & echo done"], atOnce: 1)
        #expect(heard == [Heard(output: "done\n", endings: ["exited(0)"])])
    }

    @Test func `that cannot be started are told`() {
        var endings = 0
        let missing = ChildCommand(program: "/nothing", arguments: ["x"], environment: [])
        LiveProcessRunner().runSideBySide([missing, missing], atOnce: 1, limitSeconds: 1) {
            if case .failed(.cannotStart) = $1 { endings += 1 + $0 }
        }
        #expect(endings == 3)
    }
}
