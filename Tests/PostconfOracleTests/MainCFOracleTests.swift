// main.cf as we read, expand and edit it, held against the installed postconf(1).

import Bytes
import PostfixFormats
import TestSupport
import Testing

@Suite struct `main.cf as postconf sees it` {
    @Test(.enabled(if: Postconf.installed != nil, "postconf(1) is not installed"))
    func `is read, expanded and edited alike`() throws {
        let postconf = try #require(Postconf.installed)
        let seed = Run.seed
        Workers.check(Run.fileCount * 2 / 3) { number in
            var generator = MainCFGenerator(
                random: SeededNumbers(seed: seed, stream: number),
                hasFunctions: postconf.defaults.text.contains("domain_to_ascii"))
            let example = generator.makeCase()
            let comparison = try MainCFComparison(postconf: postconf, edits: example.edits)
            guard let found = try comparison.difference(on: example.file) else { return nil }
            let smallest = Minimizer.minimize(example.file) { file in
                (try? comparison.difference(on: file)) ?? nil != nil
            }
            return """
                file \(number) of seed \(seed); \(Run.recipe(seed))
                \(found)
                and in a smaller file:
                \(try comparison.difference(on: smallest) ?? "")
                in the file \(String(reflecting: smallest.text))
                """
        }
    }

    @Test(.enabled(if: Postconf.installed != nil, "postconf(1) is not installed"))
    func `has the defaults that postconf prints`() throws {
        let postconf = try #require(Postconf.installed)
        let defaults = ParameterDefaults(postconf.defaults)
        for line in postconf.defaults.lines {
            let name = ByteString(line.bytes.prefix { $0 != 0x20 })
            let value = line.dropFirst(name.count + 3)
            #expect(defaults.unexpandedValue(of: name) == value)
        }
        #expect(defaults.unexpandedValue(of: "zzz") == nil)
        #expect(defaults.unexpandedValue(of: "") == nil)
        #expect(defaults.unexpandedValue(of: "mail") == nil)
    }
}
