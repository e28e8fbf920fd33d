// destroy with an heir, on the host in memory: every message is moved, or nothing is changed.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `Handing the mail of a destroyed instance over` {
    private let request = LifecycleTask.action(
        LifecycleRequest(action: .destroy, selection: .instance("x"), heir: "/etc/postfix-a"))

    private func host() throws -> InMemoryHost {
        let memory = hostWithPostfix()
        memory.listAllQueues()
        memory.addRegisteredInstances(["postfix-a"])
        memory.files.addDirectory("/var/spool/postfix-a/deferred/B", mode: 0o700, owner: 105)
        try memory.run(ask(.create, name: "postfix-x"))
        return memory
    }

    @Test func `moves every message and what is known of it, each to its own queue`() throws {
        let memory = try host()
        let names: [ByteString] = [
            "maildrop/M1", "incoming/I1", "active/A1", "deferred/B/B1", "deferred/C/D/C1",
            "hold/H1", "corrupt/K1", "defer/B/B1", "bounce/A1", "trace/T1",
        ]
        for name in names {
            memory.files.addFile(
                "/var/spool/postfix-x/\(name)", name, mode: 0o700, owner: 105)
        }
        memory.files.addFile("/var/spool/postfix-x/pid/master.pid", "1")
        let outcome = try memory.run(request)
        #expect(outcome.changes.notices == [.handedOver(messages: 7, to: "postfix-a")])
        for name in names {
            let object = memory.files.objects["/var/spool/postfix-a/\(name)"]
            #expect(object?.content == name && object?.owner == 105 && object?.mode == 0o700)
        }
        let made = memory.files.objects["/var/spool/postfix-a/deferred/C/D"]
        #expect(made?.owner == 105 && made?.mode == 0o700)
        #expect(!memory.visibleObjects.keys.contains { $0.text.contains("postfix-x") })
    }

    @Test func `is refused while the heir runs, or has a file of that name`() throws {
        let memory = try host()
        memory.files.addFile("/var/spool/postfix-x/deferred/B/B1", "mail")
        memory.files.addFile("/var/spool/postfix-a/deferred/B/B1", "other mail")
        let before = memory.visibleObjects
        #expect(
            memory.refusal(request)
                == .cannotHandOver(
                    to: "postfix-a", .taken(path: "/var/spool/postfix-a/deferred/B/B1")))
        memory.files.lockElsewhere("/var/spool/postfix-a/pid/master.pid", holder: 99)
        #expect(memory.refusal(request) == .notStopped(configDirectory: "/etc/postfix-a"))
        memory.files.remove("/var/spool/postfix-a/pid")
        #expect(memory.visibleObjects == before)
    }

    @Test func `is refused to itself, to nobody, and to another mail owner`() throws {
        var memory = try host()
        func refusal(_ heir: ByteString) -> LifecycleRefusal? {
            memory.refusal(
                .action(
                    LifecycleRequest(action: .destroy, selection: .instance("x"), heir: heir)))
        }
        #expect(
            refusal("/etc/postfix-x") == .cannotHandOver(to: "postfix-x", .itself))
        #expect(refusal("/etc/nobody") == .noSuchInstance("/etc/nobody"))
        memory.accounts.users["other"] = UserAccount(id: 7, primaryGroup: 7)
        memory.files.addFile(
            "/etc/postfix-a/main.cf",
            (memory.files.contents(of: "/etc/postfix-a/main.cf") ?? "") + "mail_owner = other\n")
        #expect(
            refusal("/etc/postfix-a") == .cannotHandOver(to: "postfix-a", .otherOwner))
    }
}
