// Lets the installed Postfix look at planned files before they are put in place: a copy of each
// instance's main.cf and master.cf, with directories of its own, in a directory of root's.

import Blueprint
package import Bytes
package import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

/// Checks planned configurations with Postfix's own programs.
package struct ScratchCheck {
    private let host: Host
    private let outcome: PlanOperation.Outcome
    private let commandDirectory: ByteString

    /// - Parameters:
    ///   - host: The host, where the copies are made for a moment.
    ///   - outcome: What is planned.
    ///   - commandDirectory: Where postfix(1) and postconf(1) are.
    package init(_ host: Host, outcome: PlanOperation.Outcome, commandDirectory: ByteString) {
        self.host = host
        self.outcome = outcome
        self.commandDirectory = commandDirectory
    }

    /// What Postfix says of an instance.
    package struct Report: Hashable, Sendable {
        package var instance: ByteString
        /// The program's name and its arguments.
        package var command: ByteString
        /// It refuses the configuration; else it only warns.
        package var isRefused: Bool
        package var lines: [ByteString]
    }

    private static let directory: ByteString = "\(StateDirectory.path)/scratch"
    /// The files that Postfix's programs check.
    private static let names: [ByteString] = ["main.cf", "master.cf"]
    /// As much as a plan reads.
    private static let limitBytes = PlanBuilder.limitBytes
    /// postfix check of a healthy instance takes a tenth of a second.
    private static let limitSeconds = 60

    /// Checks every instance whose files change; tells only of those that Postfix has a word for.
    ///
    /// - Parameter onProgress: Is told how many of how many instances are checked.
    package func run(
        atOnce: Int, onProgress: (Int, Int) -> Void
    ) throws(PlanFailure) -> [Report] {
        let changed = outcome.plan.instances.filter { $0.kind != .removed && isChanged($0) }
        guard !changed.isEmpty else { return [] }
        var copies: [(name: ByteString, path: ByteString)] = []
        do throws(FileError) {
            try StateDirectory.prepare(in: host.files)
            try removeTree(Self.directory)
            try host.files.makeDirectory(Self.directory, mode: 0o700)
            for (index, instance) in changed.enumerated() {
                let path: ByteString = "\(Self.directory)/\(index)"
                try copy(instance.configDirectory, to: path)
                copies.append((instance.name, path))
            }
        } catch {
            // What is left of the copies is in the way of nothing, and goes the next time.
            try? removeTree(Self.directory)
            throw .operation(.file(error))
        }
        let reports = check(copies, atOnce: atOnce, onProgress)
        do throws(FileError) {
            try removeTree(Self.directory)
        } catch {
            throw .operation(.file(error))
        }
        return reports
    }

    /// True if main.cf or master.cf is to be another one than now.
    private func isChanged(_ instance: InstancePlan) -> Bool {
        Self.names.contains { name in
            let path: ByteString = "\(instance.configDirectory)/\(name)"
            // What cannot be read is not there yet, or nothing was planned for it.
            let present = try? host.files.read(path, limitBytes: Self.limitBytes).bytes
            let planned = try? outcome.plannedHost.files.read(path, limitBytes: Self.limitBytes)
            return present != planned?.bytes
        }
    }

    private func copy(_ directory: ByteString, to path: ByteString) throws(FileError) {
        for part: ByteString in ["", "/queue", "/data"] {
            try host.files.makeDirectory(path + part, mode: 0o755)
        }
        for name in Self.names {
            let planned = try outcome.plannedHost.files.read(
                "\(directory)/\(name)", limitBytes: Self.limitBytes)
            var contents = ByteString(planned.bytes)
            if name == "main.cf" {
                contents =
                    MainCF(contents).setting([
                        .init("queue_directory", "\(path)/queue"),
                        .init("data_directory", "\(path)/data"),
                        // The copy must not ask the instance manager, nor write to the mail log.
                        .init("multi_instance_wrapper", ""),
                        .init("multi_instance_directories", ""),
                    ]).text
            }
            try host.files.replace(
                "\(path)/\(name)",
                with: FileReplacement(
                    contents: contents, expected: .absent,
                    attributes: .given(mode: 0o644, owner: 0, group: 0), looksSettled: true))
        }
    }

    private func check(
        _ copies: [(name: ByteString, path: ByteString)], atOnce: Int,
        _ onProgress: (Int, Int) -> Void
    ) -> [Report] {
        let commands = copies.flatMap { copy in
            [
                command("postconf", ["-c", copy.path, "-n"]),
                command("postconf", ["-c", copy.path, "-M"]),
                command("postfix", ["-c", copy.path, "check"]),
            ]
        }
        var said = commands.map { _ in "" as ByteString }
        var refused = commands.map { _ in false }
        var count = 0
        host.processes.runSideBySide(
            commands, atOnce: atOnce, limitSeconds: Self.limitSeconds
        ) { index, event in
            switch event {
            case .output: break
            case .errors(let text): if said[index].count < 1 << 16 { said[index] += text }
            case .ended(let status):
                refused[index] = !status.isSuccess
                count += 1
                onProgress(count / 3, copies.count)
            case .failed(let error):
                refused[index] = true
                said[index] += "\(error.sentence)\n"
            }
        }
        return commands.indices.compactMap { index in
            let copy = copies[index / 3]
            let lines = said[index].split { $0 == 0x0A }.map { line in
                // The place of the copy means nothing to anybody.
                ByteString(
                    line.text.split(separator: "\(copy.path)/", omittingEmptySubsequences: false)
                        .joined())
            }
            guard refused[index] || !lines.isEmpty else { return nil }
            let words = [commands[index].arguments[0]] + commands[index].arguments.dropFirst(3)
            return Report(
                instance: copy.name, command: ByteString(words.map(\.text).joined(separator: " ")),
                isRefused: refused[index], lines: lines)
        }
    }

    private func command(_ name: ByteString, _ arguments: [ByteString]) -> ChildCommand {
        ChildCommand(
            program: "\(commandDirectory)/\(name)", arguments: [name] + arguments,
            environment: host.environment.filter { !$0.hasPrefix("MAIL_CONFIG=") })
    }

    /// Removes a directory that only root can reach, with all that is in it.
    private func removeTree(_ path: ByteString) throws(FileError) {
        guard let status = try host.files.status(of: path, followingLinks: false) else { return }
        guard status.kind == .directory else { return try host.files.removeFile(path) }
        for name in try host.files.list(path) { try removeTree("\(path)/\(name)") }
        try host.files.removeDirectory(path)
    }
}
