// The lines below the table of status: what is wrong, what was logged, what could not be seen.

import Bytes
import Instances

/// Sentences about the instances of a snapshot.
struct StatusNotes {
    private let snapshot: Snapshot
    private let console: Console

    init(_ snapshot: Snapshot, console: Console) {
        self.snapshot = snapshot
        self.console = console
    }

    /// All sentences, the gravest first.
    var lines: [ByteString] {
        faults.map { console.styled($0.printable, .bad) }
            + strays.map { console.styled($0.printable, .warning) }
            + problems.map { console.styled($0.text.printable, $0.style) }
            + unseen.map { console.styled($0.printable, .faint) }
    }

    private var faults: [ByteString] {
        snapshot.instances.flatMap { instance in
            snapshot.faults(of: instance).map { fault in
                "\(instance.member.displayName): \(fault.sentence)"
            }
        }
    }

    /// Those that systemd should run, and does not.
    private var strays: [ByteString] {
        snapshot.instances.compactMap { instance in
            guard instance.facts.runsOutsideOfServices, let own = instance.facts.ownUnit,
                case .known(let unit) = instance.facts.unit
            else { return nil }
            let place = unit.map { "runs in \($0), not in" as ByteString } ?? "runs, but not in"
            return "\(instance.member.displayName): \(place) \(own)"
        }
    }

    /// What was logged, once for all instances that it may be from.
    private var problems: [(text: ByteString, style: Style)] {
        var names: [LogProblem: [ByteString]] = [:]
        var order: [LogProblem] = []
        for instance in snapshot.instances {
            guard case .known(let problem?) = instance.lastProblem else { continue }
            if names[problem] == nil { order.append(problem) }
            names[problem, default: []].append(instance.member.displayName)
        }
        return order.map { problem in
            let doubt: ByteString = problem.isCertain ? "" : " (others log by that name, too)"
            let text: ByteString = """
                \((names[problem] ?? []).abbreviated): logged \(problem.time) \(problem.tag): \
                \(problem.severity): \(problem.text)\(doubt)
                """
            return (text, problem.severity == "warning" ? .warning : .bad)
        }
    }

    /// One sentence for each kind of fact that cannot be seen, however many instances it is of.
    private var unseen: [ByteString] {
        var runs = Unseen("whether it runs")
        var services = Unseen("services")
        var sockets = Unseen("what listens")
        var listeners = Unseen("where it listens")
        var queues = Unseen("queues")
        var log = Unseen("the log")
        sockets.note(snapshot.listeningSockets.reason)
        for instance in snapshot.instances where instance.instance != nil {
            runs.note(instance.process.reason)
            services.note(instance.services.reason)
            for listener in instance.listeners {
                listeners.note(listener.addresses.reason ?? listener.port.reason)
            }
            queues.note(instance.queues.reason)
            log.note(instance.lastProblem.reason)
        }
        return [runs, services, sockets, listeners, queues, log].compactMap(\.sentence)
    }

    /// A kind of fact, and why some of that kind cannot be seen.
    private struct Unseen {
        private let fact: ByteString
        private var first: ByteString?
        private var count = 0

        init(_ fact: ByteString) { self.fact = fact }

        mutating func note(_ reason: ByteString?) {
            guard let reason else { return }
            if first == nil { first = reason }
            count += 1
        }

        var sentence: ByteString? {
            guard let first else { return nil }
            let others: ByteString = count == 1 ? "" : " (and \(count - 1) more)"
            return "cannot see \(fact): \(first)\(others)"
        }
    }
}

extension StatusFault {
    /// The fault as a sentence fragment.
    var sentence: ByteString {
        switch self {
        case .broken(let reason): reason.sentence
        case .notRunning: "is enabled, but does not run"
        case .notListening(let socket):
            "nothing listens on \(socket.description), though it is configured"
        }
    }

    /// The fault's name for programs.
    var identifier: ByteString {
        switch self {
        case .broken: "broken"
        case .notRunning: "not_running"
        case .notListening: "not_listening"
        }
    }
}
