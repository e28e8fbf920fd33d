// The content filter's command line.

import ArgumentParser
import HostAccess

@main
struct PostilionFilter: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postilion-filter",
        abstract: "Filters mail between two Postfix instances.",
        discussion: """
            Takes mail where the input instance delivers it, and hands it on to the output \
            instance, whose replies the input instance gets. Runs in the foreground until \
            SIGTERM; SIGHUP makes it read its configuration again.

            A configuration needs two lines:

              listen = "127.0.0.1:10025"
              next_hop = "127.0.0.1:10026"
            """)

    @Option(help: ArgumentHelp("Read the configuration from this file.", valueName: "file"))
    var config = "/etc/postilion/filter.toml"

    @Flag(help: "Look for mistakes in the configuration, and end.")
    var check = false

    func run() throws {
        let program = FilterProgram(host: .live(), path: config)
        do throws(StartFailure) {
            if check {
                _ = try program.readConfiguration()
            } else {
                try program.serve()
            }
        } catch {
            program.say(error)
            throw ExitCode(error.status)
        }
    }
}
