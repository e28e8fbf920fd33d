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

    private var problems: [(text: ByteString, style: Style)] {
        snapshot.instances.compactMap { instance in
            guard case .known(let problem?) = instance.lastProblem else { return nil }
            let text: ByteString = """
                \(instance.member.displayName): logged \(problem.time) \(problem.tag): \
                \(problem.severity): \(problem.text)
                """
            return (text, problem.severity == "warning" ? .warning : .bad)
        }
    }

    /// One sentence for each kind of fact that cannot be seen, however many instances it is of.
    private var unseen: [ByteString] {
        let usable = snapshot.instances.filter { $0.instance != nil }
        var sentences: [ByteString] = []
        func note(_ fact: ByteString, _ reasons: [ByteString]) {
            guard let first = reasons.first else { return }
            let others: ByteString =
                reasons.count == 1 ? "" : " (and \(reasons.count - 1) more)"
            sentences.append("cannot see \(fact): \(first)\(others)")
        }
        note("whether it runs", usable.compactMap(\.process.reason))
        note("services", usable.compactMap(\.services.reason))
        note("what listens", [snapshot.listeningSockets.reason].compactMap { $0 })
        note(
            "where it listens",
            usable.flatMap(\.listeners).compactMap { $0.addresses.reason ?? $0.port.reason })
        note("queues", usable.compactMap(\.queues.reason))
        note("the log", usable.compactMap(\.lastProblem.reason))
        return sentences
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
