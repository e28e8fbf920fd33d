// The host in memory and a short way to run postmulti on it.

import Bytes
import HostAccess
import PostmultiCommand
import TestSupport
import Testing

/// A host with Postfix in memory, on which only postconf(1) may be run.
func hostWithPostfix() -> InMemoryHost {
    InMemoryHost.withPostfix { Issue.record("unexpected command: \($0.arguments)") }
}

extension InMemoryHost {
    /// Runs postmulti with these arguments; returns its exit status.
    @discardableResult
    func postmulti(_ arguments: ByteString...) -> Int32 { postmulti(arguments) }

    /// Runs postmulti with these arguments; returns its exit status.
    func postmulti(_ arguments: [ByteString]) -> Int32 {
        var copy = self
        copy.arguments = ["/usr/sbin/postmulti"] + arguments
        return Postmulti(copy.host()).run()
    }
}

/// What postmulti says on standard error for a command line that fails, without its own name.
func complaint(_ arguments: [ByteString], on host: InMemoryHost? = nil) -> ByteString {
    let host = host ?? hostWithPostfix()
    #expect(host.postmulti(arguments) == 1)
    #expect(host.output.output == "")
    let start: ByteString = "postmulti: fatal: "
    let said = host.output.errors
    guard said.hasPrefix(start), said.hasSuffix("\n") else { return said }
    return ByteString(said.bytes.dropFirst(start.count).dropLast())
}
