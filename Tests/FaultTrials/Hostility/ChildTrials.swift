// Looks which programs the actions of option -e start: none but those that must be asked.

import Bytes
import TestSupport

/// All actions, each warm and with the cache of the defaults taken away.
struct ChildTrials {
    let bench: Bench

    /// Programs that may be asked for what no file tells; a shell is not among them.
    private static let allowed = [
        "/usr/sbin/postmulti", "/usr/sbin/postconf", "/usr/bin/getent", "/usr/sbin/postlog",
    ]

    /// Plays all actions.
    func play(_ scope: Scope) throws -> Tally {
        var tally = Tally("no shell and no other program is run by `-e`")
        for action in scope.chosen(try LifecycleAction.all(on: bench), name: \.name) {
            for isCold in [false, true] {
                try bench.reset(to: action.start)
                if isCold { try Bench.shell("rm -rf /var/cache/postilion") }
                bench.ageConfiguration()
                let answer = try bench.postmulti(
                    action.arguments,
                    tracer: ["/usr/bin/strace", "-f", "-o", "/tmp/trace", "-e", "trace=execve"])
                var found = answer.succeeded ? [] : ["\(answer.ending) \(answer.errors)"]
                let programs = try Disk.content(of: "/tmp/trace").text.split(separator: "\n")
                    .filter { $0.contains("execve(") && $0.hasSuffix("= 0") }
                    .compactMap { $0.split(separator: "\"").dropFirst().first }
                found += programs.filter { !Self.allowed.contains(String($0)) }.map { "runs \($0)" }
                tally.add("\(action.name)\(isCold ? ", cold" : "")", found)
            }
        }
        return tally
    }
}
