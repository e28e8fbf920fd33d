// What the words of a command line mean.

import Bytes
import Instances
import Testing

@Suite struct `A selector` {
    @Test(arguments: [
        ("postfix-out", Selection.instance("postfix-out")), ("out", .instance("out")),
        ("-", .instance("-")), ("@mta", .group("mta")), ("/", .instance("/")),
        ("/etc/postfix-out/", .instance("/etc/postfix-out")),
    ])
    func `is a name, a group or a directory`(_ word: String, _ selection: Selection) {
        #expect(Selection(selector: ByteString(word)) == selection)
    }

    @Test func `is matched with what is a slip away, and no more`() {
        let known: [ByteString] = ["postfix-out", "out", "@mta"]
        #expect(nearMisses(of: "postfix-uot", among: known) == ["postfix-out"])
        #expect(nearMisses(of: "ou", among: known) == ["out"])
        #expect(nearMisses(of: "in", among: known) == [])
        #expect(nearMisses(of: "@mtb", among: known) == ["@mta"])
    }
}
