// The actions of option -e that faults are injected into, and the hosts that they start from.

import Bytes

/// One action on one host.
struct LifecycleAction {
    var name: String
    var arguments: [ByteString]
    var start: HostTree

    /// All actions, each from a host where it succeeds.
    static func all(on bench: Bench) throws -> [LifecycleAction] {
        let pristine = bench.pristine
        try bench.reset(to: pristine)
        try bench.mustSucceed(["-e", "init"])
        try bench.mustSucceed(["-e", "create", "-I", "postfix-out", "-G", "mta"])
        try bench.mustSucceed(["-e", "enable", "-i", "out"])
        let one = try bench.tree()
        try bench.mustSucceed(["-e", "create", "-I", "postfix-new"])
        let two = try bench.tree()
        try Bench.shell(tracesOfARun)
        let hasRun = try bench.tree()
        try bench.mustSucceed(["-e", "deport", "-i", "new"])
        let stray = try bench.tree()
        try bench.reset(to: two)
        try bench.mustSucceed(["-e", "enable", "-i", "new"])
        let enabled = try bench.tree()
        return [
            LifecycleAction(name: "init", arguments: ["-e", "init"], start: pristine),
            LifecycleAction(
                name: "create", arguments: ["-e", "create", "-I", "postfix-new", "-G", "mta"],
                start: one),
            LifecycleAction(
                name: "import", arguments: ["-e", "import", "-I", "postfix-new"], start: stray),
            LifecycleAction(
                name: "assign", arguments: ["-e", "assign", "-i", "new", "-G", "mta"], start: two),
            LifecycleAction(
                name: "enable", arguments: ["-e", "enable", "-i", "new"], start: two),
            LifecycleAction(
                name: "disable", arguments: ["-e", "disable", "-i", "new"], start: enabled),
            LifecycleAction(
                name: "deport", arguments: ["-e", "deport", "-i", "new"], start: two),
            LifecycleAction(
                name: "destroy", arguments: ["-e", "destroy", "-i", "new"], start: two),
            LifecycleAction(
                name: "destroy after a run", arguments: ["-e", "destroy", "-i", "new"],
                start: hasRun),
        ]
    }

    /// Files and sockets of the kinds that a run of Postfix leaves.
    private static let tracesOfARun = """
        cd /var/spool/postfix-new
        mkdir -p deferred/A defer/A active/1; chown postfix deferred/A defer/A active/1
        mkfifo public/qmgr private/old; : >pid/master.pid; : >pid/unix.cleanup
        : >/var/lib/postfix-new/prng_exch; : >/var/lib/postfix-new/master.lock
        """
}
