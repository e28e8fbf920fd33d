// deport and destroy from end to end, on the host in memory.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats
import TestSupport
import Testing

@Suite struct `Removing an instance` {
    private func host() throws -> InMemoryHost {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        try memory.run(ask(.create, name: "postfix-x"))
        return memory
    }

    private func below(_ memory: InMemoryHost) -> [ByteString] {
        memory.visibleObjects.keys.filter { path in
            ["/etc/postfix-x", "/var/spool/postfix-x", "/var/lib/postfix-x"].contains {
                path.hasPrefix($0)
            }
        }.sorted()
    }

    @Test func `destroys what create has made, to the last directory`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        try memory.run(ask(.create, name: "postfix-y"))
        let before = memory.visibleObjects.filter { $0.key != "/etc/postfix/main.cf" }
        try memory.run(ask(.create, name: "postfix-x"))
        try memory.run(ask(.destroy, .instance("x")))
        #expect(memory.visibleObjects.filter { $0.key != "/etc/postfix/main.cf" } == before)
        #expect(
            try memory.instances().registeredDirectories == ["/etc/postfix-a", "/etc/postfix-y"])
    }

    @Test func `destroys what a run has made`() throws {
        let memory = try host()
        memory.files.addFile("/var/spool/postfix-x/pid/master.pid", "123\n")
        memory.files.addSocket("/var/spool/postfix-x/private/smtp")
        memory.files.addPipe("/var/spool/postfix-x/public/pickup")
        memory.files.addDirectory("/var/spool/postfix-x/deferred/A")
        memory.files.addFile("/var/lib/postfix-x/master.lock", "")
        memory.files.addFile("/var/lib/postfix-x/verify_cache.db", "")
        let outcome = try memory.run(ask(.destroy, .instance("x")))
        #expect(outcome.changes.notices.isEmpty)
        #expect(below(memory) == [])
    }

    @Test func `is refused while mail is queued, and counts it`() throws {
        let memory = try host()
        for path: ByteString in ["deferred/A/B/AB1", "deferred/A2", "maildrop/M"] {
            memory.files.addFile("/var/spool/postfix-x/\(path)", "mail")
        }
        let before = memory.visibleObjects
        #expect(
            memory.refusal(ask(.destroy, .instance("x")))
                == .hasQueuedMail(
                    configDirectory: "/etc/postfix-x",
                    counts: [
                        .init(queue: "maildrop", messages: 1),
                        .init(queue: "deferred", messages: 2),
                    ]))
        #expect(memory.visibleObjects == before)
    }

    @Test func `leaves a stranger's things and names them`() throws {
        let memory = try host()
        memory.files.addFile("/etc/postfix-x/access", "operator's")
        memory.files.addFile("/var/lib/postfix-x/notes", "operator's")
        let outcome = try memory.run(ask(.destroy, .instance("x")))
        #expect(
            outcome.changes.notices == [
                .leftBehind(path: "/var/lib/postfix-x"), .leftBehind(path: "/etc/postfix-x"),
                .leftBehind(path: "/etc/postfix-x/access"),
                .leftBehind(path: "/var/lib/postfix-x/notes"),
            ])
        #expect(
            below(memory) == [
                "/etc/postfix-x", "/etc/postfix-x/access", "/var/lib/postfix-x",
                "/var/lib/postfix-x/notes",
            ])
        #expect(try memory.instances().registeredDirectories == ["/etc/postfix-a"])
    }

    /// Links in the places where Postfix has files, sockets and directories of its own.
    @Test(
        arguments: [
            "/etc/postfix-x/main.cf.tmp", "/etc/postfix-x/maps", "/var/lib/postfix-x/prng_exch",
            "/var/lib/postfix-x/cache", "/var/spool/postfix-x/jail",
            "/var/spool/postfix-x/private/smtp", "/var/spool/postfix-x/public/pickup",
            "/var/spool/postfix-x/deferred/A", "/var/spool/postfix-x/active",
            "/var/spool/postfix-x/pid/master.pid",
        ] as [ByteString])
    func `names a link to a directory, and neither follows nor removes it`(
        link: ByteString
    ) throws {
        let memory = try host()
        memory.files.addFile("/srv/victim/file", "somebody's")
        memory.files.remove(link)
        memory.files.addLink(link, to: "/srv/victim")
        let outcome = try memory.run(ask(.destroy, .instance("x")))
        #expect(outcome.changes.notices.last == .leftBehind(path: link))
        #expect(memory.files.objects[link]?.kind == .link)
        #expect(memory.files.contents(of: "/srv/victim/file") == "somebody's")
    }

    @Test func `names the links by which its own directories are reached`() throws {
        let memory = hostWithPostfix()
        memory.files.addDirectory("/srv/queue")
        memory.files.addLink("/var/spool/postfix-x", to: "/srv/queue")
        memory.files.addDirectory("/srv/config")
        memory.files.addLink("/srv/link", to: "/srv/config")
        try memory.run(ask(.create, name: "postfix-x", "config_directory=/srv/./link"))
        let outcome = try memory.run(ask(.destroy, .instance("postfix-x")))
        #expect(
            outcome.changes.notices == [
                .leftBehind(path: "/srv/link"), .leftBehind(path: "/var/spool/postfix-x"),
            ])
        #expect(memory.files.objects["/srv/queue"] == nil)
        #expect(memory.files.objects["/srv/config"] == nil)
        #expect(memory.files.objects["/var/spool/postfix-x"]?.kind == .link)
    }

    @Test(arguments: [LifecycleRequest.Action.deport, .destroy])
    func `is refused while it runs`(action: LifecycleRequest.Action) throws {
        let memory = try host()
        memory.files.lockElsewhere("/var/spool/postfix-x/pid/master.pid", holder: 123)
        #expect(
            memory.refusal(ask(action, .instance("x")))
                == .notStopped(configDirectory: "/etc/postfix-x"))
    }

    @Test(arguments: [LifecycleRequest.Action.deport, .destroy])
    func `is refused for the primary and for enabled ones`(
        action: LifecycleRequest.Action
    ) throws {
        let memory = try host()
        #expect(memory.refusal(ask(action, .instance("-"))) == .cannotRemovePrimary)
        try memory.run(ask(.enable, .instance("x")))
        #expect(
            memory.refusal(ask(action, .instance("x"))) == .cannotRemoveEnabled(name: "postfix-x"))
    }

    @Test func `is refused where a directory is another's by another name`() throws {
        let memory = try host()
        memory.files.addLink("/var/spool/link", to: "postfix-a")
        memory.files.addFile(
            "/etc/postfix-x/main.cf",
            "queue_directory = /var/spool/link\ndata_directory = /var/lib/postfix-x\n")
        let before = memory.visibleObjects
        let owner = Claims.Owner(
            configDirectory: "/etc/postfix-a", parameter: "queue_directory")
        #expect(
            memory.refusal(ask(.destroy, .instance("/etc/postfix-x")))
                == .cannotRemoveShared(
                    parameter: "queue_directory", path: "/var/spool/postfix-a",
                    other: OccupiedDirectory(owner: owner, realPath: "/var/spool/postfix-a")))
        #expect(memory.visibleObjects == before)
    }

    @Test func `is refused where a directory is the system's`() throws {
        let memory = try host()
        memory.files.addFile(
            "/etc/postfix-x/main.cf",
            "queue_directory = /var/spool/postfix-x\ndata_directory = /tmp\n")
        #expect(
            memory.refusal(ask(.destroy, .instance("/etc/postfix-x")))
                == .cannotRemoveSystemDirectory(parameter: "data_directory", path: "/tmp"))
    }

    @Test func `destroys directories that lie within one another`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        memory.files.addDirectory("/srv")
        try memory.run(
            ask(
                .create, name: "postfix-y", "config_directory=/srv/y/etc",
                "queue_directory=/srv/y", "data_directory=/srv/y/data"))
        try memory.run(ask(.destroy, .instance("y")))
        #expect(memory.files.objects["/srv/y"] == nil)
        #expect(memory.files.objects["/srv"] != nil)
    }

    @Test func `deports it whole, and it stays usable on its own`() throws {
        let memory = try host()
        let before = below(memory)
        try memory.run(ask(.deport, .instance("x")))
        #expect(below(memory) == before)
        let primary = MainCF(memory.files.contents(of: "/etc/postfix/main.cf") ?? "")
        #expect(primary.value(of: "multi_instance_directories") == "/etc/postfix-a")
        #expect(primary.value(of: "alternate_config_directories") == "/etc/postfix-x")
        try memory.run(ask(.import, name: "postfix-x"))
        #expect(
            try memory.instances().registeredDirectories == ["/etc/postfix-a", "/etc/postfix-x"])
        let again = MainCF(memory.files.contents(of: "/etc/postfix/main.cf") ?? "")
        #expect(again.value(of: "alternate_config_directories") == "")
    }

    @Test(arguments: ["x", "postfix-x", "/etc/postfix-x"] as [ByteString])
    func `forgets one whose files are gone`(said: ByteString) throws {
        let memory = try host()
        memory.files.remove("/etc/postfix-x")
        let outcome = try memory.run(ask(.deport, .instance(said)))
        #expect(outcome.broken.isEmpty)
        #expect(try memory.instances().registeredDirectories == ["/etc/postfix-a"])
        let primary = MainCF(memory.files.contents(of: "/etc/postfix/main.cf") ?? "")
        #expect(primary.value(of: "alternate_config_directories") == nil)
    }

    @Test(
        arguments: [
            "nonsense\n", "queue_directory = /var/spool/postfix-a\ndata_directory = /d\n",
        ] as [ByteString])
    func `takes a broken one off the list and leaves its files, for its mail's sake`(
        mainCF: ByteString
    ) throws {
        let memory = try host()
        memory.files.addFile("/etc/postfix-x/main.cf", mainCF)
        let queue = memory.visibleObjects.filter { !$0.key.hasPrefix("/etc/postfix/") }
        let outcome = try memory.run(ask(.destroy, .instance("x")))
        #expect(outcome.changes.notices == [.leftBehind(path: "/etc/postfix-x")])
        #expect(try memory.instances().registeredDirectories == ["/etc/postfix-a"])
        #expect(memory.visibleObjects.filter { !$0.key.hasPrefix("/etc/postfix/") } == queue)
        #expect(memory.files.contents(of: "/etc/postfix-x/main.cf") == mainCF)
    }

    @Test func `destroys one whose directory is gone`() throws {
        let memory = try host()
        memory.files.remove("/etc/postfix-x")
        let outcome = try memory.run(ask(.destroy, .instance("/etc/postfix-x")))
        #expect(outcome.changes.notices.isEmpty)
        #expect(try memory.instances().registeredDirectories == ["/etc/postfix-a"])
    }
}
