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
        ] as [(ByteString, ByteString)])
    func `values are read as Postfix does`(file: ByteString, value: ByteString) {
        #expect(MainCF(file).value(of: "a") == value)
    }

    @Test func `a parameter that is not set has no value`() {
        #expect(MainCF("#a = b\nab = c\n").value(of: "a") == nil)
    }
}
