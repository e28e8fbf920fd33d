// Which modules each target may import. The build checks the package's own; this the others, too.

import Testing

@Suite struct `Imports` {
    /// Every target of Sources and all that it may import.
    static let allowed: [String: Set<Substring>] = [
        "Bytes": [],
        "PostfixFormats": ["Bytes"],
        "Instances": ["Bytes", "PostfixFormats"],
        "MailTrace": ["Bytes", "PostfixFormats"],
        "HostAccess": ["Bytes", "Glibc", "LinuxHeaders"],
        "InstanceOperations": ["Bytes", "PostfixFormats", "Instances", "HostAccess"],
        "LogOperations": [
            "Bytes", "PostfixFormats", "Instances", "MailTrace", "HostAccess",
            "InstanceOperations",
        ],
        "Rehearsals": [
            "Bytes", "PostfixFormats", "Instances", "MailTrace", "HostAccess",
            "InstanceOperations", "LogOperations", "NIOCore", "NIOPosix", "Synchronization",
        ],
        "PostmultiCommand": [
            "Bytes", "PostfixFormats", "Instances", "HostAccess", "InstanceOperations",
        ],
        "postmulti": ["HostAccess", "PostmultiCommand"],
        "PostilionCommand": [
            "Bytes", "PostfixFormats", "Instances", "MailTrace", "HostAccess",
            "InstanceOperations", "LogOperations", "Rehearsals", "TOMLReading", "Blueprint",
            "BlueprintOperations", "ArgumentParser",
        ],
        "postilion": ["HostAccess", "PostilionCommand"],
        "TOMLReading": ["Bytes", "PostfixFormats", "TOMLKit"],
        "Blueprint": ["Bytes", "PostfixFormats", "Instances", "TOMLReading"],
        "BlueprintOperations": [
            "Bytes", "PostfixFormats", "Instances", "HostAccess", "InstanceOperations",
            "TOMLReading", "Blueprint",
        ],
        "SMTPProtocol": ["DequeModule"],
        "FilterProxy": [
            "Bytes", "PostfixFormats", "HostAccess", "SMTPProtocol", "TOMLReading",
            "NIOCore", "NIOPosix", "NIOHTTP1", "Logging", "ServiceLifecycle", "Subprocess",
            "SystemPackage", "Synchronization",
        ],
        "postilion-filter": [
            "Bytes", "HostAccess", "FilterProxy", "ArgumentParser", "NIOCore", "NIOPosix",
            "Logging", "ServiceLifecycle", "UnixSignals",
        ],
        // In no product.
        "TestSupport": ["Bytes", "HostAccess", "SMTPProtocol", "Glibc", "Synchronization"],
        "FuzzProperties": [
            "Bytes", "PostfixFormats", "Instances", "MailTrace", "HostAccess",
            "InstanceOperations", "PostmultiCommand", "SMTPProtocol", "TestSupport", "Glibc",
        ],
        "fuzz": ["Bytes", "FuzzProperties", "Glibc"],
    ]

    /// The other targets that speak to the system themselves: to feed a shell through a pipe, to
    /// leave descriptors open, and to ask the C library for its opinion.
    static let withSystemCalls: Set<String> = [
        "HostAccess", "TestSupport", "fuzz", "FuzzProperties", "RealPostfixTests",
        "FaultTrials", "TestSupportTests",
    ]

    /// The module that a line of code imports, if any.
    private func importedModule(_ line: String) -> Substring? {
        let before: Set<Substring> = [
            "package", "public", "testable", "preconcurrency", "unsafe",
        ]
        guard line.first != " ", let index = line.words.firstIndex(of: "import"),
            line.words[..<index].allSatisfy(before.contains)
        else { return nil }
        return line.words.dropFirst(index + 1).first
    }

    @Test func `of every target are in the table`() {
        let targets = Repository.swiftFiles.filter { $0.path.hasPrefix("Sources/") }.map(\.target)
        #expect(Set(targets) == Set(Self.allowed.keys))
    }

    @Test func `of a target are those that its place allows`() {
        let files = Repository.swiftFiles.filter { $0.path.hasPrefix("Sources/") }
        let found = Repository.places(in: files) { line, file in
            guard let module = importedModule(line) else { return nil }
            let isAllowed = Self.allowed[file.target]?.contains(module) ?? false
            return isAllowed ? nil : "\(file.target) must not import \(module)"
        }
        #expect(found == [])
    }

    @Test func `of system calls are in few targets`() {
        let files = Repository.swiftFiles.filter { !Self.withSystemCalls.contains($0.target) }
        let found = Repository.places(in: files) { line, _ in
            importedModule(line) == "Glibc" ? "system calls" : nil
        }
        #expect(found == [])
    }

    @Test func `bring no children of Foundation, which cost fifty milliseconds each`() {
        let files = Repository.swiftFiles.filter { $0.code.contains("import Foundation") }
        let found = Repository.places(in: files) { line, _ in
            line.contains("Process(") && line.words.contains("Process") ? "a child" : nil
        }
        #expect(found == [])
    }

    @Test func `belong to targets that the architecture describes`() throws {
        let page = try #require(Repository.files.first { $0.path == "ARCHITECTURE.md" })
        let missing = Self.allowed.keys.filter { !page.text.contains("`\($0)`") }
        #expect(missing == [])
    }

    @Test func `of a target come from rows above its own in the architecture`() throws {
        let page = try #require(Repository.files.first { $0.path == "ARCHITECTURE.md" })
        let rows = page.text.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .compactMap { $0.split(separator: "`").dropFirst().first }
        let found = rows.indices.flatMap { index in
            let imports = Self.allowed[String(rows[index])] ?? []
            return imports.intersection(rows[index...]).map { "\(rows[index]) imports \($0)" }
        }
        #expect(found == [])
        #expect(Set(rows.map(String.init)) == Set(Self.allowed.keys))
    }
}
