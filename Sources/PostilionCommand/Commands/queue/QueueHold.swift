// The command queue hold; what it shares with its like is in QueueActing.swift.

import ArgumentParser
import Instances

struct QueueHold: QueueActionCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Put messages on hold: they wait until they are released.",
        discussion: """
            Messages in incoming, active and deferred are moved to the queue hold, by \
            postsuper(1). A delivery that is under way goes on.

            Exit status: 0 done; 1 no queue could be read; 3 something was left; 4 a selector \
            means no instance; 64 the command line is wrong; 77 not permitted.

            Examples:
              postilion queue hold --domain example.com
              postilion queue hold out --sender news@example.org --dry-run
            """)

    static let action = QueueAction.hold

    @OptionGroup var options: QueueActionOptions
}
