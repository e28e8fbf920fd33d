// Destroys and imports an instance while the owner of its queue swaps directories for links.

import Bytes
import TestSupport

/// Races, each one case: what lies outside must stay as it is.
struct RaceTrials {
    let bench: Bench
    private let registered: HostTree
    private let stray: HostTree

    private static let victim: ByteString = "/srv/victim"

    init(on bench: Bench) throws {
        self.bench = bench
        try bench.reset(to: bench.pristine)
        try bench.mustSucceed(["-e", "init"])
        try bench.mustSucceed(["-e", "create", "-I", "postfix-new"])
        // Many files make it likely that the swap comes in the middle.
        try Bench.shell(
            """
            mkdir -p /srv/victim/sub /var/spool/postfix-new/defer/A/sub
            cd /var/spool/postfix-new/defer/A
            for number in $(seq 100); do : >LOG$number; done; : >sub/LOG
            cp -r . /srv/victim; chown -R postfix /var/spool/postfix-new/defer
            """)
        registered = try bench.tree()
        try bench.mustSucceed(["-e", "deport", "-i", "new"])
        stray = try bench.tree()
    }

    /// Plays so many rounds of each of the two actions.
    func play(rounds: Int) throws -> Tally {
        var tally = Tally("links swapped in by the queue owner during destroy and import")
        let outside = try snapshot()
        for round in 1...rounds {
            let found = try race(["-e", "destroy", "-i", "new"], from: registered, outside)
            tally.add("destroy, round \(round)", found)
            let more = try race(["-e", "import", "-I", "postfix-new"], from: stray, outside)
            tally.add("import, round \(round)", more)
        }
        return tally
    }

    private func race(
        _ arguments: [ByteString], from start: HostTree, _ outside: [ByteString: DiskObject]
    ) throws -> [String] {
        try bench.reset(to: start)
        let racer = try Race.start(
            directory: "/var/spool/postfix-new/defer/A", target: Self.victim)
        // Started means under way: half a millisecond a process, and this is four.
        Wait.microseconds(2000)
        let answer = try bench.postmulti(arguments)
        racer.stop()
        _ = try racer.wait()
        var found: [String] = []
        if answer.ending == .deadlinePassed { found.append("hangs") }
        let present = try snapshot()
        found += outside.keys.filter { outside[$0] != present[$0] }.sorted()
            .map { "changed outside: \($0)" }
        return found
    }

    /// What lies outside: it must not be touched.
    private func snapshot() throws -> [ByteString: DiskObject] {
        var objects: [ByteString: DiskObject] = [:]
        func collect(_ path: ByteString) throws {
            objects[path] = try Disk.object(at: path)
            guard objects[path]?.kind == .directory else { return }
            for name in try Disk.names(in: path) { try collect("\(path)/\(name)") }
        }
        try collect(Self.victim)
        return objects
    }
}
