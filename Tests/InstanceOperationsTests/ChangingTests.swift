// enable, disable, assign and init from end to end, on the host in memory.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats
import TestSupport
import Testing

@Suite struct `Changing an instance` {
    private func host() -> InMemoryHost {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a", "postfix-b"])
        return memory
    }

    @Test func `enables and disables it`() throws {
        let memory = host()
        let original = memory.files.contents(of: "/etc/postfix-a/main.cf") ?? ""
        try memory.run(ask(.enable, .instance("a")))
        #expect(
            memory.files.contents(of: "/etc/postfix-a/main.cf")
                == original + "multi_instance_enable = yes\n")
        try memory.run(ask(.disable, .instance("/etc/postfix-a")))
        #expect(
            memory.files.contents(of: "/etc/postfix-a/main.cf")
                == original + "multi_instance_enable = no\n")
    }

    @Test func `may be about the primary`() throws {
        let memory = host()
        try memory.run(ask(.disable, .instance("-")))
        #expect(try !memory.instances().primary.isEnabled)
    }

    @Test func `keeps mode and owner of main.cf`() throws {
        let memory = host()
        let path: ByteString = "/etc/postfix-a/main.cf"
        try memory.files.setPermissions(
            path, mode: 0o640, owner: 5, group: 6, includingContents: false)
        try memory.run(ask(.enable, .instance("a")))
        let object = memory.files.objects[path]
        #expect(object?.mode == 0o640 && object?.owner == 5 && object?.group == 6)
    }

    @Test func `assigns names`() throws {
        let memory = host()
        try memory.run(ask(.assign, .instance("a"), name: "postfix-z", group: "mta"))
        let found = try memory.instances().usable[1]
        #expect(found.name?.text == "postfix-z" && found.group?.text == "mta")
        try memory.run(ask(.assign, .instance("z"), name: "", group: ""))
        let cleared = try memory.instances().usable[1]
        #expect(cleared.name == nil && cleared.group == nil)
    }

    @Test func `writes nothing when nothing changes`() throws {
        let memory = host()
        try memory.run(ask(.enable, .instance("a")))
        let files = RecordingFileSystem(memory.files)
        for again in [
            ask(.enable, .instance("a")),
            ask(.assign, .instance("a"), name: "postfix-a"),
            ask(.assign, .instance("a"), group: ""),
        ] {
            try memory.run(again, files: files)
        }
        let changes = files.calls.filter { call in
            switch call {
            case .lock, .unlock: false
            default: true
            }
        }
        #expect(changes == [])
    }

    /// Requests that are refused, each with its reason.
    static let refused: [(LifecycleRequest, LifecycleRefusal)] = [
        (ask(.enable), .needsInstanceSelection),
        (ask(.enable, .all), .needsInstanceSelection),
        (ask(.disable, .group("mta")), .needsInstanceSelection),
        (ask(.assign, name: "postfix-z"), .needsInstanceSelection),
        (ask(.enable, .instance("c")), .noSuchInstance("c")),
        (ask(.deport, .instance("c")), .noSuchInstance("c")),
        (ask(.destroy), .needsInstanceSelection),
        (
            ask(.assign, .instance("a"), name: "z"),
            .name(.instanceNameWithoutPrefix("z"))
        ),
    ]

    @Test(arguments: refused)
    func `is refused for a reason`(request: LifecycleRequest, reason: LifecycleRefusal) {
        let memory = host()
        let before = memory.visibleObjects
        #expect(memory.refusal(request) == reason)
        #expect(memory.visibleObjects == before)
    }

    @Test func `is refused for a broken one, which is named`() {
        let memory = host()
        memory.files.remove("/etc/postfix-a/main.cf")
        guard case .broken(let broken)? = memory.refusal(ask(.enable, .instance("a"))) else {
            Issue.record("not refused")
            return
        }
        #expect(broken.configDirectory == "/etc/postfix-a")
    }

    @Test(
        arguments: [
            ask(.enable, .instance("a")), ask(.disable, .instance("a")),
            ask(.assign, .instance("a"), group: "new"), ask(.deport, .instance("a")),
            ask(.destroy, .instance("a")),
        ])
    func `is refused until the primary is ready`(request: LifecycleRequest) {
        let memory = host()
        memory.appendToPrimary("multi_instance_wrapper =")
        #expect(memory.refusal(request) == .wrapperNotSet)
    }

    @Test func `loses neither its own edit nor one made meanwhile`() throws {
        let memory = host()
        let path: ByteString = "/etc/postfix-a/main.cf"
        let edited: ByteString = (memory.files.contents(of: path) ?? "") + "other = edit\n"
        // postconf(1) has its lock on the new file and is about to rename it.
        memory.files.lockElsewhere("\(path).tmp", holder: 9)
        memory.files.addFile("\(path).tmp", edited)
        memory.files.after(milliseconds: 50) { files in
            files.moveOver("\(path).tmp", to: path)
            files.unlockElsewhere(holder: 9)
        }
        try memory.run(ask(.enable, .instance("a")))
        #expect(memory.files.contents(of: path) == edited + "multi_instance_enable = yes\n")
    }
}

@Suite struct `Initialising the primary` {
    @Test func `works beside broken instances and tells what it replaced`() throws {
        let memory = hostWithPostfix()
        memory.appendToPrimary("multi_instance_wrapper = /opt/manager")
        memory.register(["/nowhere"])
        let outcome = try memory.run(ask(.`init`))
        #expect(
            outcome.changes.notices == [
                .replacedSetting(parameter: "multi_instance_wrapper", old: "/opt/manager")
            ])
        let primary = MainCF(memory.files.contents(of: "/etc/postfix/main.cf") ?? "")
        #expect(
            primary.value(of: "multi_instance_wrapper") == "${command_directory}/postmulti -p --")
        #expect(primary.value(of: "multi_instance_enable") == "yes")
    }
}
