import Bytes
import PostfixFormats
import Testing

@Suite struct `Parameter expansion` {
    let main = MainCF("name = val\nempty =\nloop = a $loop\nlist = $name, $name\n")

    @Test(
        arguments: [
            ("plain", "plain"),
            ("$name/x", "val/x"),
            ("${name}$(name)", "valval"),
            ("$$name", "$name"),
            ("$nothing.", "."),
            ("$list", "val, val"),
            ("${name?yes}${empty?no}", "yes"),
            ("${name:no}${empty:yes}", "yes"),
            ("${name?{a}:{b}}${empty?{a}:{b}}", "ab"),
            ("${name ? {a} : {b} }", "a"),
            ("${{$name} == {val} ? {a} : {b}}", "a"),
            ("${{2} < {10} ? {number} : {text}}", "number"),
            ("${{2x} < {10x} ? {number} : {text}}", "text"),
            ("${{3.10} >level {3.6} ? {a} : {b}}", "a"),
            ("${{x} == {x}}${{x} == {y}}", "true"),
        ] as [(ByteString, ByteString)])
    func `resolves`(text: ByteString, value: ByteString) throws {
        #expect(try ParameterExpansion.expand(text, in: main).value == value)
    }

    @Test func `of a value that refers to itself is an error`() {
        #expect(throws: ExpansionError.self) { try ParameterExpansion.expand("$loop", in: main) }
    }
}
