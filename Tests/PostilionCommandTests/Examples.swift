// What the tests of commands share: a host with Postfix, and the command on it.

import Bytes
import HostAccess
import PostilionCommand
import TestSupport
import Testing

func hostWithPostfix() -> InMemoryHost {
    InMemoryHost.withPostfix { Issue.record("unexpected command: \($0.arguments)") }
}

/// What a command said, and how it ended.
struct Answer: Equatable {
    var status: Int32
    var output: ByteString
    var errors: ByteString
}

extension InMemoryHost {
    /// Runs postilion with these arguments; only what it says itself is in the answer.
    func postilion(_ arguments: ByteString...) -> Answer { postilion(arguments) }

    /// Runs postilion with a list of arguments.
    func postilion(_ arguments: [ByteString]) -> Answer {
        let before = (output.output.count, output.errors.count)
        var copy = self
        copy.arguments = ["/usr/sbin/postilion"] + arguments
        let status = Postilion.run(on: copy.host())
        return Answer(
            status: status, output: output.output.dropFirst(before.0),
            errors: output.errors.dropFirst(before.1))
    }
}

extension InMemoryHost {
    /// Lets systemd run the host, with the units of Debian 12 for Postfix.
    func addSystemd() {
        files.addDirectory("/run/systemd/system")
        files.addFile("/usr/lib/systemd/system/postfix@.service", "[Unit]\n")
        files.addFile(
            "/usr/lib/systemd/system/postfix.service", "[Service]\nExecStart=/bin/true\n")
        processes.answer("systemctl")
    }
}

extension InMemoryHost {
    /// A host whose Postfix has the parameters of a real one, and a sound primary.
    static func forBlueprints() -> InMemoryHost {
        var host = hostWithPostfix()
        host.network.addresses = ["127.0.0.1", "::1"] + (2...10).map { "127.0.0.\($0)" }
        for command: ByteString in ["postfix", "postmap"] {
            host.processes.answer("/usr/sbin/\(command)")
        }
        host.processes.answer("/usr/sbin/postconf", output: Postfix37.defaults)
        host.processes.answer("/usr/sbin/postconf", "-m", output: Postfix37.tableTypes)
        host.files.addFile("/etc/services", "smtp 25/tcp mail\nsubmission 587/tcp\n")
        host.files.addFile("/proc/net/tcp")
        host.files.addFile("/usr/sbin/postmulti", "the program", mode: 0o755)
        for file: ByteString in ["master.cf", "master.cf.proto"] {
            host.files.addFile("/etc/postfix/\(file)", stockMasterCF)
        }
        return host
    }

    private static let stockMasterCF: ByteString = """
        smtp      inet  n       -       n       -       -       smtpd
        pickup    unix  n       -       n       60      1       pickup
        cleanup   unix  n       -       n       -       0       cleanup
        qmgr      unix  n       -       n       300     1       qmgr
        rewrite   unix  -       -       n       -       -       trivial-rewrite
        bounce    unix  -       -       n       -       0       bounce
        smtp      unix  -       -       n       -       -       smtp
        relay     unix  -       -       n       -       -       smtp
                -o syslog_name=postfix/$service_name
        error     unix  -       -       n       -       -       error
        local     unix  -       n       n       -       -       local
        postlog   unix-dgram n  -       n       -       1       postlogd

        """
}
