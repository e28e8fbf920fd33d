// One broken secondary among five: it has its reason, and the other four stay usable.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats
import TestSupport
import Testing

@Suite struct `Observing instances` {
    private let names: [ByteString] = [
        "postfix-a", "postfix-b", "postfix-c", "postfix-d", "postfix-e",
    ]

    /// The reason why postfix-c is broken after a change; the others must not be.
    private func reason(_ spoil: (InMemoryFileSystem) -> Void) throws -> LoadFailure? {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(names)
        spoil(memory.files)
        let set = try memory.instances()
        #expect(set.registeredDirectories == names.map { "/etc/\($0)" })
        #expect(
            set.usable.compactMap(\.name?.text)
                == ["postfix-a", "postfix-b", "postfix-d", "postfix-e"])
        #expect(set.broken.map(\.configDirectory) == ["/etc/postfix-c"])
        return set.broken.first?.reason
    }

    private func mainCF(_ contents: ByteString) -> (InMemoryFileSystem) -> Void {
        { $0.addFile("/etc/postfix-c/main.cf", contents) }
    }

    @Test func `reads all of them in order`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-b", "postfix-a"])
        let set = try memory.instances()
        #expect(set.usable.map { $0.name?.text ?? "-" } == ["-", "postfix-b", "postfix-a"])
        #expect(set.usable.last?.queueDirectory == "/var/spool/postfix-a")
    }

    @Test(
        arguments: [
            "/etc/postfix-a /etc/postfix-b", "/etc/postfix-a,/etc/postfix-b",
            " ,/etc/postfix-a ,\t/etc/postfix-b,,", "/etc/postfix-a\n  # comment\n  /etc/postfix-b",
            "$first /etc/postfix-b",
        ] as [ByteString])
    func `reads lists in every form`(list: ByteString) throws {
        let memory = hostWithPostfix()
        memory.addInstance("postfix-a")
        memory.addInstance("postfix-b")
        memory.appendToPrimary("first = /etc/postfix-a\nmulti_instance_directories = \(list)")
        #expect(
            try memory.instances().registeredDirectories == ["/etc/postfix-a", "/etc/postfix-b"])
    }

    @Test func `tells why a main.cf cannot be read`() throws {
        let path: ByteString = "/etc/postfix-c/main.cf"
        let rows: [(ByteString, (InMemoryFileSystem) -> Void)] = [
            ("No such file or directory", { $0.remove("/etc/postfix-c") }),
            ("No such file or directory", { $0.remove("/etc/postfix-c/main.cf") }),
            ("Input/output error", { $0.readFaults["/etc/postfix-c/main.cf"] = .inputOutput }),
            ("changes all the time", { $0.restlessPaths = ["/etc/postfix-c/main.cf"] }),
            (
                "Is a directory",
                { files in
                    files.remove("/etc/postfix-c/main.cf")
                    files.addDirectory("/etc/postfix-c/main.cf")
                }
            ),
            (
                "not a regular file",
                { files in
                    files.remove("/etc/postfix-c/main.cf")
                    files.addPipe("/etc/postfix-c/main.cf")
                }
            ),
            (
                "not a regular file",
                { files in
                    files.addDevice("/dev/zero")
                    files.remove("/etc/postfix-c/main.cf")
                    files.addLink("/etc/postfix-c/main.cf", to: "/dev/zero")
                }
            ),
            (
                "Too many levels of symbolic links",
                { files in
                    files.remove("/etc/postfix-c")
                    files.addLink("/etc/postfix-c", to: "postfix-c")
                }
            ),
            (
                "Not a directory",
                { files in
                    files.remove("/etc/postfix-c")
                    files.addFile("/etc/postfix-c")
                }
            ),
        ]
        for (text, spoil) in rows {
            #expect(try reason(spoil) == .unreadable(path: path, reason: text))
        }
    }

    @Test(
        arguments: [
            "not a setting\n", "= value\n", "queue_directory /x\n", "\u{7F}ELF\u{1}\n",
            "a = b\nmain.cf cut in the mid",
        ] as [ByteString])
    func `tells of a line that is no setting`(contents: ByteString) throws {
        guard case .badLine("/etc/postfix-c/main.cf", _)? = try reason(mainCF(contents)) else {
            Issue.record("\(contents)")
            return
        }
    }

    @Test(
        arguments: ["${", "$data_directory", "${data_directory}", "$(", "${x?{a}:{b}c}"]
            as [ByteString])
    func `tells of a value that cannot be expanded`(value: ByteString) throws {
        let spoil = mainCF("data_directory = \(value)\n")
        guard case .badExpansion(_, "data_directory", _)? = try reason(spoil) else {
            Issue.record("\(value)")
            return
        }
    }

    @Test func `tells of a word that is neither yes nor no`() throws {
        #expect(
            try reason { files in
                files.addFile("/etc/postfix-c/main.cf", "multi_instance_enable = maybe\n")
            }
                == .badBoolean(
                    path: "/etc/postfix-c/main.cf", parameter: "multi_instance_enable",
                    value: "maybe"))
    }

    @Test(
        arguments: [
            // Nothing set: the primary's directories.
            ("", "queue_directory", "/etc/postfix"),
            (
                "multi_instance_name = postfix-a\nqueue_directory = /q\ndata_directory = /d\n",
                "multi_instance_name", "/etc/postfix-a"
            ),
            (
                "queue_directory = /var/spool/postfix-e\ndata_directory = /d\n",
                "queue_directory", "/etc/postfix-e"
            ),
            (
                "queue_directory = /q\ndata_directory = /usr/sbin\n", "data_directory",
                "/etc/postfix"
            ),
            // A byte order mark makes another parameter's name of the first one.
            (
                "\u{FEFF}queue_directory = /q\ndata_directory = /d\n", "queue_directory",
                "/etc/postfix"
            ),
            // What follows a NUL does not exist.
            (
                "queue_directory = /var/spool/postfix-a\0/x\ndata_directory = /d\n",
                "queue_directory", "/etc/postfix-a"
            ),
        ] as [(ByteString, ByteString, ByteString)])
    func `tells with whom it shares something`(
        contents: ByteString, parameter: ByteString, owner: ByteString
    ) throws {
        // An instance that comes later must lose, so postfix-e is registered before postfix-c.
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-e", "postfix-a", "postfix-c", "postfix-d"])
        memory.files.addFile("/etc/postfix-c/main.cf", contents)
        let set = try memory.instances()
        #expect(set.usable.count == 4)
        guard case .conflict(let conflict)? = set.broken.first?.reason else {
            Issue.record("\(set.broken)")
            return
        }
        #expect(conflict.claimant.configDirectory == "/etc/postfix-c")
        #expect(conflict.claimant.parameter == parameter)
        #expect(conflict.owner.configDirectory == owner)
    }

    @Test func `tells of a relative directory`() throws {
        let memory = hostWithPostfix()
        memory.addInstance("postfix-a")
        memory.register(["relative/x", "/etc/postfix-a"])
        let set = try memory.instances()
        #expect(set.usable.count == 2)
        #expect(
            set.broken == [
                BrokenInstance(
                    configDirectory: "relative/x", reason: .relativeDirectory("relative/x"))
            ])
    }

    @Test(
        arguments: [
            "a = b\r\nc = d\r\n", "umlaut = \u{FC}\n", "#" + String(repeating: "x", count: 100_000),
            "\n\n\n", "a = b\na = c\n", "  a = b\n",
        ])
    func `puts up with odd but usable files`(contents: String) throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        let path: ByteString = "/etc/postfix-a/main.cf"
        let old = memory.files.contents(of: path) ?? ""
        memory.files.addFile(path, ByteString(contents) + "\n" + old)
        #expect(try memory.instances().broken.isEmpty)
        memory.files.remove("/etc/postfix-a/master.cf")
        #expect(try memory.instances().broken.isEmpty)
    }
}
