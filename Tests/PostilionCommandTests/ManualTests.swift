// The manual page says what the program does: every command, every exit status.

import ArgumentParser
import Bytes
import TestSupport
import Testing

@testable import PostilionCommand

@Suite struct `The manual page` {
    private func page() throws -> String {
        let shown = try ChildProcess(
            "/bin/cat", ["\(ByteString(Package.root))/Documentation/man/postilion.1"]
        ).run()
        try #require(shown.succeeded)
        return shown.output.text
    }

    @Test func `has every exit status`() throws {
        let statuses = try page().split(separator: "\n").compactMap { line in
            line.hasPrefix(".It ") ? Int32(line.dropFirst(4)) : nil
        }
        #expect(statuses == CommandStatus.allCases.map(\.rawValue))
    }

    @Test func `names every command, and no other`() throws {
        let section = try page().split(separator: ".Sh COMMANDS\n").last?
            .split(separator: ".Sh ENVIRONMENT").first
        let named = try #require(section).split(separator: "\n")
            .filter { $0.hasPrefix(".It Cm ") }
            .flatMap { $0.dropFirst(7).split(separator: " , ").map(String.init) }
        let commands = Postilion.configuration.subcommands
            .filter { $0.configuration.shouldDisplay }.compactMap { $0._commandName }
        #expect(Set(named) == Set(commands))
    }
}
