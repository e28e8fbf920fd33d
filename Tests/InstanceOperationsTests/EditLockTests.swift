// The lock that keeps two editors apart.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `The edit lock` {
    private let lock: ByteString = "/run/postilion/lock"

    @Test func `is made with its directory, which only root may write in`() throws {
        let memory = hostWithPostfix()
        try memory.run(ask(.`init`))
        #expect(memory.files.objects["/run/postilion"]?.mode == 0o755)
        #expect(memory.files.objects[lock]?.mode == 0o600)
        #expect(!memory.files.hasLocks)
    }

    @Test func `is given back after a refusal`() {
        let memory = hostWithPostfix()
        #expect(memory.refusal(ask(.enable, .instance("x"))) == .noSuchInstance("x"))
        #expect(!memory.files.hasLocks)
    }

    @Test func `is waited for, and what happened meanwhile is seen`() throws {
        let memory = hostWithPostfix()
        memory.addInstance("postfix-a")
        memory.files.addDirectory("/run/postilion")
        memory.files.lockElsewhere(lock, holder: 77)
        memory.files.after(milliseconds: 30_000) { files in
            let path: ByteString = "/etc/postfix/main.cf"
            let old = files.contents(of: path) ?? ""
            files.addFile(path, old + "multi_instance_directories = /etc/postfix-a\n")
            files.unlockElsewhere(holder: 77)
        }
        try memory.run(ask(.create, name: "postfix-b"))
        #expect(
            try memory.instances().registeredDirectories == ["/etc/postfix-a", "/etc/postfix-b"])
    }

    @Test func `that stays taken names its holder`() {
        let memory = hostWithPostfix()
        memory.files.addDirectory("/run/postilion")
        memory.files.lockElsewhere(lock, holder: 77)
        let error = #expect(throws: OperationFailure.self) { try memory.run(ask(.`init`)) }
        guard case .file(.locked(lock, holder: 77))? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

@Suite struct `A user without rights` {
    private func user() -> (InMemoryHost, FaultyFileSystem) {
        var memory = hostWithPostfix()
        memory.accounts.effectiveUser = 1000
        memory.addRegisteredInstances(["postfix-a"])
        return (memory, FaultyFileSystem(memory.files, .always(from: 1, .accessDenied)))
    }

    @Test func `gets the refusal that root would get`() {
        let (memory, files) = user()
        let error = #expect(throws: OperationFailure.self) {
            try memory.run(ask(.enable, .instance("x")), files: files)
        }
        guard case .refusal(.noSuchInstance("x"))? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `may ask for what is so already`() throws {
        let (memory, files) = user()
        let outcome = try memory.run(
            ask(.assign, .instance("a"), name: "postfix-a"), files: files)
        #expect(outcome.changes.isEmpty)
    }

    @Test func `is told of the missing right otherwise, and changes nothing`() {
        let (memory, files) = user()
        let before = memory.files.objects
        let error = #expect(throws: OperationFailure.self) {
            try memory.run(ask(.enable, .instance("a")), files: files)
        }
        guard case .file(.system(_, _, .accessDenied))? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(memory.files.objects == before)
    }
}
