// What the options mean once they are taken apart.

import Bytes
import Instances
import Testing

@testable import PostmultiCommand

@Suite struct `Options of a command line` {
    private func options(_ arguments: ByteString...) throws -> Options { try Options(arguments) }

    @Test func `say what is to be done`() throws {
        #expect(try options("-l").mode == .list)
        #expect(try options("-p", "start").mode == .wrapper)
        #expect(try options("-x", "true").mode == .command)
        for action in LifecycleRequest.Action.allCases where action != .assign {
            #expect(try options("-e", action.word).mode == .edit(action))
        }
        #expect(try options("-e", "assign", "-G", "g").mode == .edit(.assign))
    }

    @Test func `say for which instances`() throws {
        #expect(try options("-l").selection == .unspecified)
        #expect(try options("-la").selection == .all)
        #expect(try options("-l", "-a", "-a").selection == .all)
        #expect(try options("-l", "-g", "mta").selection == .group("mta"))
        #expect(try options("-l", "-i", "-").selection == .instance("-"))
        #expect(try options("-l", "-i", "").selection == .instance(""))
    }

    @Test func `of the same mode count once`() throws {
        #expect(try options("-l", "-l").mode == .list)
        #expect(try options("-e", "init", "-e", "init").mode == .edit(.`init`))
    }

    @Test func `for reverse order cancel each other`() throws {
        #expect(try options("-lR").isReversed)
        #expect(try !options("-lRR").isReversed)
        #expect(try !options("-RRp", "start").isReversed)
    }

    @Test func `take names as they are, and a dash for an empty one`() throws {
        let named = try options("-e", "create", "-I", "postfix-x", "-G", "mta", "a=b", "-l")
        #expect(named.newName == "postfix-x" && named.newGroup == "mta")
        #expect(named.arguments == ["a=b", "-l"])
        let cleared = try options("-e", "assign", "-i", "x", "-I-", "-G", "")
        #expect(cleared.newName == "" && cleared.newGroup == "")
        #expect(try options("-l").newName == nil)
    }

    @Test func `leave the command alone`() throws {
        let command = try options("-vx", "-i", "x", "ls", "-l", "--", "-e")
        #expect(command.arguments == ["ls", "-l", "--", "-e"])
        #expect(command.isVerbose)
        #expect(try options("-p", "--", "-v").arguments == ["-v"])
    }

    @Test func `ask for JSON`() throws {
        #expect(try options("-lj").isJSON)
        #expect(try options("-jjl").isJSON)
    }
}
