// Which instance create and import are asked for: names, directories, place in the order.

import Bytes
import Instances
import Testing

@Suite struct `A request for a new instance` {
    private func create(
        _ settings: [ByteString] = [], name: ByteString? = "postfix-x",
        action: LifecycleRequest.Action = .create, among set: InstanceSet? = nil
    ) throws -> NewInstance {
        let request = LifecycleRequest(
            action: action, selection: .unspecified, newName: name, settings: settings)
        return try NewInstance(request, among: try set ?? instanceSet(of: []))
    }

    @Test func `derives missing directories from the name`() throws {
        let new = try create()
        #expect(new.configDirectory == "/etc/postfix-x")
        #expect(new.queueDirectory == "/var/spool/postfix-x")
        #expect(new.dataDirectory == "/var/lib/postfix-x")
    }

    @Test(
        arguments: [
            ("/a/b", "/a/postfix-x"), ("/a/b//", "/a/postfix-x"), ("/a//b///", "/a/postfix-x"),
            ("//a//b", "//a/postfix-x"), ("//a", "/postfix-x"), ("/", "/postfix-x"),
            ("//", "/postfix-x"),
            // Not replaced, as in the stock program.
            ("/a", "/a/postfix-x"), ("/a/", "/a/postfix-x"), ("/a//", "/a/postfix-x"),
            ("/a/b/", "/a/b/postfix-x"),
        ] as [(ByteString, ByteString)])
    func `replaces the last component of the primary's directory`(
        primary: ByteString, derived: ByteString
    ) throws {
        var instance = primaryExample
        instance.queueDirectory = primary
        let set = try InstanceSet(primary: instance, claims: Claims(), isAlone: true)
        #expect(try create(among: set).queueDirectory == derived)
    }

    @Test func `takes directories that are given`() throws {
        let new = try create(
            ["config_directory = /c", "queue_directory=/q/", "data_directory =  /d// "])
        #expect(new.configDirectory == "/c")
        #expect(new.queueDirectory == "/q")
        #expect(new.dataDirectory == "/d")
    }

    @Test func `takes the last of two values`() throws {
        #expect(
            try create(["queue_directory=/one", "queue_directory=/two"]).queueDirectory == "/two")
    }

    @Test func `needs no name if all directories are given`() throws {
        let new = try create(
            ["config_directory=/c", "queue_directory=/q", "data_directory=/d"], name: nil)
        #expect(new.newName == nil)
    }

    @Test func `for import needs the configuration directory only`() throws {
        let new = try create(["config_directory=/c"], name: nil, action: .import)
        #expect(new.configDirectory == "/c")
        #expect(new.queueDirectory == nil)
        #expect(new.dataDirectory == nil)
    }

    /// Settings that are refused, each with its reason.
    static let badSettings: [(ByteString, LifecycleRefusal)] = [
        ("/just/a/path", .malformedSetting("/just/a/path")), ("=x", .malformedSetting("=x")),
        ("", .malformedSetting("")), ("a b = c", .malformedSetting("a b = c")),
        ("myhostname=x", .settingNotValid(parameter: "myhostname", action: "create")),
        ("queue_directory=q", .settingNotAbsolute(parameter: "queue_directory")),
        ("queue_directory=", .settingNotAbsolute(parameter: "queue_directory")),
        ("queue_directory=/", .settingIsRoot(parameter: "queue_directory")),
        ("data_directory=///", .settingIsRoot(parameter: "data_directory")),
    ]

    @Test(arguments: badSettings)
    func `refuses settings that name no directory of it`(
        setting: ByteString, reason: LifecycleRefusal
    ) {
        #expect(refusal { _ = try create([setting]) } == reason)
    }

    @Test(arguments: ["queue_directory", "data_directory"] as [ByteString])
    func `for import refuses directories that main.cf names`(parameter: ByteString) {
        #expect(
            refusal { _ = try create(["\(parameter)=/x"], action: .import) }
                == .settingNotValid(parameter: parameter, action: "import"))
    }

    @Test(
        arguments: [
            ([], "config_directory"), (["config_directory=/c"], "queue_directory"),
            (["config_directory=/c", "queue_directory=/q"], "data_directory"),
        ] as [([ByteString], ByteString)], [nil, ""] as [ByteString?])
    func `without a name misses a directory`(
        row: (settings: [ByteString], parameter: ByteString), name: ByteString?
    ) {
        #expect(
            refusal { _ = try create(row.settings, name: name) }
                == .missingDirectory(parameter: row.parameter))
    }

    @Test func `cannot derive a directory from a relative one`() throws {
        var instance = primaryExample
        instance.dataDirectory = "var/lib"
        let set = try InstanceSet(primary: instance, claims: Claims(), isAlone: true)
        #expect(
            refusal { _ = try create(among: set) }
                == .primaryDirectoryNotAbsolute(parameter: "data_directory", value: "var/lib"))
    }

    @Test func `refuses bad names before it looks at settings`() {
        #expect(
            refusal { _ = try create(["nonsense"], name: "out") }
                == .name(.instanceNameWithoutPrefix("out")))
    }

    @Test(
        arguments: [
            ("/etc/postfix-a", "/etc/postfix-a", "config_directory"),
            ("/var/spool/postfix", "/etc/postfix", "queue_directory"),
            ("/etc/postfix-b", "/etc/postfix-b", "config_directory"),
        ] as [(ByteString, ByteString, ByteString)])
    func `refuses a configuration directory in use, also by a broken instance`(
        path: ByteString, owner: ByteString, parameter: ByteString
    ) throws {
        let set = try instanceSet([
            .instance(secondary("postfix-a")), .broken(broken("/etc/postfix-b")),
        ])
        #expect(
            refusal { _ = try create(["config_directory=\(path)"], among: set) }
                == .configDirectoryInUse(
                    path: path, owner: .init(configDirectory: owner, parameter: parameter)))
    }

    @Test func `refuses every byte that lists and scripts cannot carry`() {
        let special = Set("\"'`$&;|<>()*?[]{}\\,".utf8)
        for byte in UInt8(1)...UInt8.max {
            let path = ByteString(Array("/q/a".utf8) + [byte] + Array("b".utf8))
            let setting: ByteString = "queue_directory=\(path)"
            let isRefused = byte <= 0x20 || byte == 0x7F || special.contains(byte)
            let reason = refusal { _ = try create([setting]) }
            #expect((reason != nil) == isRefused, "byte \(byte)")
        }
        #expect(
            refusal { _ = try create(["data_directory=/a b"]) }
                == .unusablePath(parameter: "data_directory", value: "/a b"))
        #expect(
            refusal { _ = try create(["config_directory=/a,b"]) }
                == .unusablePath(parameter: "config_directory", value: "/a,b"))
    }

    @Test func `takes a path of 4095 bytes and no longer one`() throws {
        func path(_ length: Int) -> ByteString {
            "/" + ByteString([UInt8](repeating: 0x78, count: length - 1))
        }
        #expect(try create(["queue_directory=\(path(4095))"]).queueDirectory == path(4095))
        #expect(
            refusal { _ = try create(["queue_directory=\(path(4096))"]) }
                == .unusablePath(parameter: "queue_directory", value: path(4096)))
    }
}

@Suite struct `The place of a new instance` {
    private func position(_ selection: Selection, among set: InstanceSet) throws -> Int {
        let request = LifecycleRequest(
            action: .create, selection: selection, newName: "postfix-new")
        return try NewInstance(request, among: set).position(among: set)
    }

    private func example() throws -> InstanceSet {
        try instanceSet([
            .instance(secondary("postfix-a", group: "one")), .broken(broken("/etc/postfix-b")),
            .instance(secondary("postfix-c", group: "two")),
            .instance(secondary("postfix-d", group: "two")),
        ])
    }

    @Test(
        arguments: [
            (.unspecified, 4), (.all, 0), (.group("one"), 0), (.group("two"), 2),
            (.instance("c"), 2), (.instance("postfix-d"), 3), (.instance("/etc/postfix-a"), 0),
            (.instance("b"), 1), (.instance("/etc/postfix-b"), 1),
        ] as [(Selection, Int)])
    func `is before the first that is selected, or the end`(
        selection: Selection, index: Int
    ) throws {
        #expect(try position(selection, among: example()) == index)
    }

    @Test(arguments: [.group("three"), .instance("x"), .instance("-")] as [Selection])
    func `cannot be found if nothing is selected`(selection: Selection) throws {
        let set = try example()
        #expect(refusal { _ = try position(selection, among: set) } == .noMatchingSecondaries)
    }

    @Test func `of the first secondary is the only one`() throws {
        let alone = try instanceSet(of: [])
        #expect(try position(.unspecified, among: alone) == 0)
        #expect(try position(.all, among: alone) == 0)
        #expect(
            refusal { _ = try position(.group("mta"), among: alone) } == .noMatchingSecondaries)
    }
}
