// How the argument list is taken apart: getopt(3) without permutation.

import Bytes
import Testing

@testable import PostmultiCommand

@Suite struct `Taking an argument list apart` {
    /// Everything that is found, as short words, and what is left.
    private func found(_ arguments: ByteString...) -> ([String], [ByteString]) {
        var reader = Getopt(arguments)
        var words: [String] = []
        while let next = reader.next() {
            switch next {
            case .option(let letter, let value):
                words.append("\(Character(UnicodeScalar(letter)))\(value)")
            case .fault(.unknown(let letter)):
                return (words + ["?\(Character(UnicodeScalar(letter)))"], reader.rest)
            case .fault(.valueMissing(let letter)):
                return (words + [":\(Character(UnicodeScalar(letter)))"], reader.rest)
            }
        }
        return (words, reader.rest)
    }

    @Test func `takes options one by one and bundled`() {
        #expect(found("-l", "-v") == (["l", "v"], []))
        #expect(found("-lv", "-Ra") == (["l", "v", "R", "a"], []))
    }

    @Test func `takes values attached or apart`() {
        #expect(found("-iname") == (["iname"], []))
        #expect(found("-i", "name") == (["iname"], []))
        #expect(found("-li", "name", "x") == (["l", "iname"], ["x"]))
        #expect(found("-liname") == (["l", "iname"], []))
        #expect(found("-i", "-l") == (["i-l"], []))
        #expect(found("-i", "--", "-l") == (["i--", "l"], []))
        #expect(found("-i", "") == (["i"], []))
        #expect(found("-i=x") == (["i=x"], []))
    }

    @Test func `ends at the first argument that is no option`() {
        #expect(found("-l", "word", "-v") == (["l"], ["word", "-v"]))
        #expect(found("-x", "--", "-v") == (["x"], ["-v"]))
        #expect(found("--") == ([], []))
        #expect(found("-l", "-", "-v") == (["l"], ["-", "-v"]))
        #expect(found("", "-v") == ([], ["", "-v"]))
        #expect(found() == ([], []))
    }

    @Test func `reports what it does not know and what is missing`() {
        #expect(found("-lz").0 == ["l", "?z"])
        #expect(found("--list").0 == ["?-"])
        #expect(found("-:").0 == ["?:"])
        #expect(found("-l", "-e").0 == ["l", ":e"])
        #expect(found("-G").0 == [":G"])
    }
}
