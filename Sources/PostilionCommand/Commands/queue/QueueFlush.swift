// The command queue flush; what it shares with its like is in QueueActing.swift.

import ArgumentParser
import Instances

struct QueueFlush: QueueActionCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush",
        abstract: "Try to deliver deferred messages now.",
        discussion: """
            Asks the queue manager for each message that is meant, by postqueue(1), so the \
            instance must run. To try all mail of instances, postilion flush is quicker.

            Exit status: 0 done; 1 no queue could be read; 3 something was left; 4 a selector \
            means no instance; 64 the command line is wrong; 77 not permitted.

            Examples:
              postilion queue flush --domain example.com
              postilion queue flush out --reason 'connection refused'
            """)

    static let action = QueueAction.flush

    @OptionGroup var options: QueueActionOptions
}
