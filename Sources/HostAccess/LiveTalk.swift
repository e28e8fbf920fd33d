// Children that are given something to read: a message, or a line that holds them.

package import Bytes
import Glibc

extension LiveProcessRunner {
    package func converse(
        _ command: ChildCommand, input: ByteString, limitBytes: Int, limitSeconds: Int
    ) throws(ProcessError) -> CapturedOutput {
        let file: UnnamedFile
        do throws(FileError) {
            file = try UnnamedFile(in: "/tmp")
            try file.write(input.bytes.span, at: 0)
        } catch {
            throw .cannotStart(program: command.program, error: .inputOutput)
        }
        let pipe = try Pipe(for: command)
        let child = try spawnSearching(
            command,
            Redirection(source: file.number, output: pipe.writeEnd, error: pipe.writeEnd))
        pipe.closeWriteEnd()
        return try finish(
            child, pipe, command.program, limitBytes: limitBytes, limitSeconds: limitSeconds)
    }

    package func runTethered(_ command: ChildCommand) throws(ProcessError) -> ExitStatus {
        let pipe = try Pipe(for: command)
        let child = try spawnSearching(command, Redirection(source: pipe.readEnd))
        let status = wait(for: child)
        // Until here the writing end is open: its closing is what the child would see.
        pipe.closeWriteEnd()
        return status
    }
}
