// move, clone and rename from end to end, on the host in memory.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `Moving an instance in the start order` {
    private func order(
        _ moved: [ByteString], _ isAfter: Bool, _ anchors: [ByteString]
    ) throws -> [ByteString] {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["a", "b", "c", "d"])
        let request = MoveRequest(
            moved: moved.map { "/etc/\($0)" }, anchors: anchors.map { "/etc/\($0)" },
            isAfter: isAfter)
        try memory.run(.move(request))
        return try memory.instances().registeredDirectories.map { $0.dropFirst(5) }
    }

    @Test func `puts it before or after others`() throws {
        #expect(try order(["c"], false, ["a"]) == ["c", "a", "b", "d"])
        #expect(try order(["a"], true, ["c"]) == ["b", "c", "a", "d"])
        #expect(try order(["a"], true, ["d"]) == ["b", "c", "d", "a"])
        #expect(try order(["d"], true, ["postfix"]) == ["d", "a", "b", "c"])
    }

    @Test func `keeps the order of several, and takes the group as a whole`() throws {
        #expect(try order(["a", "d"], false, ["c"]) == ["b", "a", "d", "c"])
        #expect(try order(["a"], true, ["b", "d"]) == ["b", "c", "d", "a"])
        #expect(try order(["d"], false, ["b", "c"]) == ["a", "d", "b", "c"])
        #expect(try order(["a", "b"], true, ["a", "c"]) == ["c", "a", "b", "d"])
    }

    @Test func `changes nothing if it is there already`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["a", "b"])
        let outcome = try memory.run(
            .move(.init(moved: ["/etc/a"], anchors: ["/etc/b"], isAfter: false)))
        #expect(outcome.changes.isEmpty)
    }

    @Test func `is refused for the primary, for itself, and for what does not exist`() {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["a", "b"])
        func refusal(
            _ moved: ByteString, _ isAfter: Bool, _ anchor: ByteString
        ) -> LifecycleRefusal? {
            memory.refusal(.move(.init(moved: [moved], anchors: [anchor], isAfter: isAfter)))
        }
        #expect(refusal("/etc/postfix", true, "/etc/a") == .cannotMovePrimary)
        #expect(refusal("/etc/b", false, "/etc/postfix") == .cannotMovePrimary)
        #expect(refusal("/etc/a", true, "/etc/a") == .noOtherPlace)
        #expect(refusal("/etc/x", true, "/etc/a") == .noSuchInstance("/etc/x"))
    }
}

@Suite struct `Cloning an instance` {
    private func host() -> InMemoryHost {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(
            ["postfix-a"],
            extra: """
                multi_instance_group = mta
                multi_instance_enable = yes
                transport_maps = hash:/etc/postfix-a/transport
                syslog_name = postfix-a

                """)
        memory.files.addFile("/etc/postfix-a/transport", "a b\n", mode: 0o640, group: 113)
        memory.files.addDirectory("/etc/postfix-a/keys", mode: 0o700)
        memory.files.addFile("/etc/postfix-a/keys/key", "secret", mode: 0o600)
        return memory
    }

    private let request = CloneRequest(
        model: "/etc/postfix-a", newName: "postfix-x", newGroup: nil)

    @Test func `gives it the tables of its model, and names and places of its own`() throws {
        let memory = host()
        try memory.run(.clone(request))
        #expect(
            memory.files.contents(of: "/etc/postfix-x/main.cf") == """
                queue_directory = /var/spool/postfix-x
                data_directory = /var/lib/postfix-x
                multi_instance_name = postfix-x
                multi_instance_group = mta
                multi_instance_enable = no
                transport_maps = hash:/etc/postfix-x/transport
                syslog_name = postfix-x
                master_service_disable = inet

                """)
        let objects = memory.files.objects
        #expect(objects["/etc/postfix-x/transport"] == objects["/etc/postfix-a/transport"])
        #expect(objects["/etc/postfix-x/keys"] == objects["/etc/postfix-a/keys"])
        #expect(objects["/etc/postfix-x/keys/key"] == objects["/etc/postfix-a/keys/key"])
        let instances = try memory.instances()
        #expect(instances.broken.isEmpty)
        #expect(instances.registeredDirectories == ["/etc/postfix-a", "/etc/postfix-x"])
    }

    @Test func `of the primary leaves out what only the primary has`() throws {
        let memory = host()
        memory.appendToPrimary("meta_directory = /etc/postfix")
        try memory.run(.clone(.init(model: "/etc/postfix", newName: "postfix-x", newGroup: "g")))
        let text = memory.files.contents(of: "/etc/postfix-x/main.cf")?.text ?? ""
        for absent in ["multi_instance_wrapper", "multi_instance_directories"] {
            #expect(!text.contains(absent))
        }
        for present in [
            "myhostname = mail.example.com\n", "meta_directory = /etc/postfix\n",
            "authorized_submit_users = \n", "multi_instance_group = g\n",
        ] {
            #expect(text.contains(present), "\(text)")
        }
        let files = memory.files.objects.keys.filter { $0.hasPrefix("/etc/postfix-x/") }
        // Prototypes and the like, which postfix-files may name, are installed once.
        #expect(!files.contains("/etc/postfix-x/main.cf.proto"))
        #expect(try memory.instances().broken.isEmpty)
    }

    @Test func `names what it cannot copy`() throws {
        let memory = host()
        memory.files.addLink("/etc/postfix-a/link", to: "/etc/aliases")
        let outcome = try memory.run(.clone(request))
        #expect(outcome.changes.notices == [.notCopied(path: "/etc/postfix-a/link")])
    }

    @Test func `is refused where something is, and for a model that is none`() {
        let memory = host()
        memory.files.addDirectory("/etc/postfix-x")
        #expect(memory.refusal(.clone(request)) == .alreadyThere(path: "/etc/postfix-x"))
        #expect(
            memory.refusal(.clone(.init(model: "/etc/y", newName: "postfix-z", newGroup: nil)))
                == .noSuchInstance("/etc/y"))
        memory.files.addFile(
            "/etc/postfix-a/large", ByteString([UInt8](repeating: 0, count: (1 << 25) + 1)))
        #expect(
            memory.refusal(
                .clone(.init(model: "/etc/postfix-a", newName: "postfix-z", newGroup: nil)))
                == .tooMuchToCopy(configDirectory: "/etc/postfix-a", limitBytes: 1 << 25))
    }
}

@Suite struct `Renaming an instance` {
    private func host() -> InMemoryHost {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(
            ["postfix-b", "postfix-a", "postfix-c"],
            extra: "transport_maps = hash:$config_directory/t hash:/etc/postfix-a/t\n")
        memory.files.addFile("/var/spool/postfix-a/hold/ABC", "mail", mode: 0o700, owner: 105)
        return memory
    }

    private let request = RenameRequest(configDirectory: "/etc/postfix-a", newName: "postfix-x")

    @Test func `moves its directories and changes all that names them`() throws {
        let memory = host()
        memory.appendToPrimary("alternate_config_directories = /etc/postfix-x /etc/other")
        let other = memory.files.objects["/etc/postfix-b/main.cf"]
        try memory.run(.rename(request))
        #expect(
            memory.files.contents(of: "/etc/postfix-x/main.cf") == """
                queue_directory = /var/spool/postfix-x
                data_directory = /var/lib/postfix-x
                multi_instance_name = postfix-x
                transport_maps = hash:$config_directory/t hash:/etc/postfix-x/t

                """)
        #expect(memory.files.contents(of: "/var/spool/postfix-x/hold/ABC") == "mail")
        #expect(memory.files.objects["/var/lib/postfix-x"]?.mode == 0o700)
        #expect(!memory.files.objects.keys.contains { $0.text.contains("postfix-a") })
        #expect(memory.files.objects["/etc/postfix-b/main.cf"] == other)
        #expect(
            try memory.instances().registeredDirectories
                == ["/etc/postfix-b", "/etc/postfix-x", "/etc/postfix-c"])
        let primary = memory.files.contents(of: "/etc/postfix/main.cf")?.text ?? ""
        #expect(primary.contains("alternate_config_directories = /etc/other\n"))
    }

    @Test func `leaves directories that have other names`() throws {
        let memory = host()
        memory.addInstance("postfix-q")
        memory.files.addFile(
            "/etc/mail/main.cf",
            """
            queue_directory = /srv/queue
            data_directory = /var/lib/postfix-d
            multi_instance_name = postfix-d

            """)
        memory.files.addDirectory("/var/lib/postfix-d")
        memory.files.addDirectory("/srv/queue")
        memory.register(["/etc/mail"])
        try memory.run(.rename(.init(configDirectory: "/etc/mail", newName: "postfix-x")))
        #expect(
            memory.files.contents(of: "/etc/mail/main.cf") == """
                queue_directory = /srv/queue
                data_directory = /var/lib/postfix-x
                multi_instance_name = postfix-x

                """)
        #expect(try memory.instances().registeredDirectories == ["/etc/mail"])
    }

    @Test func `is refused while it runs, and for names and places that are taken`() {
        let memory = host()
        func rename(_ name: ByteString) -> LifecycleRefusal? {
            memory.refusal(.rename(.init(configDirectory: "/etc/postfix-a", newName: name)))
        }
        memory.files.lockElsewhere("/var/spool/postfix-a/pid/master.pid", holder: 99)
        let before = memory.visibleObjects
        #expect(rename("postfix-x") == .notStopped(configDirectory: "/etc/postfix-a"))
        memory.files.unlockElsewhere(holder: 99)
        guard case .conflict = rename("postfix-b") else {
            Issue.record("two instances with one name")
            return
        }
        #expect(rename("x") == .name(.instanceNameWithoutPrefix("x")))
        memory.files.addDirectory("/var/lib/postfix-x")
        #expect(rename("postfix-x") == .alreadyThere(path: "/var/lib/postfix-x"))
        memory.files.remove("/var/lib/postfix-x")
        #expect(
            memory.refusal(.rename(.init(configDirectory: "/etc/postfix", newName: "postfix-x")))
                == .cannotMovePrimary)
        #expect(memory.visibleObjects == before)
    }

    @Test func `is refused for directories that cannot be renamed`() {
        let memory = host()
        memory.files.remove("/var/lib/postfix-a")
        #expect(
            memory.refusal(.rename(request))
                == .notMovable(
                    parameter: "data_directory", path: "/var/lib/postfix-a", reason: .missing))
        memory.files.addLink("/var/lib/postfix-a", to: "/srv")
        memory.files.addDirectory("/srv")
        #expect(
            memory.refusal(.rename(request))
                == .notMovable(
                    parameter: "data_directory", path: "/var/lib/postfix-a", reason: .link))
    }
}
