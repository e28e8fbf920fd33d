// What is looked at before the command line, and in which order.

import Bytes
import HostAccess
import PostmultiCommand
import TestSupport
import Testing

extension InMemoryHost {
    /// Runs postmulti with the arguments of the host.
    func runAsCalled() -> Int32 { Postmulti(host()).run() }
}

@Suite struct `Before the command line` {
    @Test(arguments: ["/etc/postfix", nil] as [ByteString?])
    func `the usual configuration directory may be named`(directory: ByteString?) {
        var host = hostWithPostfix()
        if let directory { host.environment.append("MAIL_CONFIG=\(directory)") }
        #expect(host.postmulti("-l") == 0)
    }

    @Test func `another configuration directory is refused, before bad options`() {
        var host = hostWithPostfix()
        host.addInstance("postfix-a")
        host.environment.append("MAIL_CONFIG=/etc/postfix-a")
        #expect(
            complaint(["-z"], on: host)
                == "Non-default configuration directory: MAIL_CONFIG=/etc/postfix-a")
    }

    @Test func `another spelling of the directory is another one`() {
        var host = hostWithPostfix()
        host.environment.append("MAIL_CONFIG=/etc/postfix/")
        #expect(
            complaint(["-l"], on: host)
                == "Non-default configuration directory: MAIL_CONFIG=/etc/postfix/")
    }

    @Test func `a main.cf that is missing there is found first`() {
        var host = hostWithPostfix()
        host.environment.append("MAIL_CONFIG=/nowhere")
        #expect(
            complaint(["-l"], on: host) == "open /nowhere/main.cf: No such file or directory")
    }

    @Test func `the primary's main.cf must be readable`() {
        let host = hostWithPostfix()
        host.files.remove("/etc/postfix/main.cf")
        #expect(
            complaint(["-z"], on: host)
                == "open /etc/postfix/main.cf: No such file or directory")
    }

    @Test func `a word that is neither yes nor no is refused`() {
        let host = hostWithPostfix()
        host.appendToPrimary("multi_instance_enable = perhaps")
        #expect(
            complaint(["-z"], on: host)
                == "bad boolean configuration: multi_instance_enable = perhaps")
    }

    @Test func `a line that is no setting is refused`() {
        let host = hostWithPostfix()
        host.files.addFile("/etc/postfix/main.cf", "a = b\nnonsense\n")
        #expect(
            complaint(["-z"], on: host)
                == "/etc/postfix/main.cf, line 2: missing '=' after attribute name: \"nonsense\"")
    }

    @Test func `warnings come first, and do not end the command`() {
        let host = hostWithPostfix()
        host.files.addFile("/etc/postfix/main.cf", "  x = y\na = b\na = c\n")
        #expect(host.postmulti("-l") == 0)
        #expect(
            host.output.errors == """
                postmulti: warning: /etc/postfix/main.cf: logical line must not start with \
                whitespace: "  x = y"
                postmulti: warning: /etc/postfix/main.cf, line 3: overriding earlier entry: a=b

                """)
    }

    @Test func `shared directories are checked after the command line`() {
        let host = hostWithPostfix()
        host.appendToPrimary("daemon_directory = /nowhere")
        #expect(complaint(["-l", "x"], on: host) == "Command not allowed with '-l'")
        let other = hostWithPostfix()
        other.appendToPrimary("daemon_directory = /nowhere")
        #expect(
            complaint(["-l"], on: other)
                == "daemon_directory = '/nowhere': directory not found: No such file or directory")
        let third = hostWithPostfix()
        third.files.addFile("/file")
        third.appendToPrimary("shlib_directory = /file")
        #expect(complaint(["-l"], on: third) == "shlib_directory = '/file' is not a directory")
    }

    @Test func `two purposes of one directory are a conflict`() {
        let host = hostWithPostfix()
        host.appendToPrimary("queue_directory = /usr/sbin")
        let words: ByteString =
            "instance /etc/postfix, queue_directory=/usr/sbin conflicts with instance "
            + "/etc/postfix, command_directory=/usr/sbin"
        #expect(complaint(["-l"], on: host) == words)
    }

    @Test func `a host without Postfix is told so`() {
        let host = hostWithPostfix()
        host.files.remove("/usr/sbin/postconf")
        #expect(
            complaint(["-l"], on: host)
                == "no postconf program in /usr/sbin, /usr/local/sbin: is Postfix installed?")
    }
}
