// The command stop; what it shares with its like is in ControlRun.swift.

import ArgumentParser
import Instances

struct Stop: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop instances, sources of mail before their sinks.",
        discussion: """
            Running deliveries may end first, as with postfix stop.

            Examples:
              postilion stop
              postilion stop @mta --dry-run
            """)

    static let action = ControlAction.stop

    @OptionGroup var options: ControlOptions
}
