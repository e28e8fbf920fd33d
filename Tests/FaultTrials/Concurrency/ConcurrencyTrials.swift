// Plays many edits at the same moment: none may be lost, and none may wait for ever.

import Bytes
import TestSupport

/// Rounds of edits at once, each round one case.
struct ConcurrencyTrials {
    let bench: Bench
    /// The host with `postfix-a` to `postfix-j`, of which the last three are enabled.
    private let ten: HostTree
    /// The host after `postmulti -e init`.
    private let initialised: HostTree

    private static let letters = "abcdefghij".map { ByteString(String($0)) }

    init(on bench: Bench) throws {
        self.bench = bench
        try bench.reset(to: bench.pristine)
        try bench.mustSucceed(["-e", "init"])
        initialised = try bench.tree()
        for letter in Self.letters {
            try bench.mustSucceed(["-e", "create", "-I", "postfix-\(letter)"])
        }
        for letter in Self.letters.suffix(3) {
            try bench.mustSucceed(["-e", "enable", "-i", letter])
        }
        ten = try bench.tree()
    }

    /// Ten new instances at once.
    func tenCreates(rounds: Int) throws -> Tally {
        var tally = Tally("10 creates at once")
        let creates = Self.letters.map { ["-e", "create", "-I", "postfix-\($0)"] as [ByteString] }
        let expected = try sequentialResult(of: creates, from: initialised)
        for round in 1...rounds {
            try bench.reset(to: initialised)
            let answers = try run(creates.map { bench.command($0) })
            tally.add("round \(round)", try complaints(answers, expected))
        }
        return tally
    }

    /// Ten actions of all kinds, each on another instance.
    func allActions(rounds: Int) throws -> Tally {
        var tally = Tally("create, destroy, deport, enable, disable and assign at once")
        let expected = try sequentialResult(of: Self.tenActions, from: ten)
        for round in 1...rounds {
            try bench.reset(to: ten)
            // Who comes first differs from round to round.
            let turned = Self.tenActions.turned(by: round)
            let answers = try run(turned.map { bench.command($0) })
            tally.add("round \(round)", try complaints(answers, expected))
        }
        return tally
    }

    /// Ten actions at once of which one is killed, and then given again.
    func oneKilled(rounds: Int) throws -> Tally {
        var tally = Tally("10 actions at once, one of them killed")
        let expected = try sequentialResult(of: Self.tenActions, from: ten)
        for round in 1...rounds {
            try bench.reset(to: ten)
            let turned = Self.tenActions.turned(by: round)
            let children = try turned.map { try bench.command($0).start() }
            Wait.microseconds(round * 97 % 20_000)
            children[round % 10].stop()
            var answers = try children.map { try $0.wait() }
            let again = try bench.postmulti(turned[round % 10])
            // Refused, if it was done just before it was killed; the result shows.
            answers[round % 10] = again
            if again.ending == .exited(1) { answers.remove(at: round % 10) }
            tally.add("round \(round)", try complaints(answers, expected))
        }
        return tally
    }

    /// Pairs of which only one can be done.
    func exclusivePairs(rounds: Int) throws -> Tally {
        var tally = Tally("two at once of which one must be refused")
        for round in 1...rounds {
            for (name, pair) in Self.pairs {
                try bench.reset(to: ten)
                let answers = try run(pair.turned(by: round).map { bench.command($0) })
                var found: [String] = []
                if answers.count(where: \.succeeded) != 1 {
                    found.append("\(answers.map(\.ending)) \(answers.map(\.errors))")
                }
                if try bench.listing() == nil { found.append("-l fails") }
                tally.add("\(name), round \(round)", found)
            }
        }
        return tally
    }

    /// Edits of ours and of postconf(1) in the same files.
    func besidePostconf(rounds: Int) throws -> Tally {
        var tally = Tally("edits beside `postconf -e` in the same main.cf")
        for round in 1...rounds {
            try bench.reset(to: ten)
            let children =
                Self.tenActions.map { bench.command($0) }
                + Self.settings.map { place, setting in
                    ChildProcess("/usr/sbin/postconf", ["-c", place, "-e", setting])
                }
            let answers = try run(children.turned(by: round))
            var found = answers.filter { !$0.succeeded }.map { "\($0.ending) \($0.errors)" }
            for (place, setting) in Self.settings {
                let file = try Disk.content(of: "\(place)/main.cf").text
                if !file.contains("\n\(setting)\n") { found.append("lost: \(place): \(setting)") }
            }
            let lines = (try bench.listing())?.text.split(separator: "\n").sorted()
            if lines != Self.listingAfterTenActions.sorted() {
                found.append("-l: \(lines ?? [])")
            }
            tally.add("round \(round)", found)
        }
        return tally
    }

    /// Creates one after the other, while others edit: they stay in their order.
    func order(rounds: Int) throws -> Tally {
        var tally = Tally("order of creates while others edit")
        let names = ["x1", "x2", "x3", "x4", "x5"].map { "postfix-\($0)" as ByteString }
        for round in 1...rounds {
            try bench.reset(to: ten)
            let action = round % 2 == 0 ? "enable" : "disable"
            var others: [RunningChild] = []
            var found: [String] = []
            for (index, name) in names.enumerated() {
                let letter = Self.letters[index]
                others.append(
                    try bench.command(["-e", ByteString(action), "-i", letter]).start())
                let answer = try bench.postmulti(["-e", "create", "-I", name])
                if !answer.succeeded { found.append("\(answer.errors)") }
            }
            for other in others where !(try other.wait().succeeded) { found.append(action) }
            let listed = (try bench.listing())?.split { $0 == 0x0A }.map { line in
                line.split { $0 == 0x20 }.first ?? ""
            }
            if listed?.suffix(5) != names[...] { found.append("order: \(listed ?? [])") }
            tally.add("round \(round)", found)
        }
        return tally
    }

    // MARK: what is run

    /// On ten instances, each touched by one action at most.
    private static let tenActions: [[ByteString]] = [
        ["-e", "create", "-I", "postfix-x1"], ["-e", "create", "-I", "postfix-x2", "-G", "mta"],
        ["-e", "destroy", "-i", "a"], ["-e", "destroy", "-i", "b"], ["-e", "deport", "-i", "c"],
        ["-e", "enable", "-i", "d"], ["-e", "enable", "-i", "e"],
        ["-e", "assign", "-i", "f", "-G", "mta"],
        ["-e", "assign", "-i", "g", "-I", "postfix-gg"], ["-e", "disable", "-i", "h"],
    ]

    private static let listingAfterTenActions: [Substring] = [
        "-               -               y         /etc/postfix",
        "postfix-d       -               y         /etc/postfix-d",
        "postfix-e       -               y         /etc/postfix-e",
        "postfix-f       mta             n         /etc/postfix-f",
        "postfix-gg      -               n         /etc/postfix-g",
        "postfix-h       -               n         /etc/postfix-h",
        "postfix-i       -               y         /etc/postfix-i",
        "postfix-j       -               y         /etc/postfix-j",
        "postfix-x1      -               n         /etc/postfix-x1",
        "postfix-x2      mta             n         /etc/postfix-x2",
    ]

    private static let pairs: [(String, [[ByteString]])] = [
        (
            "one queue for two",
            [
                ["-e", "create", "-I", "postfix-x", "queue_directory=/var/spool/postfix-q"],
                ["-e", "create", "-I", "postfix-y", "queue_directory=/var/spool/postfix-q"],
            ]
        ),
        (
            "one name for two",
            [
                ["-e", "assign", "-i", "a", "-I", "postfix-x"],
                ["-e", "assign", "-i", "b", "-I", "postfix-x"],
            ]
        ),
        (
            "one create twice",
            [["-e", "create", "-I", "postfix-x"], ["-e", "create", "-I", "postfix-x"]]
        ),
        ("one destroy twice", [["-e", "destroy", "-i", "a"], ["-e", "destroy", "-i", "a"]]),
    ]

    private static let settings: [(place: ByteString, setting: ByteString)] = [
        ("/etc/postfix", "maximal_queue_lifetime = 1d"),
        ("/etc/postfix", "bounce_queue_lifetime = 2d"),
        ("/etc/postfix", "delay_warning_time = 3h"),
        ("/etc/postfix-d", "queue_run_delay = 200s"),
        ("/etc/postfix-f", "minimal_backoff_time = 250s"),
        ("/etc/postfix-h", "maximal_backoff_time = 3000s"),
    ]

    // MARK: running and comparing

    /// Starts all, then waits for all.
    private func run(_ children: [ChildProcess]) throws -> [Bench.Answer] {
        let running = try children.map { try $0.start() }
        return try running.map { try $0.wait() }
    }

    /// The host when the actions are done one after the other.
    private func sequentialResult(
        of actions: [[ByteString]], from start: HostTree
    ) throws -> HostTree {
        try bench.reset(to: start)
        for action in actions { try bench.mustSucceed(action) }
        return try bench.tree().withoutOwnState
    }

    /// All succeeded, and the host is as if they had come one after the other.
    private func complaints(
        _ answers: [Bench.Answer], _ expected: HostTree
    ) throws -> [String] {
        var found = answers.filter { !$0.succeeded }.map { "\($0.ending) \($0.errors)" }
        let tree = try bench.tree()
        let primary: ByteString = "/etc/postfix/main.cf"
        // Whoever came first is first in the lists, too.
        for path in tree.withoutOwnState.differences(from: expected)
        where path != primary
            || tree.content(of: path)?.sortedWords != expected.content(of: path)?.sortedWords
        {
            found.append("differs: \(path)")
        }
        found += tree.unfinishedFiles
        if try bench.listing() == nil { found.append("-l fails") }
        return found
    }
}

extension Array {
    /// The elements in the same order, with another one first.
    fileprivate func turned(by count: Int) -> [Element] {
        let start = count % Swift.max(self.count, 1)
        return Array(self[start...] + self[..<start])
    }
}

extension ByteString {
    /// The words of a text, sorted.
    fileprivate var sortedWords: [ByteString] {
        split { $0 == 0x20 || $0 == 0x0A || $0 == 0x2C }.sorted()
    }
}
