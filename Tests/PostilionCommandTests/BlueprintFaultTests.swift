// An apply of ten instances that dies or fails at any of its changes: the next command works, and
// makes the host what the blueprint says.

import Bytes
import HostAccess
import PostilionCommand
import TestSupport
import Testing

@Suite struct `An apply of ten instances` {
    private static let blueprint: ByteString = """
        [[instance]]
        name = "postfix-send"
        role = "sender"
        addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5",
            "127.0.0.6", "127.0.0.7", "127.0.0.8", "127.0.0.9", "127.0.0.10"]
        hostname = "out{n}.example.com"
        listen = ["127.0.0.1:{n+10100}"]
        [instance.tables.checks]
        type = "regexp"
        use = "header_checks"
        text = "/^Subject: lottery/ REJECT"

        """

    private func host() -> InMemoryHost {
        let host = InMemoryHost.forBlueprints()
        host.files.addFile("/srv/mail.toml", Self.blueprint)
        // The defaults are known already.
        #expect(host.postilion("list").status == 0)
        return host
    }

    private func apply(_ host: InMemoryHost, _ fault: FaultyFileSystem.Fault) -> FaultyFileSystem {
        var host = host
        host.arguments = ["postilion", "apply", "/srv/mail.toml", "--no-start"]
        let files = FaultyFileSystem(host.files, fault)
        _ = Postilion.run(on: host.host(files: files))
        return files
    }

    /// The configuration of all instances.
    private func state(_ host: InMemoryHost) -> [ByteString: ByteString] {
        var state: [ByteString: ByteString] = [:]
        for path in host.files.objects.keys where path.hasPrefix("/etc/") {
            state[path] = host.files.contents(of: path) ?? "a directory"
        }
        return state
    }

    private func wanted() -> (state: [ByteString: ByteString], calls: Int) {
        let host = host()
        let files = apply(host, .none)
        #expect(host.postilion("plan", "/srv/mail.toml", "--no-start").status == 0)
        return (state(host), files.changeCount)
    }

    @Test func `that is killed at any change is made good by the next command`() {
        let (wanted, calls) = wanted()
        let untouched = state(host())
        #expect(calls > 100)
        // Every eleventh call: the steps of one instance are those of the others.
        for call in stride(from: 1, through: calls, by: 11) {
            let fault: FaultyFileSystem.Fault =
                call % 2 == 0 ? .killedBefore(call) : .killedWithin(call)
            let host = host()
            _ = apply(host, fault)
            // Any command that edits makes good what was begun, all of it or nothing.
            #expect(host.postilion("init").status == 0, "\(fault)")
            let names = Set(state(host).keys)
            #expect(names == Set(wanted.keys) || names == Set(untouched.keys), "\(fault)")
            #expect(host.postilion("apply", "/srv/mail.toml", "--no-start").status == 0)
            #expect(state(host) == wanted, "\(fault)")
        }
    }

    @Test func `that fails at any change leaves all as it was, or all as it should be`() {
        let (wanted, calls) = wanted()
        let untouched = state(host())
        for call in stride(from: 3, through: calls, by: 13) {
            let host = host()
            _ = apply(host, .once(call, .inputOutput))
            let after = state(host)
            #expect(after == untouched || after == wanted, "call \(call)")
        }
    }
}
