// The list of secondaries in the primary's main.cf.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `The registration` {
    /// The main.cf after a registration.
    private func after(
        _ mainCF: ByteString, _ directories: [ByteString], _ alternate: Registration.Alternate
    ) -> ByteString {
        let step = registration(mainCF).registering(directories, alternate: alternate)
        guard case .editFile("/etc/postfix/main.cf", mainCF, let new) = step else {
            Issue.record("\(step)")
            return ""
        }
        return new
    }

    @Test func `is appended when it is the first`() {
        #expect(
            after("a = b\n", ["/etc/x"], .dropped("/etc/x"))
                == "a = b\nmulti_instance_directories = /etc/x\n")
    }

    @Test func `is edited in its place`() {
        #expect(
            after(
                "multi_instance_directories = /etc/x\na = b\n", ["/etc/x", "/etc/y"],
                .dropped("/etc/y"))
                == "multi_instance_directories = /etc/x /etc/y\na = b\n")
    }

    @Test func `of none is empty`() {
        #expect(
            after("multi_instance_directories = /etc/x\n", [], .dropped("/etc/x"))
                == "multi_instance_directories = \n")
    }

    @Test(
        arguments: [
            ("/etc/x", ""), ("/etc/a, /etc/x /etc/b", "/etc/a /etc/b"), ("/etc/x,/etc/x", ""),
        ] as [(ByteString, ByteString)])
    func `takes a managed directory off the alternate ones`(old: ByteString, new: ByteString) {
        let text = after("alternate_config_directories = \(old)\n", ["/etc/x"], .dropped("/etc/x"))
        #expect(MainCF(text).value(of: "alternate_config_directories") == new)
    }

    @Test(
        arguments: [("", "/etc/x"), ("/etc/a,\n  /etc/b", "/etc/a /etc/b /etc/x")]
            as [(ByteString, ByteString)])
    func `adds an independent directory to the alternate ones`(
        old: ByteString, new: ByteString
    ) {
        let text = after("alternate_config_directories = \(old)\n", [], .kept("/etc/x"))
        #expect(MainCF(text).value(of: "alternate_config_directories") == new)
    }

    @Test(
        arguments: [
            ("/etc/a", .dropped("/etc/x")), ("/etc/x /etc/a", .kept("/etc/x")),
            ("/etc/xx", .dropped("/etc/x")),
        ] as [(ByteString, Registration.Alternate)])
    func `leaves alternate directories alone that need no change`(
        old: ByteString, alternate: Registration.Alternate
    ) {
        let line: ByteString = "alternate_config_directories =  \(old)\n"
        #expect(after(line, ["/etc/y"], alternate).hasPrefix(line))
    }

    @Test func `does not add alternate directories to a file without them`() {
        let text = after("", ["/etc/x"], .dropped("/etc/x"))
        #expect(MainCF(text).value(of: "alternate_config_directories") == nil)
    }

    @Test func `follows a step`() {
        let first = registration("a = b\n")
        let step = first.registering(["/etc/x"], alternate: .dropped("/etc/x"))
        #expect(
            first.after(step).mainCF.value(of: "multi_instance_directories") == "/etc/x")
        #expect(first.after(nil).mainCF.text == "a = b\n")
        #expect(first.after(.removeFile(path: "/f")).mainCF.text == "a = b\n")
    }

    @Test func `and its removal give the old list back`() {
        let lists: [[ByteString]] = [[], ["/etc/a"], ["/etc/a", "/etc/b", "/etc/c"]]
        for list in lists {
            for position in 0...list.count {
                var longer = list
                longer.insert("/etc/new", at: position)
                let added = registration("").registering(longer, alternate: .dropped("/etc/new"))
                let removed = registration("").after(added)
                    .registering(list, alternate: .dropped("/etc/new"))
                let last = registration("").after(removed).mainCF
                let value = last.value(of: "multi_instance_directories") ?? ""
                #expect(ParameterList.split(value) == list)
            }
        }
    }
}

@Suite struct `An edit` {
    let old: ByteString = "a = 1\nb = 1\n"
    let new: ByteString = "a = 2\nb = 1\nc = 3\n"

    @Test(
        arguments: [
            ("a = 2\nb = 1\nc = 3\n", true), ("a = 1\nb = 1\n", false),
            // Another tool has edited something else since.
            ("# comment\na = 2\nb = 9\nc = 3\nd = 4\n", true),
            ("a = 1\nb = 9\n", false),
            // Only half of it is there: no edit does that.
            ("a = 2\nb = 1\n", false), ("a = 2\nb = 1\nc = 4\n", false), ("", false),
        ] as [(ByteString, Bool)])
    func `is recognised by the parameters that it changed`(present: ByteString, taken: Bool) {
        #expect(hasTaken(present, editFrom: old, to: new) == taken)
    }

    @Test func `of comments only is recognised by the whole content`() {
        #expect(hasTaken("#b\n", editFrom: "#a\n", to: "#b\n"))
        #expect(!hasTaken("#c\n", editFrom: "#a\n", to: "#b\n"))
    }

    @Test func `that removes a parameter is recognised by its absence`() {
        #expect(hasTaken("x = 1\n", editFrom: "a = 1\n", to: ""))
        #expect(!hasTaken("a = 1\nx = 1\n", editFrom: "a = 1\n", to: ""))
    }
}
