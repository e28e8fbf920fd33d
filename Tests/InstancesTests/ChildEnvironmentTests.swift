// The environment of children.

import Bytes
import Instances
import Testing

@Suite struct `A child's environment` {
    @Test func `takes a variable in its old place or at the end`() {
        var environment = ChildEnvironment(["A=1", "B=2", "A=3"])
        environment.set("A", "4")
        environment.set("C", "")
        #expect(environment.entries == ["A=4", "B=2", "A=3", "C="])
    }

    @Test func `tells names apart that begin alike`() {
        var environment = ChildEnvironment(["PATHS=x"])
        environment.set("PATH", "y")
        #expect(environment.entries == ["PATHS=x", "PATH=y"])
        #expect(environment.value(of: "PATH") == "y")
        #expect(environment.value(of: "PAT") == nil)
    }

    @Test func `keeps values that hold an equals sign or odd bytes`() {
        var environment = ChildEnvironment([])
        environment.set("A", "x=y")
        environment.set("B", ByteString([0xFF, 0x0A]))
        #expect(environment.value(of: "A") == "x=y")
        #expect(environment.entries.last == ByteString([0x42, 0x3D, 0xFF, 0x0A]))
    }

    @Test(
        arguments: [
            (["PATH=/bin"], "/usr/sbin:/bin"),
            ([], "/usr/sbin:/bin:/usr/bin:/sbin:/usr/sbin"),
            (["PATH="], "/usr/sbin:/bin:/usr/bin:/sbin:/usr/sbin"),
            (["PATH=/usr/sbin:/bin"], "/usr/sbin:/usr/sbin:/bin"),
        ] as [([ByteString], ByteString)])
    func `has a directory put in front of its path`(entries: [ByteString], path: ByteString) {
        var environment = ChildEnvironment(entries)
        environment.prependToPath("/usr/sbin")
        #expect(environment.value(of: "PATH") == path)
    }

    @Test(
        arguments: [
            ([], []), (["A"], ["A=1"]), (["B", "A"], ["B=2=2", "A=1"]), (["Z"], []),
            (["LANG=C"], ["LANG=C"]), (["A=9"], ["A=9"]), (["A", "A=9"], ["A=9"]),
            (["E"], ["E="]), (["X="], ["X="]),
        ] as [([ByteString], [ByteString])])
    func `is filtered by a list of names and settings`(
        list: [ByteString], expected: [ByteString]
    ) {
        let environment = ChildEnvironment(["A=1", "B=2=2", "E=", "LD_PRELOAD=evil"])
        #expect(environment.filtered(by: list).entries == expected)
    }

    @Test func `of a command has the variables of the manual`() {
        let environment = ChildEnvironment(["PATH=/bin", "HOME=/root"]).forCommand(
            secondary("postfix-out", group: "mta", isEnabled: true), commandDirectory: "/c",
            daemonDirectory: "/d")
        #expect(
            Set(environment.entries) == [
                "PATH=/c:/bin", "HOME=/root", "MAIL_CONFIG=/etc/postfix-out",
                "command_directory=/c", "daemon_directory=/d",
                "config_directory=/etc/postfix-out", "queue_directory=/var/spool/postfix-out",
                "data_directory=/var/lib/postfix-out", "multi_instance_name=postfix-out",
                "multi_instance_group=mta", "multi_instance_enable=yes",
            ])
        #expect(environment.entries.count == 11)
    }

    @Test func `of a command for a nameless instance has empty names`() {
        let environment = ChildEnvironment([]).forCommand(
            nameless("/etc/x"), commandDirectory: "/c", daemonDirectory: "/d")
        #expect(environment.value(of: "multi_instance_name") == "")
        #expect(environment.value(of: "multi_instance_group") == "")
        #expect(environment.value(of: "multi_instance_enable") == "no")
    }
}

@Suite struct `Command words` {
    let words = CommandWords(
        start: ["start", "both"], stop: ["stop", "both", "abort"], control: ["reload", "stop"])

    @Test(
        arguments: [
            ("start", WrapperIteration(isReversed: false, whenDisabled: .check)),
            ("stop", WrapperIteration(isReversed: true, whenDisabled: .skip)),
            ("abort", WrapperIteration(isReversed: true, whenDisabled: .skip)),
            ("reload", WrapperIteration(isReversed: false, whenDisabled: .skip)),
            ("status", WrapperIteration(isReversed: false, whenDisabled: .run)),
            ("", WrapperIteration(isReversed: false, whenDisabled: .run)),
            ("Start", WrapperIteration(isReversed: false, whenDisabled: .run)),
            // The first of the lists decides.
            ("both", WrapperIteration(isReversed: false, whenDisabled: .check)),
        ] as [(ByteString, WrapperIteration)])
    func `decide on order and on disabled instances`(
        word: ByteString, iteration: WrapperIteration
    ) {
        #expect(words.iteration(for: word) == iteration)
    }
}
