// Runs the operator's own program on each message. No shell is involved, ever.

import HostAccess
import NIOCore
import SMTPProtocol
import Subprocess
import SystemPackage

/// A program that reads the message on standard input and decides by its exit status.
struct CommandHook: Hook {
    let settings: CommandSettings

    func inspect(
        _ message: SpooledMessage, _ envelope: Envelope
    ) async throws(HookFailure) -> HookVerdict {
        let outcome: ExecutionResult<Said, SequenceOutput, SequenceOutput>
        do {
            outcome = try await Subprocess.run(
                .path(FilePath(settings.command[0])),
                arguments: Arguments(Array(settings.command.dropFirst())),
                environment: .custom(CommandEnvironment.variables(envelope)),
                workingDirectory: "/", platformOptions: Self.options,
                input: .inputWriter, output: .sequence, error: .sequence
            ) { child in
                try await converse(child, message)
            }
        } catch let failure as HookFailure {
            throw failure
        } catch let error as FileError {
            throw HookFailure(error)
        } catch is CancellationError {
            throw HookFailure("ended before its time")
        } catch {
            throw HookFailure(SafeText.reason("cannot run \(settings.command[0]): \(error)"))
        }
        return try verdict(outcome.terminationStatus, outcome.closureResult)
    }

    /// A process group of its own, which is killed whole if there is no time left.
    private static var options: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(5))
        ]
        return options
    }

    /// What the program has said.
    private struct Said: Sendable {
        var output = ByteBuffer()
        var errors = ByteBuffer()
    }

    private typealias Child = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    /// Writes and reads at the same time, so that neither side waits for the other for ever.
    private func converse(_ child: Child, _ message: SpooledMessage) async throws -> Said {
        try await withThrowingTaskGroup(of: Said.self) { group in
            group.addTask {
                try await write(message, to: child.standardInputWriter)
                return Said()
            }
            group.addTask {
                var said = Said()
                for try await piece in child.standardOutput {
                    said.output.writeBytes(piece.bytes)
                    guard said.output.readableBytes <= settings.outputBytes else {
                        throw HookFailure("more than \(settings.outputBytes) bytes of output")
                    }
                }
                return said
            }
            group.addTask {
                var said = Said()
                for try await piece in child.standardError {
                    // The rest is read, so that the program can go on, and forgotten.
                    if said.errors.readableBytes < Self.errorBytes {
                        said.errors.writeBytes(piece.bytes)
                    }
                }
                return said
            }
            return try await group.reduce(into: Said()) { said, part in
                said.output.writeImmutableBuffer(part.output)
                said.errors.writeImmutableBuffer(part.errors)
            }
        }
    }

    /// So much of standard error is kept for the log.
    private static let errorBytes = 1000

    private func write(_ message: SpooledMessage, to writer: StandardInputWriter) async throws {
        let dropsReturns = settings.lineEnds == .lf
        do {
            try await message.forEachPiece { piece in
                var bytes = Array(piece.readableBytesView)
                // Only sound messages come here: CR stands in front of LF and nowhere else.
                if dropsReturns { bytes.removeAll { $0 == UInt8(ascii: "\r") } }
                _ = try await writer.write(bytes)
            }
            try await writer.finish()
        } catch is SubprocessError {
            // A program may decide without having read everything; its exit status tells.
        }
    }

    private func verdict(
        _ status: TerminationStatus, _ said: Said
    ) throws(HookFailure) -> HookVerdict {
        let line = said.output.readableBytesView.prefix { $0 != UInt8(ascii: "\n") }
        let reason = SafeText.line(line, limit: 200)
        guard case .exited(let code) = status else {
            throw HookFailure("\(settings.command[0]) was killed by a signal")
        }
        let codes = settings.exitCodes
        let number = Int(code)
        let stated = reason.isEmpty ? "exit status \(code)" : reason
        if codes.pass.contains(number) { return HookVerdict(.pass, note: reason) }
        if codes.reject.contains(number) { return HookVerdict(.reject(stated)) }
        if codes.tempfail.contains(number) { return HookVerdict(.tempfail(stated)) }
        if codes.hold.contains(number) { return HookVerdict(.hold(stated)) }
        if codes.discard.contains(number) { return HookVerdict(.discard(stated)) }
        let errors = SafeText.line(said.errors.readableBytesView, limit: 200)
        throw HookFailure("exit status \(code)\(errors.isEmpty ? "" : ": \(errors)")")
    }
}

/// What a program is told of a message beside its content.
enum CommandEnvironment {
    /// The whole environment, each as `NAME=value` with the NUL that ends it.
    static func variables(_ envelope: Envelope) -> [[UInt8]] {
        let origin = envelope.origin
        let recipients = Array(envelope.recipients.joined(separator: [UInt8(ascii: "\n")]))
        var variables: [(String, [UInt8])] = [
            ("PATH", Array("/usr/sbin:/usr/bin:/sbin:/bin".utf8)),
            ("SENDER", envelope.sender),
            ("RECIPIENT_COUNT", Array(String(envelope.accepted).utf8)),
            ("QUEUE_ID", origin.ident),
            ("CLIENT_ADDRESS", origin.address),
            ("CLIENT_NAME", origin.name),
            ("CLIENT_HELO", origin.hello),
            ("CLIENT_PROTOCOL", origin.protocolName),
        ]
        // One variable must stay below 128 KiB, or the kernel does not start the program.
        if recipients.count < 100_000 { variables.append(("RECIPIENTS", recipients)) }
        return variables.map { name, value in
            Array(name.utf8) + [UInt8(ascii: "=")] + value.filter { $0 != 0 } + [0]
        }
    }
}
