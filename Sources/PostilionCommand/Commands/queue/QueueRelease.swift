// The command queue release; what it shares with its like is in QueueActing.swift.

import ArgumentParser
import Instances

struct QueueRelease: QueueActionCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Let messages go that are on hold.",
        discussion: """
            Messages in hold are moved back to deferred, by postsuper(1), and tried again in time.

            Exit status: 0 done; 1 no queue could be read; 3 something was left; 4 a selector \
            means no instance; 64 the command line is wrong; 77 not permitted.

            Examples:
              postilion queue release --all
              postilion queue release in --id 4jWj3f2s4zz2NtNW
            """)

    static let action = QueueAction.release

    @OptionGroup var options: QueueActionOptions
}
