// Replays what the fuzzer has kept: every input in Fuzzing/corpus holds its target's property.
//
// The fuzzer itself is not needed: the properties are the same functions.

import Bytes
import Foundation
import FuzzProperties
import Testing

struct FuzzRegressionTests {
    @Test(arguments: FuzzTarget.all.map(\.name))
    func `every kept input holds its property`(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let directory = Self.corpus.appending(path: name)
        let files = try FileManager.default.contentsOfDirectory(
            at: directory, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty, "\(directory.path) holds inputs to begin with")
        for file in files {
            let input = ByteString(Array(try Data(contentsOf: file)))
            #expect(throws: Never.self, "\(file.path)") { try target.check(input) }
        }
    }

    @Test func `every directory of inputs belongs to a target`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
        #expect(Set(names) == Set(FuzzTarget.all.map(\.name)))
    }

    private static let corpus = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzzing/corpus")
}
