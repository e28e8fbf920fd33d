// The primary instance, without which nothing works.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

@Suite struct `The primary` {
    private let path: ByteString = "/etc/postfix/main.cf"

    private func observe(_ memory: InMemoryHost) throws -> InstanceSet { try memory.instances() }

    private func failure(_ memory: InMemoryHost) -> ObservationFailure? {
        do {
            _ = try observe(memory)
            return nil
        } catch {
            return error as? ObservationFailure
        }
    }

    @Test func `is read with its defaults`() throws {
        let memory = hostWithPostfix()
        memory.addRegisteredInstances(["postfix-a"])
        let primary = try observe(memory).primary
        #expect(primary.configDirectory == "/etc/postfix")
        #expect(primary.queueDirectory == "/var/spool/postfix")
        #expect(primary.dataDirectory == "/var/lib/postfix")
        #expect(primary.isPrimary && primary.isEnabled)
        #expect(primary.name == nil)
    }

    @Test(
        arguments: ["multi_instance_directories = \n", "multi_instance_directories = , ,\n"]
            as [ByteString])
    func `alone counts as enabled`(list: ByteString) throws {
        let memory = hostWithPostfix()
        memory.appendToPrimary("multi_instance_enable = no\n\(list)")
        #expect(try observe(memory).primary.isEnabled)
        memory.addRegisteredInstances(["postfix-a"])
        #expect(try !observe(memory).primary.isEnabled)
    }

    @Test func `must have a main.cf that can be read`() {
        let rows: [((InMemoryFileSystem) -> Void, FileError)] = [
            ({ _ in }, .system(operation: .open, path: path, error: .notFound)),
            ({ $0.addPipe("/etc/postfix/main.cf") }, .notRegularFile(path: path)),
            (
                { $0.addDirectory("/etc/postfix/main.cf") },
                .system(operation: .read, path: path, error: .isDirectory)
            ),
            (
                { files in
                    files.addFile("/etc/postfix/main.cf")
                    files.readFaults["/etc/postfix/main.cf"] = .inputOutput
                }, .system(operation: .read, path: path, error: .inputOutput)
            ),
        ]
        for (put, error) in rows {
            let memory = hostWithPostfix()
            memory.files.remove(path)
            put(memory.files)
            #expect(failure(memory) == .primaryUnreadable(error))
        }
    }

    @Test(
        arguments: [
            "no setting", "multi_instance_enable = perhaps", "queue_directory = ${",
            "multi_instance_directories = $multi_instance_directories",
        ] as [ByteString])
    func `must be usable`(line: ByteString) {
        let memory = hostWithPostfix()
        memory.appendToPrimary(line)
        guard case .primaryBroken? = failure(memory) else {
            Issue.record("\(String(describing: failure(memory)))")
            return
        }
    }

    @Test(
        arguments: ["command_directory", "daemon_directory", "meta_directory", "shlib_directory"]
            as [ByteString])
    func `must have its shared directories`(parameter: ByteString) {
        let memory = hostWithPostfix()
        memory.appendToPrimary("\(parameter) = /nowhere")
        #expect(
            failure(memory)
                == .sharedDirectoryNotFound(
                    parameter: parameter, path: "/nowhere", reason: "No such file or directory"))
        memory.files.addFile("/nowhere")
        #expect(
            failure(memory)
                == .sharedDirectoryNotDirectory(parameter: parameter, path: "/nowhere"))
    }

    @Test func `may lack shared libraries`() throws {
        let memory = hostWithPostfix()
        memory.appendToPrimary("shlib_directory = no")
        _ = try observe(memory)
    }

    @Test func `may have its prototypes in any shared directory`() throws {
        let memory = hostWithPostfix()
        memory.appendToPrimary("meta_directory = /usr/lib/postfix/sbin")
        _ = try observe(memory)
    }

    @Test func `must not use one directory for two purposes`() {
        let memory = hostWithPostfix()
        memory.appendToPrimary("shlib_directory = /usr/sbin")
        guard case .primaryConflict(let conflict)? = failure(memory) else {
            Issue.record("not refused")
            return
        }
        #expect(conflict.claimant.parameter == "shlib_directory")
        #expect(conflict.owner.parameter == "command_directory")
        let other = hostWithPostfix()
        other.appendToPrimary("data_directory = /usr/lib/postfix")
        guard case .primaryConflict(let second)? = failure(other) else {
            Issue.record("not refused")
            return
        }
        #expect(second.claimant.parameter == "data_directory")
    }
}
