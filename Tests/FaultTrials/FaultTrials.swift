// Plays one section of the fault trials in a sandbox and tells the result in lines.
//
//   FaultTrials SECTION [--every N] [--part I/K] [--only TEXT] [--stock]
//
//   --every N    plays only each Nth case, and so many fewer rounds
//   --part I/K   plays the Ith of K shares (from 1), so that several processes share the work
//   --only TEXT  plays only cases with TEXT in their names
//   --stock      the program under test is the stock one, which is asked less
//
//   FaultTrials swap DIRECTORY TARGET    swaps a directory for a link until it is killed
//
// It must be started by scripts/faults or by a test: it refuses to run outside a sandbox.

import Bytes
import Glibc

@main
struct FaultTrials {
    static func main() {
        let words = CommandLine.arguments.dropFirst().map { ByteString($0) }
        if words.first == "swap", words.count == 3 {
            Race.run(directory: words[1], target: words[2])
        }
        do {
            let scope = try Scope(Array(CommandLine.arguments.dropFirst()))
            let tallies = try scope.section.play(
                on: Bench(isStock: scope.isStock), scope)
            for tally in tallies { write(tally.report) }
        } catch {
            write("broken\t\(error)\n")
            exit(2)
        }
    }

    /// Writes to standard output at once.
    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe Glibc.write(STDOUT_FILENO, bytes, bytes.count)
    }
}
