// master.cf as we read and edit it, held against the installed postconf(1).

import Bytes
import PostfixFormats
import TestSupport
import Testing

@Suite struct `master.cf as postconf sees it` {
    @Test(.enabled(if: Postconf.installed != nil, "postconf(1) is not installed"))
    func `is read and edited alike`() throws {
        let postconf = try #require(Postconf.installed)
        let seed = Run.seed
        Workers.check(Run.fileCount / 3) { number in
            var generator = MasterCFGenerator(
                random: SeededNumbers(seed: seed, stream: 1_000_000 + number))
            let example = generator.makeCase()
            let comparison = try MasterCFComparison(postconf: postconf, edits: example.edits)
            guard let found = try comparison.difference(on: example.file) else { return nil }
            let smallest = Minimizer.minimize(example.file) { file in
                // A file cut within its last line is not what the generator makes.
                (try? comparison.difference(on: file.withLastLineEnded)) ?? nil != nil
            }.withLastLineEnded
            return """
                file \(number) of seed \(seed); \(Run.recipe(seed))
                \(found)
                and in a smaller file:
                \(try comparison.difference(on: smallest) ?? "")
                in the file \(String(reflecting: smallest.text))
                """
        }
    }
}
