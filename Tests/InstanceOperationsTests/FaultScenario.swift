// The actions that faults are played on, each with the host that it begins on.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

/// An action with the host that it begins on.
struct FaultScenario: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let task: Work
    let prepare: @Sendable (InMemoryHost) throws -> Void

    /// What is done: tasks, or a generation taken back.
    enum Work: Sendable {
        case task(LifecycleTask)
        case undo(Int)
    }

    func host() throws -> InMemoryHost {
        var memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a", "postfix-b"])
        try prepare(memory)
        memory.arguments = ["postmulti", ByteString(testDescription)]
        return memory
    }

    private static func make(
        _ title: String, _ request: LifecycleRequest,
        _ prepare: @escaping @Sendable (InMemoryHost) throws -> Void = { _ in }
    ) -> FaultScenario {
        make(title, .action(request), prepare)
    }

    private static func make(
        _ title: String, _ task: LifecycleTask,
        _ prepare: @escaping @Sendable (InMemoryHost) throws -> Void = { _ in }
    ) -> FaultScenario {
        FaultScenario(testDescription: title, task: .task(task), prepare: prepare)
    }

    /// The undo of another scenario, and the undo of that.
    private static func undoing(_ other: FaultScenario) -> [FaultScenario] {
        let title = "undo \(other.testDescription)"
        return [
            FaultScenario(testDescription: title, task: .undo(1)) { memory in
                try other.prepare(memory)
                memory.files.remove("/var/lib/postilion")
                try memory.run(other.task)
            },
            FaultScenario(testDescription: "undo \(title)", task: .undo(2)) { memory in
                try other.prepare(memory)
                memory.files.remove("/var/lib/postilion")
                try memory.run(other.task)
                try memory.undo(1)
            },
        ]
    }

    /// The actions, and the undo of some of them.
    static let all =
        actions
        + actions.filter {
            ["create", "assign", "destroy", "clone", "rename"].contains($0.testDescription)
        }.flatMap(undoing)

    static let actions: [FaultScenario] = [
        make("init", ask(.`init`)) { $0.appendToPrimary("multi_instance_wrapper =") },
        make("create", ask(.create, name: "postfix-x", group: "mta")),
        make(
            "create the first one, and enable it",
            ask(.create, name: "postfix-x", enables: true, initialises: true)
        ) { $0.appendToPrimary("multi_instance_wrapper =") },
        make("create in front", ask(.create, .all, name: "postfix-x")) { memory in
            memory.appendToPrimary("alternate_config_directories = /etc/postfix-x")
        },
        make("create in directories that are there", ask(.create, name: "postfix-x")) {
            memory in
            memory.files.addFile("/var/spool/postfix-x/deferred/A/AB", "mail", owner: 7)
            memory.files.addDirectory("/etc/postfix-x", mode: 0o700)
        },
        make("import", ask(.import, name: "postfix-z", "config_directory=/etc/postfix-x")) {
            $0.addInstance("postfix-x")
        },
        make("enable", ask(.enable, .instance("a"))),
        make("disable", ask(.disable, .instance("a"))) { memory in
            try memory.run(ask(.enable, .instance("a")))
        },
        make("assign", ask(.assign, .instance("a"), name: "postfix-a", group: "new")),
        make("deport", ask(.deport, .instance("a"))),
        make("destroy", ask(.destroy, .instance("postfix-x"))) { memory in
            try memory.run(ask(.create, name: "postfix-x"))
        },
        make("destroy after a run", ask(.destroy, .instance("postfix-x"))) { memory in
            try memory.run(ask(.create, name: "postfix-x"))
            memory.files.addFile("/var/spool/postfix-x/pid/master.pid", "1")
            memory.files.addSocket("/var/spool/postfix-x/private/smtp")
            memory.files.addFile("/var/lib/postfix-x/master.lock")
            memory.files.addFile("/etc/postfix-x/access", "operator's")
        },
        make(
            "destroy, and hand the mail over",
            .action(
                LifecycleRequest(
                    action: .destroy, selection: .instance("postfix-x"), heir: "/etc/postfix-a"))
        ) { memory in
            memory.listAllQueues()
            try memory.run(ask(.create, name: "postfix-x"))
            for name: ByteString in ["deferred/A/A1", "hold/H1", "maildrop/M1", "active/C1"] {
                memory.files.addFile("/var/spool/postfix-x/\(name)", name, owner: 105)
            }
            memory.files.addFile("/var/spool/postfix-x/defer/A/A1", "why")
        },
        make(
            "move",
            .move(.init(moved: ["/etc/postfix-b"], anchors: ["/etc/postfix-a"], isAfter: false))),
        make(
            "clone", .clone(.init(model: "/etc/postfix-a", newName: "postfix-x", newGroup: "g"))
        ) { $0.files.addFile("/etc/postfix-a/tables/access", "operator's") },
        make(
            "rename", .rename(.init(configDirectory: "/etc/postfix-a", newName: "postfix-x"))
        ) { memory in
            memory.files.addFile("/etc/postfix-a/main.cf", renamedMainCF)
            memory.files.addFile(
                "/etc/postfix-a/master.cf", "a unix - - - - - a\n -o x=/etc/postfix-a/x\n")
            memory.files.addFile("/var/spool/postfix-a/deferred/A/ABC", "mail", owner: 105)
        },
    ]

    private static let renamedMainCF: ByteString = """
        queue_directory = /var/spool/postfix-a
        data_directory = /var/lib/$multi_instance_name
        multi_instance_name = postfix-a
        transport_maps = hash:/etc/postfix-a/transport

        """
}
