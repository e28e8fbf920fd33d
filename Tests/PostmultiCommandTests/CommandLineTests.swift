// Command lines that are refused: the words, and which refusal comes first.
//
// The words are those of the stock program's source.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `A command line` {
    static let usage: ByteString =
        "Usage:postmulti -l [-v] [-a] [-g group] [-i instance] | "
        + "postmulti -p [-v] [-a] [-g group] [-i instance] command... | "
        + "postmulti -x [-v] [-a] [-i name] [-g group] command... | "
        + "postmulti -e action [-v] [-a] [-i name] [-g group] [-I name] "
        + "[-G group] [param=value ...]"

    private static func badAction(_ word: ByteString) -> ByteString {
        "Invalid '-e' edit action '\(word)'. Specify 'create', 'destroy', 'import', 'deport', "
            + "'enable', 'disable', 'assign' or 'init'"
    }

    static let selections: ByteString = "Specity no more than one of '-a', '-g', '-i'"
    static let modes: ByteString = "Specify exactly one of '-e', '-l', '-p', '-x'"
    static let reverse: ByteString = "The '-p' and '-e' options preclude the use of '-R'"
    static let words: ByteString = "Command not allowed with '-l'"
    static let command: ByteString = "Command required with '-p' or '-x' option"
    static let json: ByteString = "JSON output available only with '-l'"
    static let nothing: ByteString = "Specify new instance name or group with '-e assign'"

    /// Command lines with one fault each.
    static let faults: [([ByteString], ByteString)] = [
        ([], modes), (["status"], modes), (["-a"], modes), (["-l", "-x", "true"], modes),
        (["-l", "-p", "start"], modes), (["-p", "-x", "true"], modes),
        (["-e", "init", "-l"], modes), (["-e", "enable", "-e", "disable"], modes),
        (["-x", "-p", "-x", "true"], modes),
        (["-l", "-a", "-g", "x"], selections), (["-l", "-a", "-i", "x"], selections),
        (["-l", "-g", "x", "-i", "x"], selections), (["-l", "-g", "x", "-g", "x"], selections),
        (["-l", "-i", "x", "-i", "x"], selections), (["-l", "-i", "x", "-a"], selections),
        (["-e", "explode"], badAction("explode")), (["-e", ""], badAction("")),
        (["-e", "CREATE"], badAction("CREATE")), (["-e", "dis"], badAction("dis")),
        (["-e", "create "], badAction("create ")),
        (["-e", "assign", "-Ga", "-Ga"], "Specify at most one '-G' option"),
        (["-e", "assign", "-G", "-", "-G", "x"], "Specify at most one '-G' option"),
        (["-e", "assign", "-Ia", "-Ia"], "Specify at most one '-I' option"),
        (["-l", "x"], words), (["-l", "-"], words), (["-p"], command), (["-x", "--"], command),
        (["-p", "-R", "start"], reverse), (["-e", "init", "-R"], reverse),
        (["-l", "-I", "postfix-x"], "Cannot assign instance name or group without '-e assign'"),
        (["-x", "-G", "g", "true"], "Cannot assign instance name or group without '-e assign'"),
        (["-p", "-G", "-", "start"], "Cannot assign instance name or group without '-e assign'"),
        (
            ["-e", "enable", "-G", "g"],
            "Cannot assign instance name or group with '-e enable'"
        ),
        (["-e", "init", "-I", "x"], "Cannot assign instance name or group with '-e init'"),
        (["-e", "destroy", "-I", "x"], "Cannot assign instance name or group with '-e destroy'"),
        (["-e", "assign"], nothing), (["-e", "assign", "-i", "x"], nothing),
        (["-e", "enable", "a=b"], "Parameter overrides not valid with '-e enable'"),
        (["-e", "assign", "-G", "g", "a=b"], "Parameter overrides not valid with '-e assign'"),
        (["-e", "init", ""], "Parameter overrides not valid with '-e init'"),
        (["-j", "-x", "true"], json), (["-j", "-p", "start"], json), (["-je", "init"], json),
    ]

    @Test(arguments: faults)
    func `is refused in the stock program's words`(
        arguments: [ByteString], words: ByteString
    ) {
        #expect(complaint(arguments) == words)
    }

    /// Command lines with two faults: the one named first is reported.
    static let orders: [([ByteString], ByteString)] = [
        // While options are read, the first one that is wrong.
        (["-l", "-e", "explode", "-Ga", "-Gb"], badAction("explode")),
        (["-Ga", "-Gb", "-e", "explode"], "Specify at most one '-G' option"),
        (["-a", "-g", "x", "-e", "explode"], badAction("explode")),
        // Afterwards: selections, modes, words, command, order, assignments, settings, JSON.
        (["-a", "-g", "x"], selections), (["-l", "-x", "-i", "a", "-i", "b"], selections),
        (["-l", "-x", "word"], modes), (["-l", "-p", "-R"], modes),
        (["-l", "-I", "x", "word"], words), (["-p", "-R"], command), (["-x", "-j"], command),
        (["-p", "-I", "x"], command), (["-p", "-R", "-I", "x", "start"], reverse),
        (["-e", "enable", "-R", "-I", "x", "a=b"], reverse), (["-e", "assign", "-R"], reverse),
        (
            ["-e", "enable", "-I", "x", "a=b"],
            "Cannot assign instance name or group with '-e enable'"
        ),
        (["-e", "assign", "a=b"], nothing),
        (["-j", "-e", "init", "a=b"], "Parameter overrides not valid with '-e init'"),
        (["-j", "-e", "assign"], nothing),
    ]

    @Test(arguments: orders)
    func `with two faults is refused for the first`(arguments: [ByteString], words: ByteString) {
        #expect(complaint(arguments) == words)
    }

    @Test(
        arguments: [
            (["-z"], "invalid option -- 'z'"), (["-lz"], "invalid option -- 'z'"),
            (["--list"], "invalid option -- '-'"), (["-h"], "invalid option -- 'h'"),
            (["-e"], "option requires an argument -- 'e'"),
            (["-l", "-i"], "option requires an argument -- 'i'"),
            (["-z", "-e", "explode"], "invalid option -- 'z'"),
        ] as [([ByteString], ByteString)])
    func `with an unknown option gets a line of getopt and the usage`(
        arguments: [ByteString], words: ByteString
    ) {
        let host = hostWithPostfix()
        #expect(host.postmulti(arguments) == 1)
        #expect(
            host.output.errors == "postmulti: \(words)\npostmulti: fatal: \(Self.usage)\n")
        // getopt(3) knows nothing of the log.
        #expect(
            host.log.records == [.init("fatal: \(Self.usage)", tag: "postmulti", severity: .fatal)])
    }

    @Test func `is called by the program's last name`() {
        var host = hostWithPostfix()
        host.arguments = ["/opt/a/multi"]
        #expect(host.runAsCalled() == 1)
        #expect(host.output.errors == "multi: fatal: \(Self.modes)\n")
        #expect(host.log.records.map(\.tag) == ["multi"])
    }
}
