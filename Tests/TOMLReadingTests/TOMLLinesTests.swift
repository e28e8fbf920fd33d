// Where keys are: in every form that TOML has for tables, keys and values.

import Testing

@testable import TOMLReading

@Suite struct `The line of a key` {
    private func line(_ text: String, _ path: TOMLStep...) throws -> Int {
        // What the scan is given has always been read before.
        let document = try TOMLDocument(file: "f", text: text)
        return document.lines.line(of: path)
    }

    @Test func `is found at the top, behind comments and blank lines`() throws {
        let text = "# a = 1\n\n  a = 1 # b = 2\nb=2\n"
        #expect(try line(text, .key("a")) == 3)
        #expect(try line(text, .key("b")) == 4)
    }

    @Test func `is found in tables, also dotted and quoted ones`() throws {
        let text = """
            [a]
            x = 1
            [a.b."c d"]
            x = 2
            'e.f'.g = 3
            "h\\u0069" = 4
            """
        #expect(try line(text, .key("a"), .key("x")) == 2)
        #expect(try line(text, .key("a"), .key("b"), .key("c d"), .key("x")) == 4)
        #expect(try line(text, .key("a"), .key("b"), .key("c d"), .key("e.f"), .key("g")) == 5)
        #expect(try line(text, .key("a"), .key("b"), .key("c d"), .key("hi")) == 6)
    }

    @Test func `is found in each table of an array, and in tables inside of those`() throws {
        let text = """
            [[a]]
            x = 1
            [a.in]
            y = 1
            [[a]]
            x = 2
            [a.in]
            y = 2
            [[a.list]]
            z = 1
            [[a.list]]
            z = 2
            """
        #expect(try line(text, .key("a"), .index(0), .key("x")) == 2)
        #expect(try line(text, .key("a"), .index(0), .key("in"), .key("y")) == 4)
        #expect(try line(text, .key("a"), .index(1), .key("x")) == 6)
        #expect(try line(text, .key("a"), .index(1), .key("in"), .key("y")) == 8)
        #expect(
            try line(text, .key("a"), .index(1), .key("list"), .index(1), .key("z")) == 12)
    }

    @Test func `is found in inline tables and arrays over several lines`() throws {
        let text = """
            a = [ # ]
              "]",
              { x = 1, "y" = [2,
                3] },
            ]
            b = 1
            """
        #expect(try line(text, .key("a"), .index(0)) == 2)
        #expect(try line(text, .key("a"), .index(1), .key("y")) == 3)
        #expect(try line(text, .key("a"), .index(1), .key("y"), .index(1)) == 4)
        #expect(try line(text, .key("b")) == 6)
    }

    @Test func `is found behind strings that look like something else`() throws {
        let text = #"""
            a = """
            b = 1 \"""
            """"
            c = '''
            b = 2 \'''
            d = "\"b = 3"
            e = '\'
            b = 4
            """#
        #expect(try line(text, .key("b")) == 8)
    }

    @Test func `that is not there is the line of the table around it`() throws {
        #expect(try line("\n[a]\nx = 1\n", .key("a"), .key("y")) == 2)
        #expect(try line("\n[a]\nx = 1\n", .key("z")) == 1)
    }

    @Test func `does not depend on a byte order mark`() throws {
        #expect(try line("\u{FEFF}[a]\nb = 1\n", .key("a"), .key("b")) == 2)
    }

    @Test func `does not depend on carriage returns`() throws {
        #expect(try line("a = \"\"\"\r\n\r\n\"\"\"\r\nb = 1\r\n", .key("b")) == 4)
    }

    @Test(arguments: ["[", "[[", "a", "a = ", "a = [", "a = {", "\"", "= 1", "a = [1 2", "]", "[a"])
    func `scan of what is no TOML comes to an end`(text: String) {
        #expect(TOMLLines(text).line(of: [.key("none")]) == 1)
    }
}
