// Edits of main.cf: tables of rules.

import Bytes
import PostfixFormats
import Testing

@Suite struct `Edits of main.cf` {
    let file: ByteString = """
        # top
        a = 1
        b = one,
          # kept
          two

        \tthree
        # end
        a = 2

        """

    @Test func `set every entry of a name, drop its further lines, keep comments`() {
        let edited = MainCF(file).setting([.init("a", "x"), .init("b", "y")])
        #expect(edited.text == "# top\na = x\nb = y\n  # kept\n\n# end\na = x\n")
    }

    @Test func `append what is new in the order of names`() {
        let edited = MainCF("m = 1").setting([.init("z", "1"), .init("c", ""), .init("Z", "$m")])
        #expect(edited.text == "m = 1\nZ = $m\nc = \nz = 1\n")
    }

    @Test func `take the last of several values for one name`() {
        #expect(MainCF("").setting([.init("a", "1"), .init("a", "2")]).text == "a = 2\n")
    }

    @Test func `comment out all lines of a parameter`() {
        let edited = MainCF(file).commentingOut(["b", "nothing"])
        let lines: ByteString = "#b = one,\n  # kept\n#  two\n\n#\tthree\n"
        #expect(edited.text == "# top\na = 1\n\(lines)# end\na = 2\n")
    }

    @Test func `remove all lines of a parameter`() {
        let edited = MainCF(file).removing(["a", "b"])
        #expect(edited.text == "# top\n  # kept\n\n# end\n")
    }

    @Test func `leave everything else alone, whatever it is`() {
        let odd = ByteString([0x20, 0xFF, 0x0D, 0x0A, 0x6A, 0x00, 0x0A, 0x0C, 0x0A])
        #expect(MainCF(odd + "a=1\n").removing(["a"]).text == odd)
        #expect(MainCF(odd).setting([]).text == odd)
    }

    @Test func `cannot smuggle in a line`() {
        let edited = MainCF("").setting([.init("a", "  x\nb = y\0z \n")])
        #expect(edited.text == "a = x b = y z\n")
        #expect(edited.entries.count == 1)
    }

    @Test(
        arguments: [
            ("a = b", "a", "b"), (" a=  b c ", "a", "b c"), ("a=", "a", ""), ("a==", "a", "="),
        ] as [(ByteString, ByteString, ByteString)])
    func `read their arguments as postconf does`(
        argument: ByteString, name: ByteString, value: ByteString
    ) throws {
        #expect(try MainCF.Assignment(argument: argument) == .init(name, value))
    }

    @Test(
        arguments: [
            ("a=b\nc=d", .multipleLines), (" #a=b", .comment),
            ("=b", .notAnAssignment(.missingName)),
            ("a b=c", .notAnAssignment(.missingEquals)), ("", .notAnAssignment(.missingName)),
        ] as [(ByteString, MainCF.ArgumentFault)])
    func `refuse arguments that postconf refuses`(
        argument: ByteString, fault: MainCF.ArgumentFault
    ) {
        #expect(throws: fault) { try MainCF.Assignment(argument: argument) }
    }

    @Test(
        arguments: [
            ("", .emptyName), ("  ", .emptyName), ("a=b", .hasValue), ("#a", .comment),
            ("a\n", .multipleLines),
        ] as [(ByteString, MainCF.ArgumentFault)])
    func `refuse names that postconf refuses`(argument: ByteString, fault: MainCF.ArgumentFault) {
        #expect(throws: fault) { try MainCF.name(argument: argument) }
    }
}
