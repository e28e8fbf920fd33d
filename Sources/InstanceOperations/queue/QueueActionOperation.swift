// Does something to queued messages of one instance through Postfix's own programs, some hundred
// messages a call, and looks afterwards what came of it.
//
// A short queue id may be used again as soon as its message has gone: before each call the messages
// are looked at once more, and one that came at another time than the one that was meant is left
// alone.

package import Bytes
package import HostAccess
package import Instances
package import PostfixFormats

/// A message that something is to be done to.
package struct ChosenMessage: Hashable, Sendable {
    package let id: QueueID
    package let arrivedSeconds: Int

    package init(_ message: QueuedMessage) {
        id = message.id
        arrivedSeconds = message.arrivedSeconds
    }
}

/// What came of it.
package struct QueueActionOutcome: Hashable, Sendable {
    /// Messages that it was done to.
    package var done = 0
    /// Messages that went, or moved to where it makes no sense, before it was done.
    package var gone = 0
    /// Messages that are where they were.
    package var left = 0
    /// What the programs said that failed, and why others could not be run.
    package var complaints: [ByteString] = []

    package init() {}
}

/// Does one action to messages of one instance.
package struct QueueActionOperation {
    private let host: Host
    private let action: QueueAction
    private let instance: Instance
    private let commandDirectory: ByteString
    private let reader: QueueReader

    /// Moving a message takes some system calls, and postsuper(1) waits for nothing else.
    private static let limitSeconds = 300
    /// postqueue(1) waits for qmgr(8), of which there is one.
    private static let atOnce = 4
    private static let limitComplaints = 10

    /// - Parameter commandDirectory: Where postsuper(1) and postqueue(1) are.
    package init(
        _ host: Host, _ action: QueueAction, _ instance: Instance, commandDirectory: ByteString
    ) {
        self.host = host
        self.action = action
        self.instance = instance
        self.commandDirectory = commandDirectory
        reader = QueueReader(host, instance, withReasons: false)
    }

    /// The call for some messages.
    package func command(_ ids: [QueueID]) -> ChildCommand {
        let (name, option) = action.program
        return ChildCommand(
            program: "\(commandDirectory)/\(name)",
            arguments: [name, "-c", instance.configDirectory] + ids.flatMap { [option, $0.text] },
            environment: host.environment)
    }

    /// Does it, batch by batch.
    package func run(_ messages: [ChosenMessage]) -> QueueActionOutcome {
        var outcome = QueueActionOutcome()
        var rest = messages[...]
        while !rest.isEmpty {
            // As many as are looked at together before, so that little time passes between.
            let batch = rest.prefix(max(action.messagesAtOnce, 100))
            rest = rest.dropFirst(batch.count)
            let present = batch.filter(isPresent)
            outcome.gone += batch.count - present.count
            run(present, &outcome)
        }
        return outcome
    }

    private func isPresent(_ message: ChosenMessage) -> Bool {
        guard let found = reader.message(message.id) else { return false }
        return found.arrivedSeconds == message.arrivedSeconds && action.queues.contains(found.queue)
    }

    private func run(_ messages: [ChosenMessage], _ outcome: inout QueueActionOutcome) {
        if messages.isEmpty { return }
        let calls = stride(from: 0, to: messages.count, by: action.messagesAtOnce).map {
            messages.dropFirst($0).prefix(action.messagesAtOnce).map(\.id)
        }
        var errors = [ByteString](repeating: "", count: calls.count)
        var failed: Set<Int> = []
        host.processes.runSideBySide(
            calls.map(command), atOnce: Self.atOnce, limitSeconds: Self.limitSeconds
        ) { index, event in
            switch event {
            case .output: break
            case .errors(let text): errors[index] += text
            case .ended(let status): if !status.isSuccess { failed.insert(index) }
            case .failed(let error):
                failed.insert(index)
                errors[index] += error.sentence
            }
        }
        for index in failed.sorted() where outcome.complaints.count < Self.limitComplaints {
            outcome.complaints += errors[index].split { $0 == 0x0A }
        }
        for (index, call) in calls.enumerated() {
            for id in call {
                let isDone =
                    action == .flush
                    ? !failed.contains(index)
                    : action.isDone(messageIn: reader.message(id)?.queue)
                if isDone { outcome.done += 1 } else { outcome.left += 1 }
            }
        }
    }
}
