// What people and programs see, kept whole: help, tables, JSON and pictures.
//
// A change that is meant is recorded with POSTILION_RECORD=1, and that run fails, so that nobody
// records without looking at the difference.

import ArgumentParser
import Bytes
import HostAccess
import TestSupport
import Testing

@testable import PostilionCommand

@Suite struct `What was recorded` {
    @Test func `is the help of all commands`() throws {
        let host = hostWithPostfix()
        var text = host.postilion("--help").output
        for command in Postilion.configuration.subcommands {
            let name = ByteString(command._commandName)
            let answer = host.postilion("help", name)
            #expect(answer.status == 0 && answer.errors == "")
            text += "\n==== postilion \(name)\n\n\(answer.output)"
            for part in command.configuration.subcommands {
                let answer = host.postilion("help", name, ByteString(part._commandName))
                #expect(answer.status == 0 && answer.errors == "")
                let words: ByteString = "\(name) \(ByteString(part._commandName))"
                text += "\n==== postilion \(words)\n\n\(answer.output)"
            }
        }
        try Golden.compare(text, with: "help.txt")
    }

    @Test(arguments: ["text", "dot", "mermaid", "svg", "json"])
    func `is the picture of a border mail server`(_ format: String) throws {
        let answer = borderMailServer().postilion("topology", "--format", ByteString(format))
        #expect(answer.status == 0 && answer.errors == "")
        try Golden.compare(answer.output, with: "topology.\(format)")
    }

    @Test func `are the views of a border mail server`() throws {
        let host = borderMailServer()
        try Golden.compare(host.postilion("list").output, with: "list.txt")
        try Golden.compare(host.postilion("list", "--json").output, with: "list.json")
        try Golden.compare(host.postilion("status").output, with: "status.txt")
        try Golden.compare(host.postilion("status", "--json").output, with: "status.json")
        try Golden.compare(host.postilion("start", "--dry-run").output, with: "start-dry-run.txt")
        try Golden.compare(
            host.postilion("start", "--dry-run", "--json").output, with: "start-dry-run.json")
    }

    /// A null client, an output and an input instance, and a filter that does not run.
    private func borderMailServer() -> InMemoryHost {
        let host = hostWithPostfix()
        host.addInstance(
            "postfix-out",
            extra: """
                multi_instance_group = mta
                multi_instance_enable = yes
                relay_transport = relay:[mailhub.example.com]\n
                """)
        host.addInstance(
            "postfix-in",
            extra: """
                multi_instance_group = mta
                multi_instance_enable = yes
                inet_interfaces = 127.0.0.1
                default_transport = smtp:[127.0.0.1]:10025\n
                """)
        host.register(["/etc/postfix-out", "/etc/postfix-in"])
        let transports: ByteString =
            "smtp unix - - n - - smtp\nrelay unix - - n - - smtp\n"
        host.files.addFile("/etc/postfix/master.cf", transports)
        host.files.addFile(
            "/etc/postfix-out/master.cf",
            transports + "127.0.0.1:10026 inet n - n - - smtpd\n")
        host.files.addFile(
            "/etc/postfix-in/master.cf", transports + "2525 inet n - n - - smtpd\n")
        host.files.addFile("/proc/net/tcp", "")
        return host
    }
}

/// A file that has what was seen when it was recorded.
enum Golden {
    private static let directory = "\(Package.root)/Tests/PostilionCommandTests/Golden"

    private static let isRecording = TestedPostfix.environment("POSTILION_RECORD") != nil

    /// Expects the text to be the recorded one.
    static func compare(
        _ text: ByteString, with name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path: ByteString = "\(directory)/\(name)"
        if isRecording {
            let writing = ChildProcess("/usr/bin/tee", [path], input: text)
            try #require(try writing.run().succeeded)
            Issue.record("recorded \(name): look at the difference", sourceLocation: sourceLocation)
            return
        }
        let recorded = try ChildProcess("/bin/cat", [path]).run()
        #expect(
            recorded.succeeded, "\(name) was never recorded: POSTILION_RECORD=1 does",
            sourceLocation: sourceLocation)
        #expect(text == recorded.output, "\(name)", sourceLocation: sourceLocation)
    }
}
