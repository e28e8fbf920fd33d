// Option -e: the words of each refusal, failure and notice.

import Bytes
import HostAccess
import PostmultiCommand
import TestSupport
import Testing

@Suite struct `Editing` {
    /// A primary with a disabled and an enabled secondary.
    private func host() -> InMemoryHost {
        let host = hostWithPostfix()
        host.addInstance("postfix-a")
        host.addInstance("postfix-b", extra: "multi_instance_enable = yes\n")
        host.register(["/etc/postfix-a", "/etc/postfix-b"])
        return host
    }

    @Test func `says nothing when it succeeds`() {
        let host = host()
        for arguments: [ByteString] in [
            ["-e", "create", "-I", "postfix-x", "-G", "mta"], ["-e", "enable", "-i", "x"],
            ["-e", "disable", "-i", "x"], ["-e", "assign", "-i", "x", "-G", "-"],
            ["-e", "deport", "-i", "x"], ["-e", "import", "-I", "postfix-x"],
            ["-e", "destroy", "-i", "x"], ["-e", "init"],
        ] {
            #expect(host.postmulti(arguments) == 0, "\(arguments)")
        }
        #expect(host.output.errors == "")
        #expect(host.output.output == "")
    }

    /// Command lines that are refused by postmulti itself.
    static let refused: [([ByteString], ByteString)] = [
        (["enable"], "Select an instance via '-i name'"),
        (["disable", "-a"], "Select an instance via '-i name'"),
        (["destroy", "-g", "mta"], "Select an instance via '-i name'"),
        (["enable", "-i", "nobody"], "No instance named nobody"),
        (["deport", "-i", "-"], "Cannot remove the primary instance"),
        (["destroy", "-i", "b"], "Cannot remove enabled instances"),
        (["create", "-I", "a b"], "Unsafe characters in new instance name: 'a b'"),
        (
            ["create", "-I", "postfix-a/b"],
            "Illegal '/' character in new instance name: 'postfix-a/b'"
        ),
        (["assign", "-i", "a", "-I", "x"], "New instance name must start with 'postfix-'"),
        (["assign", "-i", "a", "-G", "a b"], "Unsafe characters in '-G a b'"),
        (["create"], "Missing config_directory parameter value"),
        (["create", "config_directory=/x"], "Missing queue_directory parameter value"),
        (["create", "x"], "Malformed parameter setting 'x'"),
        (["create", "a=b"], "Parameter 'a' not valid with action create"),
        (
            ["import", "queue_directory=/x"],
            "Parameter 'queue_directory' not valid with action import"
        ),
        (
            ["create", "queue_directory=x"],
            "Parameter setting 'queue_directory' is not an absolute path"
        ),
        (
            ["create", "data_directory=/"],
            "Parameter setting 'data_directory' is the root directory"
        ),
        (["create", "-I", "postfix-x", "-i", "nobody"], "No matching secondary instances"),
        (
            ["create", "-I", "postfix-a"],
            "new config_directory=/etc/postfix-a is already in use by instance "
                + "/etc/postfix-a, config_directory=/etc/postfix-a"
        ),
        (
            ["create", "-I", "postfix-x", "config_directory=/var/lib/postfix"],
            "new config_directory=/var/lib/postfix is already in use by instance "
                + "/etc/postfix, data_directory=/var/lib/postfix"
        ),
        (
            ["create", "-I", "postfix-x", "queue_directory=/var/spool/postfix-a"],
            "instance /etc/postfix-x, queue_directory=/var/spool/postfix-a conflicts with "
                + "instance /etc/postfix-a, queue_directory=/var/spool/postfix-a"
        ),
        (
            ["assign", "-i", "a", "-I", "postfix-b"],
            "instance /etc/postfix-a, multi_instance_name=postfix-b conflicts with "
                + "instance /etc/postfix-b, multi_instance_name=postfix-b"
        ),
    ]

    @Test(arguments: refused)
    func `is refused in the stock program's words`(
        arguments: [ByteString], words: ByteString
    ) {
        let host = host()
        let before = host.files.contents(of: "/etc/postfix/main.cf")
        #expect(complaint(["-e"] + arguments, on: host) == words)
        #expect(host.files.contents(of: "/etc/postfix/main.cf") == before)
    }

    /// What the script behind the stock program refuses: preparation, arguments, words.
    static let scripted: [(@Sendable (InMemoryHost) -> Void, [ByteString], ByteString)] = [
        (
            { $0.appendToPrimary("multi_instance_wrapper =") }, ["enable", "-i", "a"],
            "multi_instance_wrapper is empty, run 'postmulti -e init' first."
        ),
        (
            { $0.appendToPrimary("multi_instance_enable = no") }, ["destroy", "-i", "a"],
            "multi_instance_enable!=yes, run 'postmulti -e init' first."
        ),
        (
            { $0.files.remove("/etc/postfix/main.cf.proto") }, ["create", "-I", "postfix-x"],
            "Missing main.cf prototype: /etc/postfix/main.cf.proto"
        ),
        (
            { $0.files.remove("/etc/postfix/master.cf.proto") },
            ["create", "-I", "postfix-x"],
            "Missing master.cf prototype: /etc/postfix/master.cf.proto"
        ),
        (
            { host in
                host.addInstance("postfix-x")
                host.files.remove("/etc/postfix-x/master.cf")
            }, ["import", "-I", "postfix-x"], "'/etc/postfix-x' lacks a master.cf file"
        ),
        (
            { $0.files.lockElsewhere("/var/spool/postfix-a/pid/master.pid", holder: 9) },
            ["deport", "-i", "a"], "Instance '/etc/postfix-a' is not stopped"
        ),
        (
            { $0.files.addFile("/var/spool/postfix-a/deferred/A/AB", "mail") },
            ["destroy", "-i", "a"],
            "Instance '/etc/postfix-a' has queued mail (deferred: 1): deliver it with "
                + "'postqueue -c /etc/postfix-a -f' or delete it with "
                + "'postsuper -c /etc/postfix-a -d ALL' first."
        ),
    ]

    @Test(arguments: scripted.indices)
    func `is refused in the script's words, under its name`(row: Int) {
        let (prepare, arguments, words) = Self.scripted[row]
        let host = host()
        prepare(host)
        #expect(host.postmulti(["-e"] + arguments) == 1)
        #expect(host.output.errors == "postfix/postmulti-script: fatal: \(words)\n")
        #expect(
            host.log.records.last
                == .init("fatal: \(words)", tag: "postfix/postmulti-script", severity: .fatal))
    }

    @Test func `is refused in words of its own where the stock program goes on`() {
        let rows: [([ByteString], ByteString)] = [
            (
                ["queue_directory=/var/spool/postfix-a/x"],
                "new queue_directory=/var/spool/postfix-a/x overlaps with instance "
                    + "/etc/postfix-a, queue_directory=/var/spool/postfix-a"
            ),
            (["data_directory=/usr"], "new data_directory=/usr is a system directory"),
            (
                ["data_directory=/a b"],
                "Unusable data_directory '/a b': Postfix's own scripts cannot work with "
                    + "white space or shell characters in it, or with 4096 bytes or more"
            ),
            (
                ["data_directory=/etc/postfix-a/main.cf"],
                "/etc/postfix-a/main.cf is not a directory"
            ),
        ]
        for (settings, words) in rows {
            #expect(
                complaint(["-e", "create", "-I", "postfix-x"] + settings, on: host()) == words)
        }
    }

    @Test func `names what stays behind`() {
        let host = host()
        host.files.addFile("/etc/postfix-a/access")
        #expect(host.postmulti("-e", "destroy", "-i", "a") == 0)
        #expect(
            host.output.errors == """
                postfix/postmulti-script: warning: /etc/postfix-a: please verify contents and \
                remove by hand
                postfix/postmulti-script: warning: /etc/postfix-a/access: please verify contents \
                and remove by hand

                """)
    }

    @Test func `forgets a broken one and leaves its files to the operator`() {
        let host = host()
        host.files.addFile("/etc/postfix-a/main.cf", "nonsense\n")
        #expect(host.postmulti("-e", "destroy", "-i", "a") == 0)
        #expect(
            host.output.errors == """
                postfix/postmulti-script: warning: /etc/postfix-a: please verify contents and \
                remove by hand

                """)
        #expect(host.files.contents(of: "/etc/postfix-a/main.cf") == "nonsense\n")
    }

    @Test func `reports a broken neighbour, and succeeds all the same`() {
        let host = host()
        host.files.remove("/etc/postfix-b/main.cf")
        #expect(host.postmulti("-e", "enable", "-i", "a") == 0)
        #expect(
            host.output.errors == """
                postmulti: error: instance /etc/postfix-b: open /etc/postfix-b/main.cf: \
                No such file or directory

                """)
    }

    @Test func `of a broken one tells why`() {
        let host = host()
        host.files.addFile("/etc/postfix-a/main.cf", "nonsense\n")
        #expect(host.postmulti("-e", "enable", "-i", "a") == 1)
        #expect(
            host.output.errors == """
                postmulti: error: /etc/postfix-a/main.cf, line 1: missing '=' after attribute \
                name: "nonsense"
                postmulti: fatal: Failed to obtain all required /etc/postfix-a/main.cf parameters

                """)
    }

    @Test func `that fails names the step and says that nothing was changed`() {
        let host = host()
        host.files.addDirectory("/etc/postfix-a/main.cf.tmp")
        let words: ByteString =
            "edit /etc/postfix-a/main.cf: open /etc/postfix-a/main.cf.tmp: "
            + "Is a directory; nothing was changed"
        #expect(complaint(["-e", "enable", "-i", "a"], on: host) == words)
    }

    @Test func `that finds the lock taken names the holder`() {
        let host = host()
        host.files.addDirectory("/run/postilion")
        host.files.lockElsewhere("/run/postilion/lock", holder: 77)
        #expect(
            complaint(["-e", "enable", "-i", "a"], on: host)
                == "/run/postilion/lock: locked by process 77")
    }

    @Test func `tells what became of an interrupted command`() throws {
        var host = host()
        host.arguments = ["postmulti", "-e", "create", "-I", "postfix-x"]
        let broken = FaultyFileSystem(host.files, .killedBefore(10))
        #expect(Postmulti(host.host(files: broken)).run() == 1)
        let before = host.output.errors.count
        #expect(host.postmulti("-e", "enable", "-i", "a") == 0)
        #expect(
            host.output.errors.dropFirst(before)
                == "postmulti: warning: an interrupted 'create postfix-x' was undone\n")
    }
}
