// The rules' own eyes: what is taken for code, and what for a declaration.

import Testing

@Suite struct `Reading code` {
    /// The lines that are left of code.
    private func code(_ text: String) -> [String] { CodeReader(text).lines }

    @Test func `leaves out comments`() {
        #expect(code("a // b\n/* c\n d */ e /* /* f */ g */ h") == ["a ", "", " e  h"])
        #expect(code("/// `a`\nb") == ["", "b"])
    }

    @Test func `empties strings`() {
        #expect(code(#"a("b // c", "d\"e") f"#) == [#"a("", "") f"#])
        #expect(code(##"a(#"b"c\"#) d"##) == [#"a("") d"#])
        #expect(code("a \"\"\"\n  b \"c\" // d\n  \"\"\" + e") == ["a \"\"", "", " + e"])
        #expect(code(#""a \(b("c", d)) e" f"#) == [#""" f"#])
    }

    @Test func `ends a string at the line's end if it must`() {
        #expect(code("\"a\nb") == ["\"\"", "b"])
    }

    private func file(_ text: String) -> TextFile {
        TextFile(path: "Sources/X/Y.swift", text: text)
    }

    @Test func `finds declarations`() {
        let found = file(
            """
            package struct A {
                @safe private static let b = 1
                package func + (c: A) {}
                @Test(arguments: [1]) func d() {}
                init() {}
                return func
            }
            """
        ).declarations
        #expect(
            found.map { "\($0.keyword) \($0.name)" } == [
                "struct A", "let b", "func +", "func d", "init ",
            ])
        #expect(found.map(\.indentation) == [0, 4, 4, 4, 4])
        #expect(found[0].modifiers == ["package"])
    }

    @Test func `counts the lines of functions`() {
        let text = """
            protocol P {
                func a(b: Int)
                func c()
                    throws(E)
            }
            func d() { e() }
            func f(
                g: (Int) -> Int = { $0 }
            ) -> Int {
                if g { h }
                return 1
            }
            func i()
            where J: K {
            }
            """
        let file = file(text)
        let lengths = file.declarations.filter(\.isFunction).map { file.lineCount(of: $0) }
        #expect(lengths == [nil, nil, 1, 6, 3])
    }
}
