// What getters return, and what they say where they return nothing.

import Testing

@testable import TOMLReading

@Suite struct `A table reader` {
    private func reader(_ text: String) throws -> TOMLTableReader {
        TOMLTableReader(try TOMLDocument(file: "f.toml", text: text))
    }

    private enum Colour: String, CaseIterable { case red, blue }

    @Test func `reads values of all kinds`() throws {
        let reader = try reader(
            """
            text = "a b"
            one = "x"
            many = ["x", "y"]
            yes = true
            number = 0x10
            numbers = [1, 2]
            score = 1
            colour = "red"
            [table]
            inner = 1
            [[list]]
            n = 1
            [[list]]
            n = 2
            """)
        #expect(reader.string("text") == "a b")
        #expect(reader.strings("one") == ["x"])
        #expect(reader.strings("many") == ["x", "y"])
        #expect(reader.boolean("yes") == true)
        #expect(reader.integer("number", in: 0...16) == 16)
        #expect(reader.integers("numbers", in: 0...16) == [1, 2])
        #expect(reader.number("score", in: 0...2) == 1.0)
        #expect(reader.choice("colour", of: Colour.self) == .red)
        #expect(reader.table("table").integer("inner", in: 0...1) == 1)
        #expect(reader.tables("list").map { $0.integer("n", in: 0...9) } == [1, 2])
        #expect(reader.string("missing") == nil)
        #expect(reader.finish() == [])
    }

    @Test(arguments: [
        ("30", 30), ("\"30s\"", 30), ("\"5m\"", 300), ("\"2h\"", 7200), ("\"1d\"", 86_400),
        ("\"5 m\"", 300),
    ])
    func `reads times`(text: String, seconds: Int) throws {
        #expect(try reader("t = \(text)").seconds("t", in: 0...100_000) == seconds)
    }

    @Test(arguments: [
        ("1024", 1024), ("\"50MiB\"", 52_428_800), ("\"25MB\"", 25_000_000), ("\"1 kB\"", 1000),
        ("\"3KiB\"", 3072), ("\"1GB\"", 1_000_000_000), ("\"7B\"", 7),
    ])
    func `reads sizes`(text: String, bytes: Int) throws {
        #expect(try reader("s = \(text)").bytes("s", in: 0...(1 << 40)) == bytes)
    }

    @Test(arguments: [
        ("\"30\"", "\"30\" cannot be understood; write seconds as 30, or \"30s\", \"5m\""),
        ("\"-5s\"", "\"-5s\" cannot be understood; write seconds as 30, or \"30s\", \"5m\""),
        (
            "\"5 miles\"",
            "\"5 miles\" cannot be understood; write seconds as 30, or \"30s\", \"5m\""
        ),
        ("-1", "-1 is out of range; use 0 to 60"),
        ("\"2m\"", "\"2m\" is out of range; use 0 to 60"),
        ("\"9223372036854775807d\"", "\"9223372036854775807d\" is out of range; use 0 to 60"),
        ("1.5", "is a number with a point; write seconds as 30, or \"30s\", \"5m\""),
        ("true", "is true or false; write seconds as 30, or \"30s\", \"5m\""),
    ])
    func `says what is wrong with a time`(text: String, words: String) throws {
        let reader = try reader("\nt = \(text)\n")
        #expect(reader.seconds("t", in: 0...60) == nil)
        #expect(reader.finish().map(\.description) == ["f.toml:2: t: \(words)"])
    }

    @Test func `says which kind a value should have`() throws {
        let reader = try reader(
            "a = 1\nb = \"1\"\nc = \"true\"\nd = [1]\ne = 1\nf = [1]\ng = \"1.5\"\nh = \"green\"")
        _ = reader.string("a")
        _ = reader.integer("b", in: 0...1)
        _ = reader.boolean("c")
        _ = reader.strings("d")
        _ = reader.table("e")
        _ = reader.tables("f")
        _ = reader.number("g", in: 0...1)
        _ = reader.choice("h", of: Colour.self)
        #expect(
            reader.finish().map(\.description) == [
                "f.toml:1: a: is an integer; write a string in quotation marks",
                "f.toml:2: b: is a string; write an integer without quotation marks",
                "f.toml:3: c: is a string; write true or false, without quotation marks",
                "f.toml:4: d: is an integer; write a string in quotation marks",
                "f.toml:5: e: is an integer; write [e] as a table",
                "f.toml:6: f: is an integer; write [[f]] for each",
                "f.toml:7: g: is a string; write a number without quotation marks",
                "f.toml:8: h: \"green\" is unknown; write one of \"red\", \"blue\"",
            ])
    }

    @Test(arguments: ["\"a\\nb\"", "\"a\\r\"", "\"\\u007f\"", "\"\"\"a\nb\"\"\"", "[\"a\\nb\"]"])
    func `takes no control characters`(text: String) throws {
        let reader = try reader("a = \(text)")
        #expect(reader.strings("a") == nil)
        #expect(
            reader.finish().map(\.fault) == ["has a control character, such as a line end"])
    }

    @Test func `refuses keys that nobody asks for, with the one that was meant`() throws {
        let reader = try reader("sesions = 1\ncolour = 2\n[inner]\nx = 1\n\"\\n\" = 3\n")
        _ = reader.integer("sessions", in: 0...9)
        _ = reader.table("inner").integer("y", in: 0...9)
        #expect(
            reader.finish().map(\.description) == [
                "f.toml:1: sesions: unknown key; did you mean sessions?",
                "f.toml:2: colour: unknown key; take it out; known here: inner, sessions",
                "f.toml:4: inner.x: unknown key; did you mean y?",
                "f.toml:5: inner.?: unknown key; did you mean y?",
            ])
    }

    @Test func `tells all problems in the order of lines, each once`() throws {
        let reader = try reader("b = 1\na = 1")
        _ = reader.string("a")
        _ = reader.string("b")
        _ = reader.string("a")
        #expect(reader.finish().map(\.line) == [1, 2])
    }
}

@Suite struct `A TOML document` {
    private func problem(_ text: String) -> TOMLProblem? {
        do throws(TOMLProblem) {
            _ = try TOMLDocument(file: "f", text: text)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("a = 1\nb = \n", 2), ("a = 1\na = 2\n", 2), ("\n\n[a\n", 3), ("a = \"\n", 1),
        ("a = 1\n[a]\n", 2),
    ])
    func `tells the line where it is no TOML`(text: String, line: Int) {
        #expect(problem(text)?.line == line)
        #expect(problem(text)?.description.contains("\n") == false)
    }

    @Test(arguments: ["a = 1\n\0b = 2\n", "a = 1\nb = \"\\u0000\"\n"])
    func `has no NUL, behind which nothing would be read`(text: String) {
        #expect(problem(text)?.fault == "NUL character")
        #expect(problem(text)?.line == 2)
    }

    @Test(arguments: ["a = 1\n[\nb]", "a = 1\n[[=b]]", "\n[]", "\n[[ ]]", "\n[", "\n [ .a]"])
    func `has no table without a name, which the reader below does not survive`(text: String) {
        #expect(problem(text)?.fault == "a table without a name")
        #expect(problem(text)?.line == 2)
    }

    @Test(arguments: ["a =", "a = # 1", "a = ]", "a = [1, }]", "a = {b = }", "a = ,", "a = \r"])
    func `has no key without a value, which the reader below does not survive`(text: String) {
        #expect(problem("\n" + text + "\n")?.fault == "a value is missing")
        #expect(problem("\n" + text + "\n")?.line == 2)
    }

    @Test func `may have brackets in front of anything but a table`() {
        #expect(problem("a = [\n[1],\n[]\n]\nb = \"\"\"\n[\n\"\"\"\n[ c ]\n[[ \"d\" ]]\n") == nil)
    }

    @Test(arguments: ["[", "{a=", "[{a="])
    func `is refused where it has too many levels`(opening: String) {
        #expect(problem("a = " + String(repeating: opening, count: 200_000)) != nil)
    }

    @Test func `may be empty`() {
        #expect(problem("") == nil)
    }
}
