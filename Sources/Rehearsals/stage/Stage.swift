// Makes the tree that a rehearsal lives in: all that the host has, copy-on-write, with queues that
// are empty, and enters it. Runs in namespaces of its own only: what it mounts nobody else sees.

package import Bytes
package import HostAccess
import Instances

/// The tree of a rehearsal.
package struct Stage {
    private let host: Host

    /// On every machine, and nothing in it is needed here.
    private static let ground: ByteString = "/sys"
    private static let root: ByteString = "/sys/root"
    /// Mounting takes milliseconds; a file server that does not answer takes for ever.
    private static let limitSeconds = 30

    package init(_ host: Host) { self.host = host }

    /// Builds the tree and makes it this process's root.
    ///
    /// - Parameter kept: A directory that stays the host's own, to take what is kept.
    package func enter(keeping kept: ByteString?) throws(RehearsalFailure) {
        let tree = MountedTree(mountInfo: try mountInfo())
        try mount(["-t", "tmpfs", "-o", "mode=755", "postilion", Self.ground])
        for name: ByteString in ["root", "0", "0/lower"] {
            try makeDirectory("\(Self.ground)/\(name)", mode: 0o755)
        }
        try cover("/", as: 0)
        for (index, place) in tree.places.enumerated() {
            guard let status = try? host.files.status(of: place, followingLinks: true) else {
                continue  // What root may not enter, as with some file systems of users.
            }
            if status.kind == .directory {
                try coverOrShow(place, as: index + 1)
            } else {
                try showFile(place)
            }
        }
        if let kept { try mount(["--bind", kept, Self.root + kept]) }
        try makeOwnPlaces()
        do throws(SystemError) {
            try RootDirectory.enter(Self.root)
        } catch {
            throw .stage("\(Self.root): \(error.text)")
        }
    }

    private func mountInfo() throws(RehearsalFailure) -> ByteString {
        // Such files of the kernel have a size of zero: cat(1) reads them to their end.
        try host.mustRun("cat", ["/proc/self/mountinfo"], limitSeconds: Self.limitSeconds)
    }

    private func makeDirectory(_ path: ByteString, mode: UInt32) throws(RehearsalFailure) {
        do throws(FileError) {
            try host.files.makeDirectory(path, mode: mode)
        } catch {
            throw .stage(error.sentence)
        }
    }

    /// Lays a copy-on-write view of a mounted file system into the tree.
    private func cover(_ place: ByteString, as number: Int) throws(RehearsalFailure) {
        let base: ByteString = "\(Self.ground)/\(number)"
        if number > 0 {
            try makeDirectory(base, mode: 0o755)
            try makeDirectory("\(base)/lower", mode: 0o755)
        }
        for name in ["upper", "work"] {
            try makeDirectory("\(base)/\(name)", mode: 0o755)
        }
        // A path may hold what mount options cannot: it gets a short name first.
        try mount(["--bind", place, "\(base)/lower"])
        try mount([
            "-t", "overlay", "-o",
            "redirect_dir=on,lowerdir=\(base)/lower,upperdir=\(base)/upper,workdir=\(base)/work",
            "overlay", place == "/" ? Self.root : Self.root + place,
        ])
    }

    /// Some file systems cannot be lower layers; they are shown, and cannot be written to.
    private func coverOrShow(_ place: ByteString, as number: Int) throws(RehearsalFailure) {
        do throws(RehearsalFailure) {
            try cover(place, as: number)
        } catch {
            try mount(["--bind", "-o", "ro", place, Self.root + place])
        }
    }

    /// Container engines mount single files: those in /etc are copied, to be edited like others.
    private func showFile(_ place: ByteString) throws(RehearsalFailure) {
        guard place.hasPrefix("/etc/") else {
            try mount(["--bind", "-o", "ro", place, Self.root + place])
            return
        }
        try run("cp", ["--preserve=mode,ownership", "--", place, Self.root + place])
    }

    private func makeOwnPlaces() throws(RehearsalFailure) {
        let root = Self.root
        try mount(["-t", "tmpfs", "-o", "mode=755", "run", "\(root)/run"])
        try mount(["-t", "proc", "proc", "\(root)/proc"])
        try mount(["-t", "tmpfs", "-o", "mode=755", "dev", "\(root)/dev"])
        try makeDirectory("\(root)/run/lock", mode: 0o1777)
        try makeDirectory("\(root)/dev/shm", mode: 0o1777)
        let devices: [ByteString] = [
            "null", "zero", "full", "random", "urandom", "tty", "fd", "stdin", "stdout", "stderr",
        ]
        try run("cp", ["-a"] + devices.map { "/dev/\($0)" } + ["\(root)/dev"])
    }

    private func mount(_ arguments: [ByteString]) throws(RehearsalFailure) {
        // Without a note in /run, which is the host's until it is covered.
        try run("mount", ["-n"] + arguments)
    }

    /// Runs a program of the system that has to succeed.
    private func run(
        _ program: ByteString, _ arguments: [ByteString]
    ) throws(RehearsalFailure) {
        try host.mustRun(program, arguments, limitSeconds: Self.limitSeconds)
    }
}

extension Host {
    /// Runs a program that has to succeed; what it says is told if it does not.
    @discardableResult
    func mustRun(
        _ program: ByteString, _ arguments: [ByteString], input: ByteString = "",
        limitSeconds: Int
    ) throws(RehearsalFailure) -> ByteString {
        let command = ChildCommand(
            program: program, arguments: [program] + arguments, environment: systemEnvironment)
        let answer: CapturedOutput
        do throws(ProcessError) {
            // 1 MiB: what these programs say is a few lines.
            answer = try processes.converse(
                command, input: input, limitBytes: 1 << 20, limitSeconds: limitSeconds)
        } catch {
            throw .notRun(error)
        }
        if answer.status.isSuccess { return answer.output }
        throw .program(command.line, said: answer.output.split { $0 == 0x0A }.first ?? "")
    }

    /// The environment of this process with the places of the system's programs in its path.
    var systemEnvironment: [ByteString] {
        environment.filter { !$0.hasPrefix("PATH=") && !$0.hasPrefix("MAIL_CONFIG=") }
            + ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
    }
}

extension ChildCommand {
    fileprivate var line: ByteString {
        arguments.joined(by: " ")
    }
}
