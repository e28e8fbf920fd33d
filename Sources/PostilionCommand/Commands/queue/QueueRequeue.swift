// The command queue requeue; what it shares with its like is in QueueActing.swift.

import ArgumentParser
import Instances

struct QueueRequeue: QueueActionCommand {
    static let configuration = CommandConfiguration(
        commandName: "requeue",
        abstract: "Process messages again as if they were new.",
        discussion: """
            Messages in incoming, active, deferred and hold go back to maildrop, by postsuper(1), \
            so that changed rewriting, aliases and transports apply to them. They get new queue ids.

            Exit status: 0 done; 1 no queue could be read; 3 something was left; 4 a selector \
            means no instance; 64 the command line is wrong; 77 not permitted.

            Examples:
              postilion queue requeue out --queue deferred --domain old.example.com
            """)

    static let action = QueueAction.requeue

    @OptionGroup var options: QueueActionOptions
}
