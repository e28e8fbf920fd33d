// The fence in which tests run real Postfix programs: a Swift face of scripts/sandbox.
//
// It must not know what is run inside; it never runs anything outside.

package import Bytes
import Glibc

/// What a sandbox shows to the command in it.
///
/// The whole tree inside is copy-on-write: nothing that a command does there stays, unless
/// `upper` names a directory to keep it.
package struct Sandbox: Sendable {
    /// The system tree to live in; nil is this machine's own.
    package var root: String?
    /// Directories kept by earlier runs, the lowest first.
    package var layers: [String] = []
    /// An empty directory that keeps what the command writes.
    package var upper: String?
    /// What is shown where: source, place in the sandbox, and whether it may be written.
    package var binds: [Bind] = []
    /// The socket that plays /dev/log.
    package var logSocket: String?
    package var hostName: String?
    /// After this many seconds the sandbox and all in it is ended.
    package var deadlineSeconds = 60

    package init() {}

    /// A file or directory of the machine shown inside the sandbox.
    package struct Bind: Sendable {
        package var source: String
        package var place: String
        package var writable: Bool

        package init(_ source: String, at place: String, writable: Bool = false) {
            self.source = source
            self.place = place
            self.writable = writable
        }
    }

    /// Runs a command inside and waits for its end and that of all it started.
    package func run(
        _ command: [ByteString], input: ByteString = ""
    ) throws(ChildProcess.Failure) -> ChildProcess.Result {
        var child = ChildProcess(
            "/bin/bash", [ByteString(Self.script)] + options + ["--"] + command)
        child.input = input
        child.deadlineSeconds = deadlineSeconds
        return try child.run()
    }

    private var options: [ByteString] {
        var options: [ByteString] = []
        func add(_ name: ByteString, _ value: String?) {
            if let value { options += [name, ByteString(value)] }
        }
        add("--root", root)
        for layer in layers { add("--lower", layer) }
        add("--upper", upper)
        for bind in binds {
            add("--bind", "\(bind.source):\(bind.place)\(bind.writable ? ":rw" : "")")
        }
        add("--log", logSocket)
        add("--hostname", hostName)
        return options
    }

    /// The command that opens a shell on what a run has left in `upper`; empty without one.
    package var shellCommand: String {
        guard let upper else { return "" }
        var again = self
        again.upper = nil
        again.layers.append(upper)
        again.logSocket = nil
        again.binds.removeAll(where: \.writable)
        return (["scripts/sandbox"] + again.options.map(\.text) + ["-- bash"])
            .joined(separator: " ")
    }

    /// Why no sandbox can be had here; nil if one can.
    package static let obstacle: String? = {
        guard getuid() == 0 else { return "needs root, to make namespaces" }
        guard let trial = try? Sandbox().run(["true"]) else { return "bash cannot be started" }
        if trial.succeeded { return nil }
        return "no sandbox can be made here: \(trial.errors.text)"
    }()

    private static let script = "\(Package.root)/scripts/sandbox"
}

/// Where this package lies, for what tests need of it beside their own code.
package enum Package {
    /// The package's top directory, found from the place of this very file.
    package static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()
}
