// The published JSON Schema, the manual page and the examples say what the reader reads.

import Blueprint
import Bytes
import PostfixFormats
import TOMLReading
import TestSupport
import Testing

/// A file of the package.
func packageFile(_ path: String) throws -> ByteString {
    let shown = try ChildProcess("/bin/cat", ["\(ByteString(Package.root))/\(ByteString(path))"])
        .run()
    try #require(shown.succeeded)
    return shown.output
}

@Suite struct `The words about blueprints` {
    /// All keys of a schema, each with the tables that it is in.
    private func keys(_ schema: JSONText, _ path: [String] = []) -> Set<String> {
        var found: Set<String> = []
        for (name, member) in schema["properties"]?.members ?? [:] {
            let key = path + [name.text]
            found.insert(key.joined(separator: "."))
            found.formUnion(keys(member["items"] ?? member, key))
            // The names of services and tables are the operator's.
            if let any = member["additionalProperties"], any["properties"] != nil {
                found.formUnion(keys(any, key))
            }
        }
        return found
    }

    /// The reader's keys without the names that an operator gives.
    private var known: Set<String> {
        Set(
            Blueprint.knownKeys.compactMap { key in
                let words = key.split(separator: ".").map(String.init)
                guard words.count > 2, ["services", "tables"].contains(words[1]) else { return key }
                let rest = words.dropFirst(3)
                return rest.isEmpty ? nil : (words.prefix(2) + rest).joined(separator: ".")
            })
    }

    @Test func `the schema has exactly the keys that are read`() throws {
        let schema = try JSONText(reading: try packageFile("Documentation/blueprint.schema.json"))
        #expect(keys(schema) == known)
    }

    @Test func `the manual page names every key, and no other`() throws {
        let page = try packageFile("Documentation/man/postilion-blueprint.5").text
        let lines = page.split(separator: "\n").filter {
            $0.hasPrefix(".It Cm instance.") || $0.hasPrefix(".It Cm probe.")
                || $0.hasPrefix("instance.") || $0 == ".It Cm purge"
        }
        let named = lines.flatMap { line in
            line.split(separator: " ").map(String.init).filter {
                $0.hasPrefix("instance.") || $0.hasPrefix("probe.") || $0 == "purge"
            }
        }
        #expect(Set(named).union(["instance", "probe"]) == known)
    }

    @Test func `the schema has all roles`() throws {
        let schema = try JSONText(reading: try packageFile("Documentation/blueprint.schema.json"))
        let roles = schema["properties"]?["instance"]?["items"]?["properties"]?["role"]?["enum"]
        #expect(roles?.elements.compactMap(\.string).map(\.text) == Role.all.map(\.name))
    }

    @Test(arguments: [
        "border-mail-server", "fallback-relay", "same-address", "queue-life-times",
        "certificate-per-instance", "own-checks", "in-out-separation", "content-filter",
        "sender-pool",
    ])
    func `every example can be read, and says what to expect`(name: String) throws {
        let file = "Documentation/examples/\(name).toml"
        let blueprint = try Blueprint(
            TOMLDocument(file: file, text: try packageFile(file).text))
        #expect(!blueprint.instances.isEmpty)
        #expect(!blueprint.probes.isEmpty)
    }
}
