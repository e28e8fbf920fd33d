// Whatever a file holds, it is read or refused with places that are in it.

import Bytes
import HostAccess
import TOMLReading
import TestSupport
import Testing

@testable import FilterProxy

@Suite struct `A broken configuration` {
    @Test func `is refused with lines that are in it`() throws {
        let example = try LiveFileReading().read(
            "\(Package.root)/Documentation/examples/postilion-filter.toml", limitBytes: 1 << 20
        ).bytes
        let marks = Array("[]{}=.,\"'#\n\\ \0\t1a-_:/$\u{E9}".utf8)
        var numbers = SeededNumbers(seed: 1)
        var refused = 0
        for _ in 0..<1000 {
            var bytes = example
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let place = numbers.below(bytes.count)
                let mark = numbers.pick(marks)
                switch numbers.below(4) {
                case 0: bytes[place] = mark
                case 1: bytes.insert(mark, at: place)
                case 2: bytes.remove(at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 100))
                }
            }
            let text = ByteString(bytes).text
            do throws(ConfigurationFault) {
                _ = try ConfigurationReader.read(file: "f", text: text)
            } catch {
                refused += 1
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
                #expect(!error.problems.isEmpty)
                #expect(error.problems.allSatisfy { (1...lines).contains($0.line) })
                #expect(error.messages.allSatisfy { !$0.contains("\n") })
            }
        }
        // Many slips are in comments, where they do no harm.
        #expect(refused > 300)
    }
}
