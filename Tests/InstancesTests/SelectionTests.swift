// Which instances a word of the operator means.

import Bytes
import Instances
import Testing

@Suite struct `A selection` {
    @Test(
        arguments: [
            ("postfix-out", true), ("out", true), ("/etc/postfix-out", true), ("-", false),
            ("", false), ("postfix-", false), ("ou", false), ("OUT", false), ("outer", false),
            ("/etc/postfix-out/", false), ("etc/postfix-out", false),
            ("postfix-postfix-out", false),
        ] as [(ByteString, Bool)])
    func `by name means the full name, the short one, or the directory`(
        said: ByteString, matches: Bool
    ) {
        #expect(Selection.instance(said).matches(secondary("postfix-out")) == matches)
    }

    @Test(
        arguments: [("out", true), ("postfix-out", false), ("/etc/out", true)]
            as [(ByteString, Bool)])
    func `by name takes a name without the prefix as it is`(said: ByteString, matches: Bool) {
        #expect(Selection.instance(said).matches(secondary("out")) == matches)
    }

    @Test(
        arguments: [("/etc/x", true), ("x", false), ("postfix-x", false), ("-", false)]
            as [(ByteString, Bool)])
    func `by name means a nameless instance by its directory`(said: ByteString, matches: Bool) {
        #expect(Selection.instance(said).matches(nameless("/etc/x")) == matches)
    }

    @Test(
        arguments: [("-", true), ("/etc/postfix", true), ("postfix", false)]
            as [(ByteString, Bool)])
    func `of a dash means the primary`(said: ByteString, matches: Bool) {
        #expect(Selection.instance(said).matches(primaryExample) == matches)
        var named = primaryExample
        named.name = InstanceName(recorded: "postfix-main")
        #expect(Selection.instance(said).matches(named) == matches)
    }

    @Test func `of the primary's name means it, too`() {
        var named = primaryExample
        named.name = InstanceName(recorded: "postfix-main")
        #expect(Selection.instance("postfix-main").matches(named))
        #expect(Selection.instance("main").matches(named))
        #expect(!Selection.instance("-").matches(secondary("postfix-main")))
    }

    @Test func `of a group means its members only`() {
        #expect(Selection.group("mta").matches(secondary("postfix-a", group: "mta")))
        #expect(!Selection.group("mta").matches(secondary("postfix-a", group: "MTA")))
        #expect(!Selection.group("mta").matches(secondary("postfix-a")))
        #expect(!Selection.group("").matches(secondary("postfix-a")))
        #expect(!Selection.group("-").matches(secondary("postfix-a")))
    }

    @Test func `of all means every instance, none means none`() {
        for instance in [primaryExample, secondary("postfix-a"), nameless("/x")] {
            #expect(Selection.all.matches(instance))
            #expect(!Selection.unspecified.matches(instance))
        }
    }

    @Test(
        arguments: [
            (.all, true), (.unspecified, false), (.group("mta"), false),
            (.instance("/etc/postfix-out"), true), (.instance("postfix-out"), true),
            (.instance("out"), true), (.instance("-"), false), (.instance("etc"), false),
            (.instance("/etc"), false),
        ] as [(Selection, Bool)])
    func `finds a broken instance by its directory`(selection: Selection, matches: Bool) {
        #expect(selection.matches(broken("/etc/postfix-out")) == matches)
    }

    @Test func `does not trip over an odd directory of a broken instance`() {
        #expect(!Selection.instance("out").matches(broken("")))
        #expect(!Selection.instance("out").matches(broken("/")))
        #expect(Selection.instance("out").matches(broken("relative/out/")))
    }

    @Test(
        arguments: [
            (.all, true), (.unspecified, true), (.group("mta"), true),
            (.instance("out"), true), (.instance("in"), false), (.instance("-"), false),
        ] as [(Selection, Bool)])
    func `may mean a broken instance unless it names another`(
        selection: Selection, may: Bool
    ) {
        #expect(selection.mayMean(broken("/etc/postfix-out")) == may)
    }
}
