// The actions create and import: expected steps, written by hand.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `Adding an instance` {
    private let files = PostfixFiles(
        """
        $config_directory:d:root:-:755:u
        $data_directory:d:$mail_owner:-:700:uc
        $daemon_directory:d:root:-:755:u
        $queue_directory:d:root:-:755:uc
        $queue_directory/active:d:$mail_owner:-:700:ucr
        $queue_directory/maildrop:d:$mail_owner:$setgid_group:730:uc
        $config_directory/main.cf:f:root:-:644:p
        $config_directory/sasl:d:root:-:755:u
        $queue_directory/old:d:root:-:755:uo
        $queue_directories/not:d:root:-:755:uc
        /etc/postfix:d:root:-:755:uc
        """
    ).entries

    private func missing(_ paths: ByteString...) -> DirectoryFacts {
        DirectoryFacts(realPath: paths.last ?? "", missing: paths, obstacle: nil)
    }

    private func present(_ path: ByteString) -> DirectoryFacts {
        DirectoryFacts(realPath: path, missing: [], obstacle: nil)
    }

    private func file(_ path: ByteString, _ contents: ByteString) -> ConfigFile {
        ConfigFile(
            path: path, contents: contents, attributes: .init(mode: 0o640, owner: 0, group: 5))
    }

    /// What there is for a new instance postfix-x: nothing but the prototypes.
    private func facts() -> NewInstanceFacts {
        NewInstanceFacts(
            mainCF: nil, masterCF: nil, config: missing("/etc/postfix-x"),
            queue: missing("/srv/queues", "/srv/queues/postfix-x"),
            data: missing("/var/lib/postfix-x"),
            mainPrototype: file("/etc/postfix/main.cf.proto", "prototype = yes\n"),
            masterPrototype: file("/etc/postfix/master.cf.proto", "smtp inet\n"),
            metaDirectory: "/etc/postfix", postfixFiles: files,
            accounts: MailAccounts(
                ownerName: "postfix", owner: 105, groupName: "postdrop", group: 114),
            present: [], primary: PrimaryState(wrapper: "postmulti -p --", enable: "yes"))
    }

    private func request(
        _ action: LifecycleRequest.Action = .create, selection: Selection = .unspecified,
        among set: InstanceSet
    ) throws -> NewInstance {
        try NewInstance(
            LifecycleRequest(
                action: action, selection: selection, newName: "postfix-x", newGroup: "mta",
                settings: action == .create ? ["queue_directory=/srv/queues/postfix-x"] : []),
            among: set)
    }

    private func decision(
        _ action: LifecycleRequest.Action = .create, selection: Selection = .unspecified,
        among instances: [Instance] = [], occupied: [OccupiedDirectory] = []
    ) throws -> AddInstance {
        let set = try instanceSet(of: instances)
        return AddInstance(
            try request(action, selection: selection, among: set), instances: set,
            registration: registration("a = b\n"), occupied: occupied)
    }

    @Test func `makes directories, owners, files, and registers it last`() throws {
        let addition = try decision().creating(facts())
        func permissions(
            _ path: ByteString, _ mode: UInt32, owner: UInt32 = 0, group: UInt32? = nil,
            deep: Bool = false
        ) -> ChangeSet.Step {
            .setPermissions(
                .init(path: path, mode: mode, owner: owner, group: group, includesContents: deep))
        }
        let queue: ByteString = "/srv/queues/postfix-x"
        #expect(
            addition.changes.preparation.dropLast(2) == [
                .makeDirectory(path: "/etc/postfix-x", mode: 0o755),
                .makeDirectory(path: "/srv/queues", mode: 0o755),
                .makeDirectory(path: queue, mode: 0o755),
                .makeDirectory(path: "/var/lib/postfix-x", mode: 0o700),
                permissions("/etc/postfix-x", 0o755),
                permissions("/var/lib/postfix-x", 0o700, owner: 105),
                permissions(queue, 0o755),
                .makeDirectory(path: "\(queue)/active", mode: 0o700),
                permissions("\(queue)/active", 0o700, owner: 105, deep: true),
                .makeDirectory(path: "\(queue)/maildrop", mode: 0o700),
                permissions("\(queue)/maildrop", 0o730, owner: 105, group: 114),
            ])
        #expect(
            addition.changes.preparation.suffix(2) == [
                .createFile(
                    path: "/etc/postfix-x/main.cf",
                    contents: """
                        prototype = yes
                        authorized_submit_users = \n\
                        data_directory = /var/lib/postfix-x
                        master_service_disable = inet
                        queue_directory = /srv/queues/postfix-x
                        multi_instance_group = mta
                        multi_instance_name = postfix-x

                        """,
                    attributes: .init(mode: 0o640, owner: 0, group: 5)),
                .createFile(
                    path: "/etc/postfix-x/master.cf", contents: "smtp inet\n",
                    attributes: .init(mode: 0o640, owner: 0, group: 5)),
            ])
        #expect(
            addition.changes.commit
                == .editFile(
                    path: "/etc/postfix/main.cf", old: "a = b\n",
                    new: "a = b\nmulti_instance_directories = /etc/postfix-x\n"))
        #expect(addition.changes.completion.isEmpty)
        #expect(addition.changes.title == "create postfix-x")
        #expect(addition.instance.name?.text == "postfix-x")
        #expect(!addition.instance.isEnabled)
    }

    @Test func `sets owners of what is there only when it is registered`() throws {
        var facts = facts()
        facts.queue = present("/srv/queues/postfix-x")
        facts.present = ["/srv/queues/postfix-x", "/srv/queues/postfix-x/maildrop"]
        let changes = try decision().creating(facts).changes
        let owner = ChangeSet.Permissions(
            path: "/srv/queues/postfix-x", mode: 0o755, owner: 0, group: nil,
            includesContents: false)
        #expect(changes.completion.first == .setPermissions(owner))
        #expect(changes.completion.count == 2)
        #expect(
            changes.preparation.contains(
                .makeDirectory(path: "/srv/queues/postfix-x/active", mode: 0o700)))
        #expect(
            !changes.preparation.contains(
                .makeDirectory(path: "/srv/queues/postfix-x", mode: 0o755)))
    }

    @Test func `puts it at its place in the list`() throws {
        let others = [secondary("postfix-a"), secondary("postfix-b", group: "g")]
        let rows: [(Selection, ByteString)] = [
            (.unspecified, "/etc/postfix-a /etc/postfix-b /etc/postfix-x"),
            (.all, "/etc/postfix-x /etc/postfix-a /etc/postfix-b"),
            (.group("g"), "/etc/postfix-a /etc/postfix-x /etc/postfix-b"),
        ]
        for (selection, list) in rows {
            let addition = try decision(selection: selection, among: others).creating(facts())
            guard case .editFile(_, _, let new)? = addition.changes.commit else { continue }
            #expect(MainCF(new).value(of: "multi_instance_directories") == list)
        }
    }

    @Test func `never loses another one, wherever it goes`() throws {
        let others = (1...6).map { secondary("postfix-\($0)", group: "g\($0 % 3)") }
        let selections: [Selection] =
            [.unspecified, .all] + (0...2).map { .group("g\($0)") }
            + (1...6).map { .instance("\($0)") }
        for selection in selections {
            let addition = try decision(selection: selection, among: others).creating(facts())
            guard case .editFile(_, _, let new)? = addition.changes.commit else {
                Issue.record("no registration")
                continue
            }
            var list = ParameterList.split(
                MainCF(new).value(of: "multi_instance_directories") ?? "")
            #expect(list.count == 7)
            #expect(list.remove(at: addition.position) == "/etc/postfix-x")
            #expect(list == others.map(\.configDirectory))
        }
    }

    @Test func `imports what is there, and edits only its names`() throws {
        var facts = facts()
        facts.config = present("/etc/postfix-x")
        facts.mainCF = file("/etc/postfix-x/main.cf", "multi_instance_group = old\n")
        facts.masterCF = file("/etc/postfix-x/master.cf", "anything")
        var existing = secondary("postfix-x", group: "old", isEnabled: true)
        existing.name = nil
        let addition = try decision(.import).importing(existing, facts: facts)
        #expect(addition.changes.title == "import postfix-x")
        #expect(
            addition.changes.preparation.last
                == .editFile(
                    path: "/etc/postfix-x/main.cf", old: "multi_instance_group = old\n",
                    new: "multi_instance_group = mta\nmulti_instance_name = postfix-x\n"))
        #expect(addition.instance.isEnabled)
        #expect(addition.instance.group?.text == "mta")
    }

    @Test func `imports without an edit what has its names already`() throws {
        var facts = facts()
        facts.config = present("/etc/postfix-x")
        facts.mainCF = file("/etc/postfix-x/main.cf", "multi_instance_name  =  postfix-x\n")
        facts.masterCF = file("/etc/postfix-x/master.cf", "anything")
        let addition = try decision(.import)
            .importing(secondary("postfix-x", group: "mta"), facts: facts)
        #expect(
            !addition.changes.preparation.contains {
                if case .editFile = $0 { true } else { false }
            })
    }

    @Test(arguments: ["main.cf", "master.cf"] as [ByteString])
    func `refuses half an instance`(file name: ByteString) throws {
        var facts = facts()
        let lone = file("/etc/postfix-x/\(name)", "somebody's work")
        if name == "main.cf" { facts.mainCF = lone } else { facts.masterCF = lone }
        let other: ByteString = name == "main.cf" ? "master.cf" : "main.cf"
        let decision = try decision()
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .lacksFile(configDirectory: "/etc/postfix-x", file: other))
        let importing = try self.decision(.import)
        #expect(
            refusal { _ = try importing.importing(secondary("postfix-x"), facts: facts) }
                == .lacksFile(configDirectory: "/etc/postfix-x", file: other))
    }

    @Test func `refuses to begin without prototypes`() throws {
        let decision = try decision()
        var lacking = facts()
        lacking.mainPrototype = nil
        #expect(
            refusal { _ = try decision.creating(lacking) }
                == .missingPrototype(file: "main.cf", path: "/etc/postfix/main.cf.proto"))
        lacking = facts()
        lacking.masterPrototype = nil
        #expect(
            refusal { _ = try decision.creating(lacking) }
                == .missingPrototype(file: "master.cf", path: "/etc/postfix/master.cf.proto"))
    }

    @Test(
        arguments: [
            ("", "yes", .wrapperNotSet), ("x", "no", .primaryNotEnabled),
            ("x", "YES", .primaryNotEnabled), ("", "no", .wrapperNotSet),
        ] as [(ByteString, ByteString, LifecycleRefusal)])
    func `refuses a primary that is not ready`(
        wrapper: ByteString, enable: ByteString, reason: LifecycleRefusal
    ) throws {
        let decision = try decision()
        var facts = facts()
        facts.primary = PrimaryState(wrapper: wrapper, enable: enable)
        #expect(refusal { _ = try decision.creating(facts) } == reason)
    }

    @Test func `refuses directories that overlap or are the system's own`() throws {
        let other = OccupiedDirectory(
            owner: .init(configDirectory: "/etc/a", parameter: "queue_directory"),
            realPath: "/srv/queues")
        #expect(
            refusal { _ = try decision(occupied: [other]).creating(facts()) }
                == .overlap(
                    parameter: "queue_directory", path: "/srv/queues/postfix-x", other: other))
        var linked = facts()
        linked.data = present("/var/lib")
        #expect(
            refusal { _ = try decision().creating(linked) }
                == .systemDirectory(parameter: "data_directory", path: "/var/lib"))
        var blocked = facts()
        blocked.data = DirectoryFacts(realPath: "/f/x", missing: [], obstacle: "/f")
        #expect(refusal { _ = try decision().creating(blocked) } == .notDirectory(path: "/f"))
    }

    @Test func `refuses a name that another one has`() throws {
        var other = secondary("postfix-x")
        other.configDirectory = "/etc/other"
        other.queueDirectory = "/other/q"
        other.dataDirectory = "/other/d"
        let reason = refusal { _ = try decision(among: [other]).creating(facts()) }
        guard case .conflict(let conflict)? = reason else {
            Issue.record("\(String(describing: reason))")
            return
        }
        #expect(conflict.claimant.parameter == "multi_instance_name")
        #expect(conflict.owner.configDirectory == "/etc/other")
    }

    @Test func `refuses accounts and modes that it does not know`() throws {
        let decision = try decision()
        var facts = facts()
        facts.accounts = MailAccounts(ownerName: "nobody", owner: nil, groupName: "g", group: 1)
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .unknownAccount(parameter: "mail_owner", value: "nobody"))
        facts.accounts = MailAccounts(ownerName: "o", owner: 1, groupName: "nogroup", group: nil)
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .unknownAccount(parameter: "setgid_group", value: "nogroup"))
        facts = self.facts()
        facts.postfixFiles = PostfixFiles("$queue_directory:d:root:-:rwx:uc\n").entries
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .badPostfixFiles(entry: "$queue_directory"))
        facts.postfixFiles = PostfixFiles("$queue_directory:d:daemon:-:755:uc\n").entries
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .unknownAccount(parameter: "postfix-files", value: "daemon"))
    }
}
