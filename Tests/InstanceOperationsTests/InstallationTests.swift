// The installed Postfix and the cache of its defaults.

import Bytes
import HostAccess
import InstanceOperations
import PostfixFormats
import TestSupport
import Testing

@Suite struct `The installation` {
    private let cache: ByteString = "/var/cache/postilion/postconf-defaults"

    private func observe(_ memory: InMemoryHost) throws -> Installation {
        try Installation.observe(memory.host())
    }

    private func questions(_ memory: InMemoryHost) -> [[ByteString]] {
        memory.processes.runs.map(\.command.arguments)
    }

    @Test func `is asked for its defaults once`() throws {
        let memory = hostWithPostfix()
        for _ in 1...3 {
            let installation = try observe(memory)
            #expect(installation.configDirectory == "/etc/postfix")
            #expect(
                installation.defaults.unexpandedValue(of: "queue_directory")
                    == "/var/spool/postfix")
        }
        #expect(questions(memory) == [["/usr/sbin/postconf", "-d"]])
        #expect(memory.files.objects[cache]?.mode == 0o644)
        #expect(memory.files.objects[cache]?.owner == 0)
        #expect(memory.files.objects["/var/cache/postilion"]?.mode == 0o755)
    }

    @Test func `is asked in a clean environment`() throws {
        var memory = hostWithPostfix()
        memory.environment = ["LD_PRELOAD=evil", "MAIL_CONFIG=/tmp", "PATH=/tmp"]
        _ = try observe(memory)
        #expect(memory.processes.runs.first?.command.environment == ["PATH=/usr/bin:/bin"])
    }

    /// What makes a cache untrustworthy or out of date.
    static let spoiled: [(String, @Sendable (inout InMemoryHost) throws -> Void)] = [
        ("another owner", { try $0.setCache(mode: 0o644, owner: 1000) }),
        ("writable by the group", { try $0.setCache(mode: 0o664, owner: 0) }),
        ("writable by all", { try $0.setCache(mode: 0o646, owner: 0) }),
        ("another node name", { $0.nodeName = "other.example.com" }),
        ("changed program", { $0.files.addFile("/usr/sbin/postconf", "an update") }),
        (
            "replaced program",
            { memory in
                memory.files.remove("/usr/sbin/postconf")
                memory.files.addFile("/usr/sbin/postconf", "the program", mode: 0o755)
            }
        ),
        ("no content", { $0.files.addFile("/var/cache/postilion/postconf-defaults", "") }),
        ("nonsense", { $0.files.addFile("/var/cache/postilion/postconf-defaults", "x\ny\n") }),
        (
            "unreadable",
            { $0.files.readFaults["/var/cache/postilion/postconf-defaults"] = .inputOutput }
        ),
        (
            "a pipe",
            { memory in
                memory.files.remove("/var/cache/postilion/postconf-defaults")
                memory.files.addPipe("/var/cache/postilion/postconf-defaults")
            }
        ),
    ]

    @Test(arguments: spoiled.indices)
    func `is asked again if the cache is not for it or not to be trusted`(row: Int) throws {
        var memory = hostWithPostfix()
        _ = try observe(memory)
        try Self.spoiled[row].1(&memory)
        let installation = try observe(memory)
        #expect(memory.processes.runs.count == 2, "\(Self.spoiled[row].0)")
        #expect(installation.configDirectory == "/etc/postfix")
    }

    @Test func `has an outdated cache renewed`() throws {
        let memory = hostWithPostfix()
        _ = try observe(memory)
        memory.files.addFile("/usr/sbin/postconf", "an update")
        memory.processes.answer("/usr/sbin/postconf", output: "queue_directory = /new\n")
        _ = try observe(memory)
        let last = try observe(memory)
        #expect(last.defaults.unexpandedValue(of: "queue_directory") == "/new")
        #expect(memory.processes.runs.count == 2)
    }

    @Test func `has its cache written by root only`() throws {
        var memory = hostWithPostfix()
        memory.accounts.effectiveUser = 1000
        let before = memory.files.objects
        _ = try observe(memory)
        #expect(memory.files.objects == before)
    }

    @Test func `has its cache read by everybody`() throws {
        var memory = hostWithPostfix()
        _ = try observe(memory)
        memory.accounts.effectiveUser = 1000
        _ = try observe(memory)
        #expect(memory.processes.runs.count == 1)
    }

    @Test func `works where no cache can be written`() throws {
        let memory = hostWithPostfix()
        for call in 1...2 {
            let files = FaultyFileSystem(memory.files, .always(from: call, .readOnly))
            let installation = try Installation.observe(memory.host(files: files))
            #expect(installation.configDirectory == "/etc/postfix")
        }
    }

    @Test(
        arguments: [
            ("/opt/postfix", ["/opt/postfix", "/usr/sbin"], "/opt/postfix/postconf"),
            ("/opt/postfix", ["/usr/sbin", "/usr/local/sbin"], "/usr/sbin/postconf"),
            (nil, ["/usr/local/sbin"], "/usr/local/sbin/postconf"),
        ] as [(ByteString?, [ByteString], ByteString)])
    func `is looked for beside the program, then at the usual places`(
        programDirectory: ByteString?, places: [ByteString], program: ByteString
    ) throws {
        var memory = hostWithPostfix()
        memory.files.remove("/usr/sbin/postconf")
        memory.programDirectory = programDirectory
        for place in places {
            memory.files.addFile("\(place)/postconf", mode: 0o755)
            memory.processes.answer("\(place)/postconf", output: InstalledPostfix.defaults)
        }
        _ = try observe(memory)
        #expect(questions(memory) == [[program, "-d"]])
    }

    @Test func `may be missing`() {
        var memory = hostWithPostfix()
        memory.files.remove("/usr/sbin/postconf")
        memory.files.addDirectory("/usr/local/sbin/postconf")
        memory.programDirectory = "/opt"
        let places: [ByteString] = ["/opt", "/usr/sbin", "/usr/local/sbin"]
        #expect(throws: ObservationFailure.postfixNotFound(lookedIn: places)) {
            try observe(memory)
        }
    }

    @Test func `that cannot tell all its defaults is asked for the needed ones`() throws {
        let memory = hostWithPostfix()
        memory.processes.answer("/usr/sbin/postconf", "-d", output: "a = b\n", status: .exited(1))
        let installation = try observe(memory)
        #expect(
            installation.defaults.unexpandedValue(of: "queue_directory") == "/var/spool/postfix")
        #expect(questions(memory).count == 2)
        let names = questions(memory).last?.dropFirst(2) ?? []
        // They are looked up by halving, so the answer must be in order.
        #expect(Array(names) == names.sorted())
        #expect(names.contains("multi_instance_directories"))
        #expect(memory.processes.runs.map(\.command.isQuiet) == [true, false])
        // Half an answer is not for keeping.
        #expect(memory.files.objects[cache] == nil)
    }

    @Test(
        arguments: [.exited(1), .signalled(9), .exited(127)] as [HostAccess.ExitStatus])
    func `that cannot tell any default is of no use`(status: HostAccess.ExitStatus) {
        let memory = hostWithPostfix()
        memory.processes.answer("/usr/sbin/postconf", status: status)
        #expect(throws: ObservationFailure.defaultsUnavailable(program: "/usr/sbin/postconf")) {
            try observe(memory)
        }
    }

    @Test func `that does not start or never ends its answer is of no use`() {
        let memory = hostWithPostfix()
        memory.processes.refuse("/usr/sbin/postconf", .accessDenied)
        #expect(throws: ObservationFailure.self) { try observe(memory) }
        let endless = ByteString([UInt8](repeating: 0x61, count: 2 << 20))
        memory.processes.answer("/usr/sbin/postconf", output: endless)
        #expect(throws: ObservationFailure.self) { try observe(memory) }
    }
}

extension InMemoryHost {
    /// Gives the cache another mode and owner.
    fileprivate func setCache(mode: UInt32, owner: UInt32) throws {
        try files.setPermissions(
            "/var/cache/postilion/postconf-defaults", mode: mode, owner: owner, group: nil,
            includingContents: false)
    }
}
