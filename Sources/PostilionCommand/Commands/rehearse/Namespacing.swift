// Starts this program once more as the first process of namespaces of its own, which end with this
// process whatever becomes of it.

import Bytes
import HostAccess
import Rehearsals

/// Namespaces for a rehearsal.
enum Namespacing {
    /// ip(8) takes milliseconds.
    private static let limitSeconds = 30

    /// Runs this program with its arguments and one more, and waits for its end.
    ///
    /// - Parameter argument: Makes the argument of the host's addresses, with commas between.
    static func run(
        _ host: Host, argument: (ByteString) -> ByteString
    ) throws(RehearsalFailure) -> ExitStatus {
        let addresses = InterfaceAddress.read(
            try ask(host, "ip", ["-oneline", "address", "show"]))
        // The parser takes no empty value.
        let words = addresses.isEmpty ? ["none"] : addresses.map(\.description)
        let list = ByteString(words.joined(separator: ","))
        let program: ByteString
        do throws(FileError) {
            program = try host.files.realPath("/proc/self/exe")
        } catch {
            throw .stage(error.sentence)
        }
        let arguments = Array(host.arguments.dropFirst())
        let command = ChildCommand(
            program: "unshare",
            arguments: [
                "unshare", "--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--", program,
            ] + arguments.prefix(1) + [argument(list)] + arguments.dropFirst(),
            environment: host.environment)
        do throws(ProcessError) {
            return try host.processes.runTethered(command)
        } catch {
            throw .notRun(error)
        }
    }

    /// Makes the directory that takes what is kept, if it is not there.
    static func prepare(_ directory: ByteString, _ host: Host) throws(RehearsalFailure) {
        do throws(FileError) {
            let status = try host.files.status(of: directory, followingLinks: true)
            if status == nil { try host.files.makeDirectory(directory, mode: 0o755) }
        } catch {
            throw .stage(error.sentence)
        }
    }

    private static func ask(
        _ host: Host, _ program: ByteString, _ arguments: [ByteString]
    ) throws(RehearsalFailure) -> ByteString {
        let command = ChildCommand(
            program: program, arguments: [program] + arguments,
            environment: host.environment.filter { !$0.hasPrefix("PATH=") }
                + ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
        do throws(ProcessError) {
            // 4 MiB: some 40,000 addresses.
            return try host.processes.capture(
                command, limitBytes: 1 << 22, limitSeconds: limitSeconds
            ).output
        } catch {
            throw .notRun(error)
        }
    }
}
