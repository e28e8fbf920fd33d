// create and import from end to end, on the host in memory.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats
import TestSupport
import Testing

@Suite struct `Creating an instance` {
    @Test func `makes it with owners and modes, and registers it`() throws {
        let memory = hostWithPostfix()
        let outcome = try memory.run(ask(.create, name: "postfix-out", group: "mta"))
        #expect(outcome.broken.isEmpty)
        let expected: [(ByteString, UInt32, owner: UInt32, group: UInt32)] = [
            ("/etc/postfix-out", 0o755, 0, 0), ("/etc/postfix-out/main.cf", 0o644, 0, 0),
            ("/etc/postfix-out/master.cf", 0o644, 0, 0), ("/var/spool/postfix-out", 0o755, 0, 0),
            ("/var/spool/postfix-out/active", 0o700, 105, 0),
            ("/var/spool/postfix-out/deferred", 0o700, 105, 0),
            ("/var/spool/postfix-out/maildrop", 0o730, 105, 114),
            ("/var/spool/postfix-out/pid", 0o755, 0, 0),
            ("/var/spool/postfix-out/private", 0o700, 105, 0),
            ("/var/spool/postfix-out/public", 0o710, 105, 114),
            ("/var/lib/postfix-out", 0o700, 105, 0),
        ]
        let made = memory.visibleObjects.filter { path, _ in
            expected.contains { path.hasPrefix($0.0) }
        }
        #expect(made.count == expected.count)
        for (path, mode, owner, group) in expected {
            #expect(made[path]?.mode == mode, "\(path)")
            #expect(made[path]?.owner == owner, "\(path)")
            #expect(made[path]?.group == group, "\(path)")
        }
        let set = try memory.instances()
        #expect(set.broken.isEmpty)
        #expect(set.usable.last?.name?.text == "postfix-out")
        #expect(set.usable.last?.group?.text == "mta")
        #expect(set.usable.last?.isEnabled == false)
    }

    @Test func `writes a main.cf with the primary's shared parameters and no mail`() throws {
        let memory = hostWithPostfix()
        try memory.run(ask(.create, name: "postfix-out"))
        #expect(
            memory.files.contents(of: "/etc/postfix-out/main.cf") == """
                # The prototype of the tests.
                compatibility_level = 3.7
                #command_directory = /usr/sbin
                data_directory = /var/lib/postfix-out
                setgid_group = postdrop
                #html_directory =
                authorized_submit_users = \n\
                master_service_disable = inet
                queue_directory = /var/spool/postfix-out
                multi_instance_name = postfix-out

                """)
        #expect(
            memory.files.contents(of: "/etc/postfix-out/master.cf") == InstalledPostfix.masterCF)
    }

    @Test func `at a place leaves the others in their order`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a", "postfix-b"])
        try memory.run(ask(.create, .instance("b"), name: "postfix-new"))
        try memory.run(ask(.create, .all, name: "postfix-first"))
        #expect(
            try memory.instances().registeredDirectories == [
                "/etc/postfix-first", "/etc/postfix-a", "/etc/postfix-new", "/etc/postfix-b",
            ])
    }

    @Test func `over a whole instance imports it as it is`() throws {
        let memory = hostWithPostfix()
        memory.addInstance("postfix-x", extra: "multi_instance_enable = yes\n")
        let before = memory.files.contents(of: "/etc/postfix-x/main.cf")
        try memory.run(ask(.create, name: "postfix-x"))
        #expect(memory.files.contents(of: "/etc/postfix-x/main.cf") == before)
        #expect(try memory.instances().usable.last?.isEnabled == true)
    }

    @Test func `uses directories that are there, and keeps what is in them`() throws {
        let memory = hostWithPostfix()
        memory.files.addFile("/var/spool/postfix-x/deferred/A/AB", "mail", owner: 7)
        memory.files.addDirectory("/etc/postfix-x", mode: 0o700)
        try memory.run(ask(.create, name: "postfix-x"))
        #expect(memory.files.contents(of: "/var/spool/postfix-x/deferred/A/AB") == "mail")
        #expect(memory.files.objects["/var/spool/postfix-x/deferred/A/AB"]?.owner == 105)
        #expect(memory.files.objects["/etc/postfix-x"]?.mode == 0o755)
    }

    @Test func `beside a broken instance works and reports it`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        memory.files.remove("/etc/postfix-a/main.cf")
        let outcome = try memory.run(ask(.create, name: "postfix-b"))
        #expect(outcome.broken.map(\.configDirectory) == ["/etc/postfix-a"])
        #expect(
            try memory.instances().registeredDirectories == ["/etc/postfix-a", "/etc/postfix-b"])
    }

    @Test func `finds nested and linked directories by their real paths`() {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        memory.files.addLink("/queues", to: "/var/spool")
        let rows: [(ByteString, ByteString)] = [
            ("/queues/postfix-a", "/var/spool/postfix-a"),
            ("/var/spool/postfix-a/below", "/var/spool/postfix-a/below"),
            ("/queues/../spool/postfix-a", "/var/spool/postfix-a"),
            ("/var/spool/postfix/x", "/var/spool/postfix/x"),
        ]
        for (said, real) in rows {
            let reason = memory.refusal(
                ask(.create, name: "postfix-x", "queue_directory=\(said)"))
            guard case .overlap("queue_directory", real, let other)? = reason else {
                Issue.record("\(said): \(String(describing: reason))")
                continue
            }
            #expect(other.owner.parameter == "queue_directory")
        }
        #expect(memory.visibleObjects["/etc/postfix-x"] == nil)
    }

    @Test func `finds its own directories to be the same`() {
        let memory = hostWithPostfix()
        memory.files.addDirectory("/srv/q")
        memory.files.addLink("/srv/link", to: "q")
        let reason = memory.refusal(
            ask(.create, name: "postfix-x", "queue_directory=/srv/q", "data_directory=/srv/link"))
        guard case .overlap("data_directory", "/srv/q", let other)? = reason else {
            Issue.record("\(String(describing: reason))")
            return
        }
        #expect(other.owner.parameter == "queue_directory")
    }

    @Test func `finds a place taken by a broken instance`() {
        let memory = hostWithPostfix()
        memory.register(["/etc/postfix-gone"])
        let reason = memory.refusal(
            ask(.create, name: "postfix-x", "config_directory=/etc/postfix-gone/x"))
        guard case .overlap("config_directory", _, let other)? = reason else {
            Issue.record("\(String(describing: reason))")
            return
        }
        #expect(other.owner.configDirectory == "/etc/postfix-gone")
    }

    @Test func `refuses a file in a directory's way`() {
        let memory = hostWithPostfix()
        memory.files.addFile("/srv/file")
        memory.files.addLink("/srv/link", to: "file")
        for parameter: ByteString in ["config_directory", "queue_directory", "data_directory"] {
            for path: ByteString in ["/srv/file", "/srv/file/below", "/srv/file/far/below"] {
                #expect(
                    memory.refusal(ask(.create, name: "postfix-x", "\(parameter)=\(path)"))
                        == .notDirectory(path: "/srv/file"))
            }
        }
        #expect(
            memory.refusal(ask(.create, name: "postfix-x", "data_directory=/srv/link/x"))
                == .notDirectory(path: "/srv/link"))
    }

    @Test(
        arguments: [
            ("multi_instance_wrapper =", .wrapperNotSet),
            ("multi_instance_enable = no", .primaryNotEnabled),
        ] as [(ByteString, LifecycleRefusal)])
    func `is refused until the primary is ready`(line: ByteString, reason: LifecycleRefusal) {
        let memory = hostWithPostfix()
        memory.appendToPrimary(line)
        #expect(memory.refusal(ask(.create, name: "postfix-x")) == reason)
    }

    @Test func `leaves the machine as it is when it is refused`() {
        let memory = hostWithPostfix()
        memory.files.remove("/etc/postfix/master.cf.proto")
        let before = memory.visibleObjects
        #expect(
            memory.refusal(ask(.create, name: "postfix-x"))
                == .missingPrototype(file: "master.cf", path: "/etc/postfix/master.cf.proto"))
        #expect(memory.visibleObjects == before)
    }

    @Test func `of several at once is one transaction`() throws {
        let memory = hostWithPostfix()
        let installation = try Installation.observe(memory.host())
        let operation = LifecycleOperation(memory.host(), installation: installation)
        let requests = ["postfix-a", "postfix-b", "postfix-c"].map { ask(.create, name: $0) }
        _ = try operation.run(requests) { _ in Issue.record("nothing was interrupted") }
        #expect(
            try memory.instances().registeredDirectories
                == ["/etc/postfix-a", "/etc/postfix-b", "/etc/postfix-c"])
        let before = memory.visibleObjects
        let bad = ["postfix-d", "postfix-a"].map { ask(.create, name: $0) }
        #expect(throws: OperationFailure.self) {
            try operation.run(bad) { _ in Issue.record("nothing was interrupted") }
        }
        #expect(memory.visibleObjects == before)
    }
}

@Suite struct `Importing an instance` {
    @Test func `names it and registers it`() throws {
        let memory = hostWithPostfix()
        memory.addInstance("postfix-x")
        memory.appendToPrimary("alternate_config_directories = /etc/postfix-x /etc/other")
        try memory.run(
            ask(
                .import, name: "postfix-new", group: "g", "config_directory=/etc/postfix-x"))
        let last = try memory.instances().usable.last
        #expect(last?.configDirectory == "/etc/postfix-x")
        #expect(last?.name?.text == "postfix-new")
        #expect(last?.group?.text == "g")
        let primary = MainCF(memory.files.contents(of: "/etc/postfix/main.cf") ?? "")
        #expect(primary.value(of: "alternate_config_directories") == "/etc/other")
    }

    @Test func `sets the owners that Postfix needs`() throws {
        let memory = hostWithPostfix()
        memory.addInstance("postfix-x")
        memory.files.addFile("/var/spool/postfix-x/deferred/A/AB", "mail", owner: 7)
        try memory.run(ask(.import, name: "postfix-x"))
        #expect(memory.files.objects["/var/spool/postfix-x/deferred/A/AB"]?.owner == 105)
        #expect(memory.files.objects["/var/spool/postfix-x/active"]?.owner == 105)
    }

    @Test(arguments: ["main.cf", "master.cf"] as [ByteString])
    func `refuses half an instance`(file: ByteString) {
        let memory = hostWithPostfix()
        memory.addInstance("postfix-x")
        memory.files.remove("/etc/postfix-x/\(file)")
        let reason = memory.refusal(ask(.import, name: "postfix-x"))
        if file == "master.cf" {
            #expect(reason == .lacksFile(configDirectory: "/etc/postfix-x", file: file))
        } else {
            guard case .broken(let broken)? = reason else {
                Issue.record("\(String(describing: reason))")
                return
            }
            #expect(broken.configDirectory == "/etc/postfix-x")
        }
    }
}
