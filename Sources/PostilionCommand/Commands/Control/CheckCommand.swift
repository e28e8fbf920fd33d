// The command check; what it shares with its like is in ControlRun.swift.

import ArgumentParser
import Instances

struct CheckCommand: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Let Postfix check the instances' configuration and directories.",
        discussion: """
            Runs postfix check for each; doctor looks at much more, and across instances.

            Examples:
              postilion check
              postilion check @mta --dry-run
            """)

    static let action = ControlAction.check

    @OptionGroup var options: ControlOptions
}
