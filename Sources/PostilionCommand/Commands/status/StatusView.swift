// The status of instances for people: a table, and below it what does not fit into cells.

import Bytes
import Instances

/// Lines that show a snapshot.
struct StatusView {
    private let snapshot: Snapshot
    private let console: Console

    init(_ snapshot: Snapshot, console: Console) {
        self.snapshot = snapshot
        self.console = console
    }

    /// The table, and the notes after an empty line; as wide as they are if there is no limit.
    func lines(columns: Int?) -> [ByteString] {
        let notes = StatusNotes(snapshot, console: console).lines
        return table(snapshot.instances).lines(for: console, columns: columns)
            + (notes.isEmpty ? [] : [""]) + notes
    }

    /// What fits on a screen; if not all instances do, those with something wrong come first.
    func lines(fitting rows: Int, columns: Int) -> [ByteString] {
        let all = lines(columns: columns)
        if all.count <= rows || snapshot.instances.count + 1 <= rows {
            return Array(all.prefix(rows))
        }
        let wrong = snapshot.instances.filter { !snapshot.faults(of: $0).isEmpty }
        let right = snapshot.instances.filter { snapshot.faults(of: $0).isEmpty }
        // A line for the headings, one for the rest.
        let shown = (wrong + right).prefix(max(0, rows - 2))
        let rest = snapshot.instances.count - shown.count
        let hidden = max(0, wrong.count - shown.count)
        let words: ByteString =
            "\(rest) more" + (hidden == 0 ? "" : ", \(hidden) of them with something wrong")
        return table(Array(shown)).lines(for: console, columns: columns)
            + [console.styled("… \(words)", hidden == 0 ? .faint : .bad)]
    }

    private func table(_ instances: [InstanceSnapshot]) -> Table {
        let queues = shownQueues
        var table = Table(
            [
                .init("INSTANCE", mayBeCut: true),
                .init("GROUP", mayBeCut: true, leftOutOrder: 4),
                .init("ENABLED", leftOutOrder: 3), .init("STATE"),
                .init("PID", isNumber: true, leftOutOrder: 2), .init("UP", leftOutOrder: 1),
                .init("LISTENERS", mayBeCut: true, leftOutOrder: 5),
            ]
                + queues.map { .init(heading($0), isNumber: true) }
                + [.init("OLDEST", isNumber: true)])
        table.rows = instances.map { instance in
            identity(instance) + process(instance) + [listeners(instance)]
                + queues.map { queue(instance, $0) } + [oldest(instance)]
        }
        return table
    }

    /// The queues that have a column: those of every day, and those that hold something anywhere.
    private var shownQueues: [ByteString] {
        let all: [ByteString] = ["maildrop", "incoming", "active", "deferred", "hold", "corrupt"]
        var filled: Set<ByteString> = ["active", "deferred"]
        for instance in snapshot.instances {
            for queue in instance.queues.value ?? [] where queue.messages > 0 {
                filled.insert(queue.name)
            }
        }
        return all.filter(filled.contains)
    }

    private func heading(_ queue: ByteString) -> ByteString {
        ByteString(queue.bytes.map { $0 & 0xDF })
    }

    private func identity(_ instance: InstanceSnapshot) -> [Table.Cell] {
        guard let known = instance.instance else {
            return [.init(instance.member.displayName, .bad), .init("?"), .init("?")]
        }
        return [
            .init(known.displayName), .init(known.group?.text ?? "-"),
            known.isEnabled ? .init("yes") : .init("no", .faint),
        ]
    }

    private func process(_ instance: InstanceSnapshot) -> [Table.Cell] {
        guard let known = instance.instance else {
            return [.init("broken", .bad), .init("-"), .init("-")]
        }
        switch instance.process {
        case .unknown: return [.init("unknown", .warning), .init("?"), .init("?")]
        case .known(.stopped):
            return [.init("stopped", known.isEnabled ? .bad : .faint), .init("-"), .init("-")]
        case .known(.running(let number, let since)):
            let up = since.map { durationText(seconds: snapshot.takenSeconds - $0) }
            let state: Table.Cell =
                instance.facts.runsOutsideOfServices
                ? .init("!running", .warning) : .init("running", .good)
            return [state, .init("\(number)"), .init(up ?? "?")]
        }
    }

    private func listeners(_ instance: InstanceSnapshot) -> Table.Cell {
        if instance.instance == nil { return .init("-") }
        if instance.services.value == nil { return .init("?") }
        let states = snapshot.listenerStates(of: instance)
        let isStopped = instance.process.value == .stopped
        var words: [ByteString] = []
        for state in states {
            let mark: ByteString = state.isMissing && !isStopped ? "!" : ""
            let word = mark + place(state.socket)
            // An IPv4 and an IPv6 socket for all addresses are one for the eye.
            if !words.contains(word) { words.append(word) }
        }
        for listener in instance.listeners where listener.sockets.isEmpty {
            let isNowhere = listener.addresses.value?.isEmpty ?? false
            words.append(isNowhere ? "!\(listener.service)" : "\(listener.service)?")
        }
        let text = words.reduce("") { $0.isEmpty ? $1 : "\($0) \($1)" }
        let isBad = words.contains { $0.hasPrefix("!") }
        return .init(text.isEmpty ? "-" : text, isBad ? .bad : isStopped ? .faint : nil)
    }

    private func place(_ socket: ListeningSocket) -> ByteString {
        socket.address.isWildcard ? "*:\(socket.port)" : ByteString(socket.description)
    }

    private func queue(_ instance: InstanceSnapshot, _ name: ByteString) -> Table.Cell {
        if instance.instance == nil { return .init("-") }
        guard let queues = instance.queues.value else { return .init("?") }
        let messages = queues.first { $0.name == name }?.messages ?? 0
        if messages == 0 { return .init("0", .faint) }
        return .init("\(messages)", name == "corrupt" ? .bad : nil)
    }

    private func oldest(_ instance: InstanceSnapshot) -> Table.Cell {
        if instance.instance == nil { return .init("-") }
        guard let queues = instance.queues.value else { return .init("?") }
        let filled = queues.filter { $0.messages > 0 }
        if filled.isEmpty { return .init("-", .faint) }
        guard let seconds = filled.compactMap(\.oldestSeconds).min() else { return .init("?") }
        let age = durationText(seconds: snapshot.takenSeconds - seconds)
        return .init(filled.allSatisfy(\.isOldestCertain) ? age : ">\(age)")
    }
}
