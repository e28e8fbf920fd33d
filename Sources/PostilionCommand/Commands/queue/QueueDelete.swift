// The command queue delete; what it shares with its like is in QueueActing.swift.

import ArgumentParser
import Instances

struct QueueDelete: QueueActionCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete messages for good.",
        discussion: """
            Messages in incoming, active, deferred and hold are removed, by postsuper(1); nobody \
            is told. It asks first; --yes or --confirm NAME answers.

            Between looking and deleting, a message may go and its queue id be given to another \
            one: what came at another time than the message that was meant is left alone.

            Exit status: 0 done; 1 no queue could be read; 3 something was left; 4 a selector \
            means no instance; 64 the command line is wrong; 77 not permitted.

            Examples:
              postilion queue delete --older 3d --sender '<>' --dry-run
              postilion queue delete out --all --confirm postfix-out
            """)

    static let action = QueueAction.delete

    @OptionGroup var options: QueueActionOptions
    @OptionGroup var asking: ConfirmationOptions

    var confirmation: ConfirmationOptions? { asking }
}
