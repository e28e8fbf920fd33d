// The command reload; what it shares with its like is in ControlRun.swift.

import ArgumentParser
import Instances

struct Reload: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Let running instances read their configuration anew.",
        discussion: """
            Instances that do not run are left alone.

            Examples:
              postilion reload
              postilion reload @mta --dry-run
            """)

    static let action = ControlAction.reload

    @OptionGroup var options: ControlOptions
}
