// How instances are controlled, as a command line says it.

import ArgumentParser

/// The options of every command that starts, stops and so on.
struct MannerOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "How many instances at the same time.")
    var jobs = 8

    @Option(help: ArgumentHelp("How long one instance may take.", valueName: "seconds"))
    var timeout = 60

    @Flag(help: "Ask Postfix itself, even if systemd has a unit for the instance.")
    var noSystemd = false

    func validate() throws {
        if jobs < 1 { throw ValidationError("--jobs \(jobs): at least 1") }
        try checkLimit("--timeout", seconds: timeout)
    }
}
