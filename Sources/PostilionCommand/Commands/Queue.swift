// The command queue: the queues of all instances as one.

import ArgumentParser

struct Queue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "Look at the mail of all queues, and hold, release or delete it.",
        discussion: """
            Messages are chosen by instance, queue, sender, recipient, domain, age, size and the \
            reason for which they wait; all conditions must hold, and those on a recipient for the \
            same one. Queue files are read directly: no daemon is asked, and an instance need not \
            run. This needs root, or the rights of mail_owner.
            """,
        subcommands: [
            QueueListCommand.self, QueueShapeCommand.self, QueueHold.self, QueueRelease.self,
            QueueDelete.self, QueueRequeue.self, QueueFlush.self,
        ])
}
