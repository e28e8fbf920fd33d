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
