// The command flush; what it shares with its like is in ControlRun.swift.

import ArgumentParser
import Instances

struct Flush: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush",
        abstract: "Try to deliver all queued mail of running instances now.",
        discussion: """
            Instances that do not run are left alone.

            Examples:
              postilion flush
              postilion flush @mta --dry-run
            """)

    static let action = ControlAction.flush

    @OptionGroup var options: ControlOptions
}
