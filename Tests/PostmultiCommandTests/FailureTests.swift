// The rarer words of option -e: a host that is set up wrongly, and interrupted commands.

import Bytes
import HostAccess
import PostmultiCommand
import TestSupport
import Testing

@Suite struct `Creating on a host that is set up wrongly` {
    private let create: [ByteString] = ["-e", "create", "-I", "postfix-x"]

    @Test func `cannot derive from a relative directory`() {
        let host = hostWithPostfix()
        host.appendToPrimary("data_directory = var")
        let words: ByteString =
            "Invalid default data_directory parameter value: 'var': "
            + "specify an absolute pathname"
        #expect(complaint(create, on: host) == words)
    }

    @Test(arguments: ["mail_owner", "setgid_group"] as [ByteString])
    func `misses an account`(parameter: ByteString) {
        let host = hostWithPostfix()
        host.appendToPrimary("\(parameter) = nobody-here")
        let words: ByteString =
            "parameter \(parameter): unknown user or group name value: nobody-here"
        #expect(complaint(create, on: host) == words)
    }

    @Test func `cannot understand a mode`() {
        let host = hostWithPostfix()
        host.files.addFile("/etc/postfix/postfix-files", "$queue_directory:d:root:-:rwx:uc\n")
        #expect(
            complaint(create, on: host)
                == "postfix-files: cannot understand the mode of $queue_directory")
    }

    @Test func `misses the list of files`() {
        let host = hostWithPostfix()
        host.files.remove("/etc/postfix/postfix-files")
        #expect(
            complaint(create, on: host)
                == "open /etc/postfix/postfix-files: No such file or directory")
    }

    @Test func `may have more lists of files`() {
        let host = hostWithPostfix()
        host.files.addFile(
            "/etc/postfix/postfix-files.d/extra", "$queue_directory/extra:d:root:-:755:uc\n")
        host.files.addDirectory("/etc/postfix/postfix-files.d/directory")
        #expect(host.postmulti(create) == 0)
        #expect(host.files.objects["/var/spool/postfix-x/extra"]?.kind == .directory)
    }
}

@Suite struct `After an interrupted command` {
    private let journal: ByteString = "/var/lib/postilion/journal"

    /// A host on which a command was killed before its n-th change.
    private func host(_ arguments: [ByteString], killedBefore call: Int) -> InMemoryHost {
        var host = hostWithPostfix()
        host.addRegisteredInstances(["postfix-a"])
        host.postmulti("-l")
        host.arguments = ["postmulti"] + arguments
        _ = Postmulti(host.host(files: FaultyFileSystem(host.files, .killedBefore(call)))).run()
        #expect(host.files.contents(of: journal) != nil)
        return host
    }

    @Test func `a damaged journal stops everything that edits`() {
        let host = host(["-e", "create", "-I", "postfix-x"], killedBefore: 12)
        host.files.addFile(journal, "nonsense")
        let said = host.output.errors.count
        #expect(host.postmulti("-e", "enable", "-i", "a") == 1)
        let words: ByteString =
            "postmulti: fatal: \(journal): not a journal of ours, remove it and look at all "
            + "main.cf\n"
        #expect(host.output.errors.dropFirst(said) == words)
        // Who only looks is not stopped.
        #expect(host.postmulti("-l") == 0)
    }

    @Test func `what cannot be undone yet is told`() {
        var host = host(["-e", "create", "-I", "postfix-x"], killedBefore: 12)
        let said = host.output.errors.count
        host.arguments = ["postmulti", "-e", "enable", "-i", "a"]
        let files = FaultyFileSystem(host.files, .always(from: 2, .readOnly))
        #expect(Postmulti(host.host(files: files)).run() == 1)
        let start: ByteString =
            "postmulti: fatal: an interrupted 'create postfix-x' can not be made good: "
        #expect(host.output.errors.dropFirst(said).hasPrefix(start))
        #expect(host.output.errors.hasSuffix(": Read-only file system\n"))
    }

    @Test func `the same command again is the end of it`() {
        let host = host(["-e", "destroy", "-i", "a"], killedBefore: 10)
        let said = host.output.errors.count
        #expect(host.postmulti("-e", "destroy", "-i", "a") == 0)
        #expect(
            host.output.errors.dropFirst(said)
                == "postmulti: warning: an interrupted 'destroy postfix-a' is finished now\n")
        #expect(host.files.objects["/etc/postfix-a"] == nil)
    }

    @Test func `what failed behind the commit point is listed`() {
        var host = hostWithPostfix()
        host.addRegisteredInstances(["postfix-a"])
        host.postmulti("-l")
        host.arguments = ["postmulti", "-e", "destroy", "-i", "a"]
        // The calls before: /run/postilion, its lock, two directories and their synchronisation,
        // the journal, the commit.
        let files = FaultyFileSystem(host.files, .once(9, .inputOutput))
        #expect(Postmulti(host.host(files: files)).run() == 1)
        #expect(
            host.output.errors == """
                postmulti: error: remove /etc/postfix-a/master.cf: Input/output error
                postmulti: error: remove directory /etc/postfix-a: Directory not empty
                postmulti: fatal: the instance list is changed, but some of the rest failed

                """)
    }
}
