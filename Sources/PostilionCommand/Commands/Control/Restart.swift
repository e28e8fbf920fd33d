// The command restart; what it shares with its like is in ControlRun.swift.

import ArgumentParser
import Instances

struct Restart: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Stop and start instances, in the order of the mail flow.",
        discussion: """
            Needed after changes of inet_interfaces, inet_protocols and listeners, which a \
            reload does not see.

            Examples:
              postilion restart
              postilion restart @mta --dry-run
            """)

    static let action = ControlAction.restart

    @OptionGroup var options: ControlOptions
}
