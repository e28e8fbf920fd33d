// How the commands of queue go through the instances: each is read, what cannot be is said.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

/// Reads the queues of the instances that are meant.
struct QueueReading {
    private let context: CommandContext
    let filter: MessageFilter
    /// The instances that can be looked at.
    let instances: [Instance]
    private var hasFailures = false
    private var hasSuccess = false

    /// Finds the instances; broken ones are told.
    ///
    /// - Parameter queues: Those in which a command looks; an option must not name another one.
    init(
        _ context: CommandContext, _ options: QueueFilterOptions, _ queues: Set<QueueName>? = nil
    ) throws(CommandFailure) {
        self.context = context
        var filter = options.filter
        if let queues {
            for queue in options.queue where !queues.contains(queue) {
                let others = QueueName.allCases.filter(queues.contains).map(\.text)
                throw CommandFailure(
                    .usage, "--queue \(queue.text): this is for \(others.joined(by: ", "))")
            }
            if filter.queues.isEmpty { filter.queues = queues }
        }
        self.filter = filter
        var instances: [Instance] = []
        for member in try context.observeInstances().selected(by: options.selectors) {
            switch member {
            case .instance(let instance): instances.append(instance)
            case .broken(let broken):
                hasFailures = true
                context.console.warn(broken.configDirectory, broken.reason.sentence)
            }
        }
        self.instances = instances
    }

    /// How all that was read went.
    var status: CommandStatus {
        hasFailures ? (hasSuccess ? .partlyDone : .failed) : .done
    }

    /// Reads the messages that are meant of one instance, some hundred at a time.
    mutating func messages(
        of instance: Instance, withReasons: Bool = false,
        _ body: ([QueuedMessage]) throws(CommandFailure) -> Void
    ) throws(CommandFailure) {
        let reader = QueueReader(
            context.host, instance, withReasons: withReasons || filter.needsReasons)
        var failure: CommandFailure?
        do throws(FileError) {
            let tally = try reader.read(filter) { messages in
                do throws(CommandFailure) {
                    try body(messages)
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
            if let fault = tally.failure { fail(instance, fault) }
            hasSuccess = true
        } catch {
            fail(instance, error)
        }
        if let failure { throw failure }
    }

    /// Counts the messages that are meant of one instance by queue; opens no file if names tell.
    mutating func counts(of instance: Instance) throws(CommandFailure) -> [QueueName: Int]? {
        var counts: [QueueName: Int] = [:]
        if filter.needsEnvelopes {
            try messages(of: instance) { messages in
                for message in messages { counts[message.queue, default: 0] += 1 }
            }
            return counts
        }
        do throws(FileError) {
            let reader = QueueReader(context.host, instance, withReasons: false)
            for place in try reader.places(filter) {
                counts[place.queue, default: 0] +=
                    filter.ids.isEmpty
                    ? place.ids.count : place.ids.count { filter.ids.contains($0.text) }
            }
            hasSuccess = true
            return counts
        } catch {
            fail(instance, error)
            return nil
        }
    }

    private mutating func fail(_ instance: Instance, _ error: FileError) {
        hasFailures = true
        context.console.warn(instance.displayName, error.sentence.printable)
    }
}
