// The command start; what it shares with its like is in ControlRun.swift.

import ArgumentParser
import Instances

struct Start: ControlCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start instances, sinks of mail before their sources.",
        discussion: """
            Instances that do not depend on each other start side by side. An instance counts \
            as started when all its listeners take connections. Without a selector, instances \
            that are not enabled are left out. A failure stops nobody else; those that send to \
            the failed instance are named.

            Examples:
              postilion start
              postilion start @mta --dry-run
            """)

    static let action = ControlAction.start

    @OptionGroup var options: ControlOptions
}
