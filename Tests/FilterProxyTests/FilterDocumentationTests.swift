// The manual page and the example say what the reader of configurations knows: no less, no more.

import Bytes
import HostAccess
import TestSupport
import Testing

@testable import FilterProxy

@Suite struct `The documentation of the filter` {
    private func text(_ path: String) throws -> String {
        let file = try LiveFileReading().read(
            "\(Package.root)/Documentation/\(path)", limitBytes: 1 << 20)
        return ByteString(file.bytes).text
    }

    /// The keys that can be set; the names of tables are none.
    private var keys: Set<String> {
        let paths = ConfigurationReader.knownKeys
        return paths.filter { path in !paths.contains { $0.hasPrefix("\(path).") } }
    }

    /// The table of which a section of the page tells.
    private func table(_ section: Substring) -> String {
        switch section {
        case _ where section.contains("type ="), "[[hook]]": "hook."
        case _ where section.hasPrefix("["): section.dropFirst().dropLast() + "."
        default: ""
        }
    }

    @Test func `names every key, and no other`() throws {
        var named: Set<String> = []
        var prefix = ""
        for line in try text("man/postilion-filter.8").split(separator: "\n") {
            if line.hasPrefix(".Ss ") { prefix = table(line.dropFirst(4)) }
            guard line.hasPrefix(".It Ic ") else { continue }
            named.formUnion(line.dropFirst(7).split(separator: " , ").map { prefix + $0 })
        }
        #expect(named.count > 40)
        #expect(named == keys)
    }

    @Test func `names every place of a header field, and every word that can be set`() throws {
        let page = try text("man/postilion-filter.8")
        let places = FieldTemplate.Place.allCases.map { "${\($0.rawValue)}" }
        let words =
            HookConfiguration.TypeName.allCases.map(\.rawValue)
            + FoundAction.allCases.map(\.rawValue) + FailurePolicy.allCases.map(\.rawValue)
            + CommandSettings.LineEnds.allCases.map(\.rawValue)
            + LogSettings.Format.allCases.map(\.rawValue)
            + LogSettings.Level.allCases.map(\.rawValue)
        #expect(places.filter { !page.contains($0) } == [])
        #expect(words.filter { !page.contains(".Qq \($0)") && !page.contains("dq\($0)") } == [])
    }

    @Test func `has an example that can be used, and shows every key but a few`() throws {
        let example = try text("examples/postilion-filter.toml")
        let configuration = try ConfigurationReader.read(
            file: "example", text: example, files: LiveFileReading())
        #expect(configuration.hooks.count == HookConfiguration.TypeName.allCases.count)
        let shown = Set(
            example.split(separator: "\n").compactMap { line in
                line.firstRange(of: " = ").map { String(line[..<$0.lowerBound]) }
            })
        let names = Set(keys.compactMap { $0.split(separator: ".").last.map(String.init) })
        #expect(names.subtracting(shown) == ["password"])
    }

    @Test func `has an example whose first part shows what is used anyway`() throws {
        let example = try text("examples/postilion-filter.toml")
        let first = example.split(separator: "[[hook]]").first ?? ""
        let shown = try ConfigurationReader.read(file: "example", text: String(first))
        let plain = FilterConfiguration(listen: shown.listen, nextHop: shown.nextHop)
        #expect(shown == plain)
    }
}
