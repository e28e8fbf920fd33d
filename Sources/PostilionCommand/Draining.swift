// How destroy empties instances before they go: with progress, a deadline, and all put back if not.

import Bytes
import HostAccess
import InstanceOperations
import Instances

extension CommandContext {
    /// Has the instances deliver their mail and stops them, then does the rest; if that does not
    /// succeed, they are as they were.
    func draining(
        _ members: [InstanceSet.Member], _ scene: Scene, limitSeconds: Int,
        thenDo rest: () throws(CommandFailure) -> CommandStatus
    ) throws(CommandFailure) -> CommandStatus {
        var drained: [(operation: DrainOperation, before: DrainOperation.Drained)] = []
        do throws(CommandFailure) {
            for case .instance(let instance) in members {
                if instance.isPrimary {
                    throw CommandFailure(.failed, "the primary instance cannot be removed")
                }
                let operation = DrainOperation(
                    host, installation: scene.installation, instance: instance,
                    way: try controlWay(scene, withUnits: true))
                drained.append((operation, try drain(operation, instance, limitSeconds)))
            }
            return try rest()
        } catch {
            var failure = error
            for (operation, before) in drained.reversed() {
                do throws(DrainOperation.Failure) {
                    try operation.reopen(before)
                } catch {
                    failure.message += "; and not put back: \(error.sentence)"
                }
            }
            throw failure
        }
    }

    private func drain(
        _ operation: DrainOperation, _ instance: Instance, _ limitSeconds: Int
    ) throws(CommandFailure) -> DrainOperation.Drained {
        var said: ByteString = ""
        do throws(DrainOperation.Failure) {
            return try operation.run(limitSeconds: limitSeconds) { queues in
                let now: ByteString = "\(instance.displayName): \(counts(queues))"
                if now != said { console.say("postilion: \(now)\n") }
                said = now
            } onRecovery: {
                tell($0)
            }
        } catch {
            var failure = error.commandFailure
            failure.message = "\(instance.displayName): \(failure.message)"
            throw failure
        }
    }
}

/// The numbers of messages in the queues that have any.
private func counts(_ queues: [QueueState]) -> ByteString {
    let filled = queues.filter { $0.messages > 0 }
    if filled.isEmpty { return "no mail is queued" }
    return filled.map { "\($0.messages) in \($0.name)" }.joined(by: ", ")
}

extension DrainOperation.Failure {
    var commandFailure: CommandFailure {
        if case .operation(let failure) = self { return failure.commandFailure }
        return CommandFailure(.failed, sentence, hint: mend)
    }

    fileprivate var sentence: ByteString {
        switch self {
        case .operation(let failure): failure.commandFailure.message
        case .command(let words, .exited(let status)): "\(words) ended with status \(Int(status))"
        case .command(let words, .signalled(let signal)):
            "\(words) was ended by signal \(Int(signal))"
        case .notRun(let error): error.sentence
        case .stuck(let queues): "nobody delivers this mail: \(counts(queues))"
        case .late(let queues): "mail is left after the deadline: \(counts(queues))"
        case .notSeen(let reason): reason
        case .notPutBack(let reopening, let failure):
            "\(failure.sentence); and not put back: \(reopening.sentence)"
        }
    }

    private var mend: ByteString? {
        switch self {
        case .stuck: "release or delete it with postsuper, or hand it over with --to"
        case .late: "take a longer --deadline, or hand the mail over with --to"
        default: nil
        }
    }
}
