// The actions deport and destroy: what goes, what stays, and what is refused.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `Removing an instance` {
    private let main: ByteString = "multi_instance_directories = /etc/postfix-a /etc/postfix-x\n"
    private let config: ByteString = "/etc/postfix-x"
    private let queue: ByteString = "/var/spool/postfix-x"
    private let data: ByteString = "/var/lib/postfix-x"

    private var decision: RemoveInstance {
        RemoveInstance(
            configDirectory: config, displayName: "postfix-x", registration: registration(main),
            remaining: ["/etc/postfix-a"])
    }

    private func facts(
        _ tree: [TreeEntry], caches: Set<ByteString> = [], isRunning: Bool = false,
        hasMainCF: Bool = true
    ) -> RemovalFacts {
        RemovalFacts(
            hasMainCF: hasMainCF, isRunning: isRunning, configDirectory: config,
            queueDirectory: queue, dataDirectory: data,
            queueNames: ["active", "bounce", "deferred", "maildrop", "pid", "private", "public"],
            cachePaths: caches, tree: tree)
    }

    private func file(_ path: ByteString) -> TreeEntry { TreeEntry(path: path, kind: .file) }

    private func directory(_ path: ByteString) -> TreeEntry {
        TreeEntry(path: path, kind: .directory)
    }

    private var configFiles: [TreeEntry] {
        [file("\(config)/main.cf"), file("\(config)/master.cf")]
    }

    private let unregistered: ChangeSet.Step = .editFile(
        path: "/etc/postfix/main.cf",
        old: "multi_instance_directories = /etc/postfix-a /etc/postfix-x\n",
        new: "multi_instance_directories = /etc/postfix-a\n")

    @Test(.timeLimit(.minutes(1))) func `is not held up by many files that stay`() throws {
        let strangers = (0..<30_000).map { file("\(data)/\($0)") }
        let queues = (0..<256).map { directory("\(queue)/deferred/\($0)") }
        let changes = try decision.destroying(facts(queues + strangers))
        #expect(changes.notices.count > strangers.count)
    }

    @Test func `destroys a fresh one altogether, innermost first`() throws {
        let changes = try decision.destroying(
            facts(
                configFiles + [
                    directory("\(queue)/active"), directory("\(queue)/deferred"),
                    directory("\(queue)/deferred/A"), directory("\(queue)/deferred/A/0"),
                ]))
        #expect(changes.commit == unregistered)
        #expect(changes.preparation.isEmpty)
        #expect(
            changes.completion == [
                .removeDirectory(path: "\(queue)/deferred/A/0"),
                .removeDirectory(path: "\(queue)/deferred/A"),
                .removeDirectory(path: "\(queue)/deferred"),
                .removeDirectory(path: "\(queue)/active"),
                .removeFile(path: "\(config)/master.cf"), .removeFile(path: "\(config)/main.cf"),
                // The longest path first: one of them may lie within another.
                .removeDirectory(path: queue), .removeDirectory(path: data),
                .removeDirectory(path: config),
            ])
        #expect(changes.notices.isEmpty)
    }

    @Test func `destroys what a run has made`() throws {
        let made = [
            TreeEntry(path: "\(queue)/private/smtp", kind: .socket),
            TreeEntry(path: "\(queue)/public/pickup", kind: .pipe),
            file("\(queue)/pid/master.pid"), file("\(queue)/pid/unix.smtp"),
            file("\(queue)/pid/inet.25"), file("\(queue)/bounce/B/BA12"),
            file("\(data)/master.lock"), file("\(data)/prng_exch"),
            file("\(data)/verify_cache.db"), file("\(config)/main.cf.tmp"),
        ]
        let parents = [
            directory("\(queue)/private"), directory("\(queue)/public"),
            directory("\(queue)/pid"), directory("\(queue)/bounce"),
            directory("\(queue)/bounce/B"),
        ]
        let changes = try decision.destroying(
            facts(parents + made, caches: ["\(data)/verify_cache.db"]))
        for entry in made {
            #expect(changes.completion.contains(.removeFile(path: entry.path)), "\(entry.path)")
        }
        #expect(changes.notices.isEmpty)
    }

    /// Things that Postfix does not make, and the directory that stays for each.
    static let strange: [(ByteString, TreeEntry.Kind)] = [
        ("/etc/postfix-x/access", .file), ("/etc/postfix-x/main.cf.old", .file),
        ("/etc/postfix-x/sasl", .directory), ("/etc/postfix-x/main.cf", .directory),
        ("/etc/postfix-x/master.cf", .other), ("/var/lib/postfix-x/notes", .file),
        ("/var/lib/postfix-x/prng_exch", .directory), ("/var/spool/postfix-x/etc", .directory),
        ("/var/spool/postfix-x/README", .file), ("/var/spool/postfix-x/private/file", .file),
        ("/var/spool/postfix-x/pid/mine", .file), ("/var/spool/postfix-x/public/link", .other),
        ("/var/spool/postfix-x/active/long", .directory),
        ("/var/spool/postfix-x/deferred/socket", .socket),
    ]

    @Test(arguments: strange)
    func `leaves a stranger's things and names them`(
        path: ByteString, kind: TreeEntry.Kind
    ) throws {
        let parents = ["active", "deferred", "pid", "private", "public"]
            .map { directory("\(queue)/\($0)") }
        let changes = try decision.destroying(
            facts(parents + [TreeEntry(path: path, kind: kind)]))
        let removed = changes.completion.map { step in
            switch step {
            case .removeFile(let path), .removeDirectory(let path): path
            default: "" as ByteString
            }
        }
        // Neither the thing itself nor any directory on the way to it goes.
        #expect(!removed.contains(path))
        #expect(!removed.contains { path.hasPrefix("\($0)/") })
        let named = changes.notices.map { notice in
            if case .leftBehind(let path) = notice { path } else { "" as ByteString }
        }
        let top = [config, queue, data].first { path.hasPrefix("\($0)/") } ?? ""
        // Named are the instance's directory and the thing itself.
        #expect(named == [top, path])
        #expect(changes.commit == unregistered)
    }

    @Test func `names a stranger's directory once, for all that is in it`() throws {
        let changes = try decision.destroying(
            facts([
                directory("\(queue)/private"), directory("\(queue)/private/mine"),
                file("\(queue)/private/mine/file"), file("\(queue)/private/other"),
            ]))
        #expect(
            changes.notices == [
                .leftBehind(path: queue), .leftBehind(path: "\(queue)/private/mine"),
                .leftBehind(path: "\(queue)/private/other"),
            ])
    }

    @Test func `names each link to its directories once, wherever it lies`() throws {
        var facts = facts([TreeEntry(path: "\(config)/lib", kind: .other)])
        facts.links = ["\(config)/lib", "/var/spool/link"]
        let changes = try decision.destroying(facts)
        #expect(
            changes.notices == [
                .leftBehind(path: config), .leftBehind(path: "\(config)/lib"),
                .leftBehind(path: "/var/spool/link"),
            ])
        #expect(
            changes.completion == [.removeDirectory(path: queue), .removeDirectory(path: data)])
    }

    /// The jail of the tests below: all of it is the system's as well but what is called mine.
    private var jail: RemovalFacts {
        var facts = facts([
            directory("\(queue)/etc"), file("\(queue)/etc/hosts"), file("\(queue)/etc/mine"),
            directory("\(queue)/etc/ssl"), file("\(queue)/etc/ssl/mine"),
            directory("\(queue)/usr"), directory("\(queue)/usr/lib"),
            directory("\(queue)/usr/lib/sasl2"),
        ])
        facts.jailCopies = Set(facts.tree.map(\.path).filter { !$0.hasSuffix("/mine") })
        return facts
    }

    @Test func `removes a jail's copies of the system's files and what held nothing else`() throws {
        var facts = jail
        facts.tree.removeAll { $0.path.hasSuffix("/mine") }
        let changes = try decision.destroying(facts)
        #expect(changes.notices.isEmpty)
        #expect(
            changes.completion == [
                .removeDirectory(path: "\(queue)/usr/lib/sasl2"),
                .removeDirectory(path: "\(queue)/usr/lib"),
                .removeDirectory(path: "\(queue)/usr"),
                .removeDirectory(path: "\(queue)/etc/ssl"),
                .removeFile(path: "\(queue)/etc/hosts"), .removeDirectory(path: "\(queue)/etc"),
                .removeDirectory(path: queue), .removeDirectory(path: data),
                .removeDirectory(path: config),
            ])
    }

    @Test func `names what is no copy in a jail, a directory of such once`() throws {
        let changes = try decision.destroying(jail)
        #expect(
            changes.notices == [
                .leftBehind(path: queue), .leftBehind(path: "\(queue)/etc/mine"),
                .leftBehind(path: "\(queue)/etc/ssl"),
            ])
        #expect(
            changes.completion == [
                .removeDirectory(path: "\(queue)/usr/lib/sasl2"),
                .removeDirectory(path: "\(queue)/usr/lib"),
                .removeDirectory(path: "\(queue)/usr"), .removeFile(path: "\(queue)/etc/hosts"),
                .removeDirectory(path: data), .removeDirectory(path: config),
            ])
    }

    @Test func `is refused while mail is queued, with counts`() throws {
        let mail = [
            file("\(queue)/maildrop/1A"), file("\(queue)/deferred/A/A0"),
            file("\(queue)/deferred/A0A"), file("\(queue)/hold/H"), file("\(queue)/corrupt/C"),
            file("\(queue)/incoming/I"), file("\(queue)/active/X"),
        ]
        #expect(
            refusal { _ = try decision.destroying(facts(mail)) }
                == .hasQueuedMail(
                    configDirectory: config,
                    counts: [
                        .init(queue: "maildrop", messages: 1),
                        .init(queue: "incoming", messages: 1),
                        .init(queue: "active", messages: 1), .init(queue: "deferred", messages: 2),
                        .init(queue: "hold", messages: 1), .init(queue: "corrupt", messages: 1),
                    ]))
    }

    @Test func `does not take logs of mail for mail`() throws {
        let logs = [file("\(queue)/bounce/1"), file("\(queue)/defer/1"), file("\(queue)/trace/1")]
        _ = try decision.destroying(facts(logs))
    }

    @Test func `is refused while it runs`() {
        let facts = facts([], isRunning: true)
        let reason = LifecycleRefusal.notStopped(configDirectory: config)
        #expect(refusal { _ = try decision.destroying(facts) } == reason)
        #expect(refusal { _ = try decision.deporting(facts) } == reason)
    }

    @Test func `deports by one edit that keeps it usable`() throws {
        let changes = try decision.deporting(facts(configFiles))
        #expect(changes.title == "deport postfix-x")
        #expect(changes.preparation.isEmpty && changes.completion.isEmpty)
        guard case .editFile(_, main, let new)? = changes.commit else {
            Issue.record("\(changes)")
            return
        }
        #expect(MainCF(new).value(of: "multi_instance_directories") == "/etc/postfix-a")
        #expect(MainCF(new).value(of: "alternate_config_directories") == config)
    }

    @Test func `deports one that is gone by forgetting it`() throws {
        let changes = try decision.deporting(facts([], hasMainCF: false))
        #expect(changes.commit == unregistered)
    }

    @Test func `destroys a broken one as far as it is known`() throws {
        var facts = facts(configFiles)
        facts.queueDirectory = nil
        facts.dataDirectory = nil
        let changes = try decision.destroying(facts)
        #expect(
            changes.completion == [
                .removeFile(path: "\(config)/master.cf"), .removeFile(path: "\(config)/main.cf"),
                .removeDirectory(path: config),
            ])
        facts.configDirectory = nil
        facts.tree = []
        #expect(try decision.destroying(facts).completion.isEmpty)
    }
}
