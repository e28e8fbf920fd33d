// The sections of the fault trials: each is a process of its own, so that several run at once.

/// A group of trials.
enum Section: String, CaseIterable {
    case kill, interrupt, error
    case errorForGood = "error-for-good"
    case concurrency, broken, destroy, race, overlap, words, surroundings, children
    case durability

    /// Plays the section's trials.
    func play(on bench: Bench, _ scope: Scope) throws -> [Tally] {
        switch self {
        case .kill:
            return try inject("killed (-9) at a file-changing call", [.signal("SIGKILL")])
        case .interrupt:
            return try inject(
                "SIGTERM or SIGINT at such a call", [.signal("SIGTERM"), .signal("SIGINT")])
        case .error:
            return try inject(
                "ENOSPC, EIO, EROFS or EACCES at such a call", Fault.errors.map { .error($0) })
        case .errorForGood:
            return try inject(
                "ENOSPC, EIO, EROFS or EACCES from such a call on",
                Fault.errors.map { .errorForGood($0) })
        case .concurrency: return try concurrency(bench, scope)
        case .broken:
            let trials = try BrokenTrials(on: bench)
            var tally = Tally("one broken secondary among five")
            for damage in scope.chosen(Damage.all, name: \.name) {
                tally.add(damage.name, try trials.complaints(about: damage))
            }
            return [tally]
        case .destroy:
            return try play(
                DestroyScenarios.all, "destroy beside mail, daemons, links and others' files")
        case .race: return [try RaceTrials(on: bench).play(rounds: scope.rounds(100))]
        case .overlap: return try play(OverlapScenarios.all, "directories that overlap with others")
        case .words: return try play(HostileWordScenarios.all, "hostile names and paths")
        case .surroundings:
            return try play(
                SurroundingsScenarios.all, "hostile environment, limits and file systems")
        case .children: return [try ChildTrials(bench: bench).play(scope)]
        case .durability: return [try DurabilityTrials(bench: bench).play(scope)]
        }

        func play(_ scenarios: [Scenario], _ title: String) throws -> [Tally] {
            let start = try bench.hostOfTwo()
            return [try Scenario.play(scenarios, title, on: bench, from: start, scope)]
        }

        func inject(_ title: String, _ effects: [Fault.Effect]) throws -> [Tally] {
            var tally = Tally(title)
            for action in try LifecycleAction.all(on: bench) {
                let trials = try InjectionTrials(action, on: bench)
                let faults = trials.calls.flatMap { call in
                    effects.map { Fault(call: call, effect: $0) }
                }
                func name(_ fault: Fault) -> String { "\(action.name): \(fault.name)" }
                for fault in scope.chosen(faults, name: name) {
                    tally.add(name(fault), try trials.complaints(about: fault))
                }
            }
            return [tally]
        }
    }

    private func concurrency(_ bench: Bench, _ scope: Scope) throws -> [Tally] {
        let trials = try ConcurrencyTrials(on: bench)
        return [
            try trials.tenCreates(rounds: scope.rounds(40)),
            try trials.allActions(rounds: scope.rounds(200)),
            try trials.oneKilled(rounds: scope.rounds(100)),
            try trials.exclusivePairs(rounds: scope.rounds(20)),
            try trials.besidePostconf(rounds: scope.rounds(50)),
            try trials.order(rounds: scope.rounds(20)),
        ]
    }
}
