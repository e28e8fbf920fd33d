// Expanding `$name` and its kin: tables of rules.

import Bytes
import PostfixFormats
import Testing

@Suite struct `Parameter expansion` {
    let main = MainCF(
        """
        name = val
        empty =
        loop = a $loop
        list = $name, $name
        operand = ${{$operand} == {x}}
        d0 = xx
        d1 = $d0$d0$d0$d0
        d2 = $d1$d1$d1$d1
        d3 = $d2$d2$d2$d2
        d4 = $d3$d3$d3$d3
        d5 = $d4$d4$d4$d4
        d6 = $d5$d5$d5$d5
        d7 = $d6$d6$d6$d6
        d8 = $d7$d7$d7$d7
        d9 = $d8$d8$d8$d8
        """)

    @Test(
        arguments: [
            ("plain", "plain"),
            ("", ""),
            ("$name/x", "val/x"),
            ("${name}$(name)", "valval"),
            ("${ name\t}", "val"),
            ("$$name", "$name"),
            ("$nothing.", "."),
            ("$list", "val, val"),
            ("${name?yes}${empty?no}", "yes"),
            ("${name:no}${empty:yes}", "yes"),
            ("${name?a:b}", "a:b"),
            ("${name?{a}:{b}}${empty?{a}:{b}}", "ab"),
            ("${name ? {a} : {b} }", "a"),
            ("${empty?{a}:b c}", "b c"),
            ("${name?{$name${empty:{!}}}}", "val!"),
            ("${{$name} == {val} ? {a} : {b}}", "a"),
            ("${{$name} != {val} ? {a} : {b}}", "b"),
            ("${{2} < {10} ? {number} : {text}}", "number"),
            ("${{2x} < {10x} ? {number} : {text}}", "text"),
            ("${{10} <= {010}}${{b} > {a}}${{b} >= {b}}", "truetruetrue"),
            ("${{3.10} >level {3.6} ? {a} : {b}}", "a"),
            ("${{3.6} ==level {3.6.0} ? {a} : {b}}", "a"),
            ("${{ +3} <=level {3.1023.1023}}", "true"),
            ("${{x} == {x}}${{x} == {y}}", "true"),
            ("${domain_to_ascii{ a.$name }}", "a.val"),
        ] as [(ByteString, ByteString)])
    func `resolves`(text: ByteString, value: ByteString) throws {
        #expect(try ParameterExpansion.expand(text, in: main) == value)
    }

    @Test(
        arguments: [
            ("${name", "truncated macro reference: \"${name\""),
            ("a $ b", "empty macro name: \"a $ b\""),
            ("${}", "empty macro name: \"${}\""),
            ("${na-me}", "attribute name syntax error at: \"...na>>>-me\""),
            ("${name?{a}", "truncated macro reference: \"${name?{a}\""),
            ("$(name?{a)", "unbalanced {} in attribute expression: \"{a\""),
            ("${name?{a}b}", "\":\" expected at: \"...a}>>>b\""),
            ("${name:{a}b}", "unexpected input at: \"...a}>>>b\""),
            ("${{a} == {b} c}", "\"?\" or \":\" expected at: \"...}>>>c\""),
            ("${{a} == b}", "\"{expression}\" expected at: \"...{a} ==>>> b\""),
            ("${{a} ==xyz {b}}", "bad operator suffix at: \"...==>>>xyz\""),
            ("${{3.x} >level {3}}", "malformed compatibility level syntax: \"3.x\""),
            ("${{9223372036854775808} > {1}}", "mac_exp_eval: bad conversion: 9223372036854775808"),
            ("${domain_to_ascii{\u{FC}}}", "bad domain argument in: 'domain_to_ascii{\u{FC}}'"),
            ("$operand", "unreasonable macro expansion: \"$operand\""),
        ] as [(ByteString, ByteString)])
    func `of bad syntax has Postfix's words`(text: ByteString, wording: ByteString) {
        let error = #expect(throws: ExpansionError.self) {
            try ParameterExpansion.expand(text, in: main)
        }
        #expect(error?.problems.map(\.wording) == [wording])
    }

    @Test func `names all operators where one is missing`() {
        let error = #expect(throws: ExpansionError.self) {
            try ParameterExpansion.expand("${{a} = {b}}", in: main)
        }
        let operators: ByteString = "\"==\" or \"!=\"\" or \"<\"\" or \"<=\"\" or \">=\"\" or \">\""
        #expect(error?.problems.first?.wording == "\(operators) expected at: \"...a}>>>= {b}\"")
    }

    @Test func `of a value that refers to itself is an error`() {
        let error = #expect(throws: ExpansionError.self) {
            try ParameterExpansion.expand("$loop", in: main)
        }
        #expect(error?.problems.first?.wording == "unreasonable macro call nesting: \"a \"")
    }

    @Test func `of values that double each other comes to an end`() {
        let error = #expect(throws: ExpansionError.self) {
            try ParameterExpansion.expand("$d9", in: main)
        }
        #expect(error != nil)
    }

    @Test func `goes a hundred values deep`() throws {
        var file = ByteString()
        for number in 0..<100 { file += "v\(number) = $v\(number + 1)\n" }
        let deep = MainCF(file + "v100 = end\n")
        #expect(try ParameterExpansion.expand("$v1", in: deep) == "end")
        #expect(throws: ExpansionError.self) {
            try ParameterExpansion.expand("$v0$v0", in: MainCF("w = $v0\n\(file)v100 = $w\n"))
        }
    }
}
