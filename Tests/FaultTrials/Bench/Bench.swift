// The host that trials are played on: a sandbox with one Postfix, reset before each case.
//
// It must never run outside a sandbox: it removes every instance that it finds.

import Bytes
import Glibc
import TestSupport

/// The sandbox as trials use it.
final class Bench {
    /// Why there is no bench.
    struct Failure: Error, CustomStringConvertible { var description: String }

    /// True if the program under test is the stock one, which says many things to the log only.
    let isStock: Bool

    private let surroundings: HostTree.Surroundings
    /// What `postfix status` said of each set of files that it was asked about.
    private var statusAnswers: [HostTree: String?] = [:]

    /// The pristine host: a Postfix that has never heard of instances.
    let pristine: HostTree

    init(isStock: Bool) throws {
        self.isStock = isStock
        guard Self.isInSandbox else {
            throw Failure(description: "not in a sandbox: start me with scripts/faults")
        }
        surroundings = try HostTree.Surroundings()
        try Self.shell(Self.pristineScript)
        pristine = try HostTree(except: surroundings)
    }

    /// True if the first process is the one that scripts/sandbox leaves there.
    private static var isInSandbox: Bool {
        guard let words = try? Disk.content(of: "/proc/1/cmdline") else { return false }
        return words.bytes.split(separator: 0).contains { ByteString($0) == "sandbox" }
    }

    /// The host's present files.
    func tree() throws -> HostTree { try HostTree(except: surroundings) }

    /// Gives the host the files of an earlier time.
    func reset(to wanted: HostTree) throws { try wanted.restore(from: tree()) }

    /// Runs shell text that must succeed.
    static func shell(_ script: String) throws {
        let result = try ChildProcess("/bin/sh", ["-ec", ByteString(script)]).run()
        guard result.succeeded else {
            throw Failure(description: "\(script)\n\(result.output)\(result.errors)")
        }
    }

    // MARK: the program under test

    /// What was run, for messages: as a shell would want it.
    typealias Answer = ChildProcess.Result

    /// Runs postmulti with these arguments.
    ///
    /// - Parameter tracer: A program that runs it, such as strace, with the program's arguments.
    func postmulti(
        _ arguments: [ByteString], tracer: [ByteString] = [], deadlineSeconds: Int = 30
    ) throws -> Answer {
        try command(arguments, tracer: tracer, deadlineSeconds: deadlineSeconds).run()
    }

    /// The child that `postmulti` runs, for those who want to start it themselves.
    func command(
        _ arguments: [ByteString], tracer: [ByteString] = [], deadlineSeconds: Int = 30
    ) -> ChildProcess {
        let words = tracer + ["/usr/sbin/postmulti"] + arguments
        var child = ChildProcess(words[0], Array(words.dropFirst()))
        child.deadlineSeconds = deadlineSeconds
        return child
    }

    /// Runs postmulti where nothing goes wrong; throws if it fails.
    func mustSucceed(_ arguments: [ByteString]) throws {
        ageConfiguration()
        let answer = try postmulti(arguments)
        guard answer.succeeded else {
            throw Failure(description: "postmulti \(arguments): \(answer.errors)")
        }
    }

    /// A host with the enabled `postfix-out`, in group mta, and with `postfix-new`.
    func hostOfTwo() throws -> HostTree {
        try reset(to: pristine)
        try mustSucceed(["-e", "init"])
        try mustSucceed(["-e", "create", "-I", "postfix-out", "-G", "mta"])
        try mustSucceed(["-e", "enable", "-i", "out"])
        try mustSucceed(["-e", "create", "-I", "postfix-new"])
        return try tree()
    }

    /// The output of `postmulti -l`; nil if it fails or complains.
    func listing() throws -> ByteString? {
        ageConfiguration()
        let answer = try postmulti(["-l"])
        return answer.succeeded && answer.errors.isEmpty ? answer.output : nil
    }

    /// Why `postfix status` does not work for the primary; nil if it does.
    ///
    /// The answer depends on the files only, so each set of files is asked about once.
    func postfixComplaint(_ tree: HostTree) throws -> String? {
        let files = tree.withoutOwnState
        if let known = statusAnswers[files] { return known }
        ageConfiguration()
        // Off a terminal it would tell the log only.
        let terminal: [ByteString] = ["-qec", "/usr/sbin/postfix status", "/dev/null"]
        let text = try ChildProcess("/usr/bin/script", terminal).run().output.text
        let works = text.contains("the Postfix mail system is not running")
        let complaint = works && !text.contains("fatal:") ? nil : "postfix status: \(text)"
        statusAnswers[files] = complaint
        return complaint
    }

    /// Makes all main.cf look old, so that the stock programs do not wait.
    func ageConfiguration() {
        // What cannot be listed is made by the trial that is under way, and judged there.
        for name in (try? Disk.names(in: "/etc")) ?? [] where name.hasPrefix("postfix") {
            Disk.age("/etc/\(name)/main.cf")
        }
    }

    /// Takes away all instances, and what ours keeps; the first run of the program fills its cache.
    private static let pristineScript = """
        \(PristineHost.settle)
        rm -rf /var/lib/postilion /var/cache/postilion /run/postilion
        cd /var/spool/postfix && rm -rf etc lib usr dev
        \(PristineHost.making)
        postmulti -l >/dev/null
        """
}
