// Where values come from: defaults, layers, host names.

import Bytes
import PostfixFormats
import Testing

@Suite struct `Defaults of parameters` {
    let defaults = ParameterDefaults(
        "a = 1\na_b =\nab = x = y\nb = $a\nzz = last\n")

    @Test(
        arguments: [
            ("a", "1"), ("a_b", ""), ("ab", "x = y"), ("b", "$a"), ("zz", "last"),
        ] as [(ByteString, ByteString)])
    func `are found by name`(name: ByteString, value: ByteString) {
        #expect(defaults.unexpandedValue(of: name) == value)
    }

    @Test(arguments: ["", "A", "aa", "a_", "c", "zzz", "a = 1"] as [ByteString])
    func `are none for a name that does not exist`(name: ByteString) {
        #expect(defaults.unexpandedValue(of: name) == nil)
        #expect(ParameterDefaults("").unexpandedValue(of: name) == nil)
    }

    @Test func `lie below main.cf`() throws {
        let source = LayeredParameters(MainCF("b = 2 $a\n"), over: defaults)
        #expect(try ParameterExpansion.expand("$b/$zz", in: source) == "2 1/last")
    }
}

@Suite struct `Defaults from the host's name` {
    @Test(
        arguments: [
            ("", "host.example.org", "host.example.org", "example.org"),
            ("", "host", "host.localdomain", "localdomain"),
            ("mydomain = example.net\n", "host", "host.example.net", "example.net"),
            ("mydomain = example.net\n", "h.org", "h.org", "org"),
            ("myhostname = m.example.com\n", "host", "host.localdomain", "example.com"),
            ("myhostname = m\n", "h.org", "h.org", "localdomain"),
            ("myhostname = m.$d\nd = example.de\n", "host", "host.localdomain", "example.de"),
        ] as [(ByteString, ByteString, ByteString, ByteString)])
    func `depend on main.cf`(
        file: ByteString, hostName: ByteString, myhostname: ByteString, mydomain: ByteString
    ) {
        let main = MainCF(file)
        let source = HostNameDefaults(main, hostName: hostName)
        #expect(source.unexpandedValue(of: "myhostname") == myhostname)
        if main.value(of: "mydomain") == nil {
            #expect(source.unexpandedValue(of: "mydomain") == mydomain)
        }
        #expect(source.unexpandedValue(of: "myorigin") == nil)
    }
}

@Suite struct `Lists` {
    @Test func `are separated by commas, blanks and line ends`() {
        #expect(ParameterList.split(",a, b\tc\r\nd,,\n") == ["a", "b", "c", "d"])
        #expect(ParameterList.split(" , ") == [])
    }

    @Test(
        arguments: [
            ("a, b", ["a", "b"]),
            ("MAIL_CONFIG, { NAME = two words },x=y", ["MAIL_CONFIG", "NAME = two words", "x=y"]),
            ("a{b, c}d {}", ["a{b, c}d", ""]),
            ("{a {b, c}} d}", ["a {b, c}", "d}"]),
        ] as [(ByteString, [ByteString])])
    func `may have members in braces`(value: ByteString, members: [ByteString]) throws {
        #expect(try ParameterList.splitBraced(value) == members)
    }

    @Test(
        arguments: [
            ("a {b", "missing '}' in \"{b\""),
            ("{a}b c", "syntax error after '}' in \"{a}b\""),
        ] as [(ByteString, ByteString)])
    func `with braces out of place are refused`(value: ByteString, wording: ByteString) {
        let fault = #expect(throws: BraceFault.self) { try ParameterList.splitBraced(value) }
        #expect(fault?.wording == wording)
    }
}
