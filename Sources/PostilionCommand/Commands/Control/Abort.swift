// The command abort; what it shares with its like is in ControlRun.swift.

import ArgumentParser
import Instances

struct Abort: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Stop instances at once, running deliveries included.",
        discussion: """
            As postfix abort. Mail is safe in the queue, but may be delivered twice.

            Examples:
              postilion abort
              postilion abort @mta --dry-run
            """)

    static let action = ControlAction.abort

    @OptionGroup var options: ControlOptions
}
