// What must hold for the expansion of any text over any main.cf: an end, in bounded space.
//
// Input: the text, then the main.cf that gives the values.

import Bytes
import PostfixFormats

/// Checks the expansion of a text.
@Sendable
func checkExpansion(_ input: ByteString) throws(BrokenProperty) {
    var input = FuzzInput(input)
    let text = input.next()
    let values = MainCF(input.next())
    let outcome = Result { () throws(ExpansionError) in
        try ParameterExpansion.expand(text, in: values)
    }
    switch outcome {
    case .success(let value): try checkResult(value, of: text)
    case .failure(let error):
        try expect(!error.problems.isEmpty, "a failed expansion says why")
        for problem in error.problems.prefix(100) { _ = problem.wording }
    }

    let quoted = ByteString(text.bytes.flatMap { $0 == dollar ? [dollar, dollar] : [$0] })
    let visible = ByteString(text.bytes.prefix { $0 != 0 })
    let plain = try? ParameterExpansion.expand(quoted, in: values)
    try expect(plain == visible, "with every $ doubled the text stays as it is")
    // Values are expanded in the same way wherever they come from.
    for name in values.entries.prefix(2).map(\.name) {
        _ = try? ParameterExpansion.expand("${\(name)?{a}:{b}}$\(name)", in: values)
    }
}

private func checkResult(_ value: ByteString, of text: ByteString) throws(BrokenProperty) {
    // The last value may go beyond the limit, and so may the text itself.
    try expect(value.count <= (1 << 24) + (2 << 20), "the result is limited in size")
    try expect(
        text.contains(dollar) || value == ByteString(text.bytes.prefix { $0 != 0 }),
        "a text without $ stays as it is")
}

private let dollar = UInt8(ascii: "$")
