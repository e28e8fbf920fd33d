// Reading main.cf: tables of rules.

import Bytes
import PostfixFormats
import Testing

@Suite struct `main.cf` {
    @Test(
        arguments: [
            ("a = b\n", "b"),
            ("a=b", "b"),
            ("a =\n", ""),
            ("a = b\na = c\n", "c"),
            ("a = b\r\n", "b"),
            ("a = b\n c\n", "b c"),
            ("a = b\n# no\n\n  # no\n\tc\n", "b\tc"),
            ("a =\n  # no\n  b,\n  c\n", "b,  c"),
            ("a\n = b\n", "b"),
            ("a = # b\n", "# b"),
            ("a = b\0c\n d\n", "b"),
            ("a = $b = c \n", "$b = c"),
            ("  x = y\na = b\n", "b"),
            ("junk\na = b\n", "b"),
            ("a\u{B}=\u{C}b\n", "b"),
        ] as [(ByteString, ByteString)])
    func `values are read as Postfix does`(file: ByteString, value: ByteString) {
        #expect(MainCF(file).value(of: "a") == value)
    }

    @Test(arguments: ["#a = b\nab = c\n", "", " a = b\n", "A = b\n", "a\0= b\n"] as [ByteString])
    func `a parameter that is not set has no value`(file: ByteString) {
        #expect(MainCF(file).value(of: "a") == nil)
    }

    @Test func `bytes that are not UTF-8 stay as they are`() {
        let latin = ByteString([0x67, 0x72, 0xFC, 0x6E])
        let main = MainCF("a = \(latin)\n")
        #expect(main.value(of: "a") == latin)
        #expect(main.text == "a = \(latin)\n")
    }

    @Test func `entries say where they stand`() {
        let main = MainCF("# top\na = 1\n\nb =\n  # within\n  2\n# after\na = 3")
        #expect(main.entries.map(\.name) == ["a", "b", "a"])
        #expect(main.entries.map(\.value) == ["1", "2", "3"])
        #expect(main.entries.map(\.firstLine) == [2, 4, 8])
        #expect(main.entries.map(\.lastLine) == [2, 6, 8])
        #expect(main.entry(of: "a")?.firstLine == 8)
    }

    @Test(
        arguments: [
            ("junk\n", "/m, line 1: missing '=' after attribute name: \"junk\""),
            ("# x\n= b\n", "/m, line 2: missing attribute name: \"= b\""),
            ("a b\n  # x\n  = c\n", "/m, line 1: missing '=' after attribute name: \"a b  = c\""),
            ("  x = y\n z\n", "/m: logical line must not start with whitespace: \"  x = y z\""),
            (
                " aaaaaaaaaabbbbbbbbbbccccccccccdd\n",
                "/m: logical line must not start with whitespace: "
                    + "\" aaaaaaaaaabbbbbbbbbbccccccccc...\""
            ),
            ("a = 1\nb = 2\na = 3\n", "/m, line 3: overriding earlier entry: a=1"),
        ] as [(ByteString, ByteString)])
    func `problems have Postfix's words`(file: ByteString, wording: ByteString) {
        #expect(MainCF(file).problems.map { $0.wording(path: "/m") } == [wording])
    }

    @Test func `repeating a parameter with the same value is no problem`() {
        #expect(MainCF("a = 1\na=1\n").problems.isEmpty)
    }

    @Test func `problems come in the order in which Postfix meets them`() {
        let main = MainCF(" x\na = 1\njunk\na = 2\nmore\n")
        #expect(main.problems.map(\.line) == [1, 3, 4, 5])
        #expect(main.problems.map(\.isFatal) == [false, true, false, true])
        #expect(main.isBroken)
        #expect(main.fatalProblem?.line == 3)
    }
}
