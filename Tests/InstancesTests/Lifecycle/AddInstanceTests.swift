// The actions create and import: expected steps, written by hand.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `Adding an instance` {
    private typealias Example = NewInstanceExample

    @Test func `makes directories, owners, files, and registers it last`() throws {
        let addition = try Example.decision().creating(Example.facts())
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
        var facts = Example.facts()
        facts.queue = Example.present("/srv/queues/postfix-x")
        facts.present = ["/srv/queues/postfix-x", "/srv/queues/postfix-x/maildrop"]
        let changes = try Example.decision().creating(facts).changes
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
            let addition = try Example.decision(selection: selection, among: others).creating(
                Example.facts())
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
            let addition = try Example.decision(selection: selection, among: others).creating(
                Example.facts())
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
        var facts = Example.facts()
        facts.config = Example.present("/etc/postfix-x")
        facts.mainCF = Example.file("/etc/postfix-x/main.cf", "multi_instance_group = old\n")
        facts.masterCF = Example.file("/etc/postfix-x/master.cf", "anything")
        var existing = secondary("postfix-x", group: "old", isEnabled: true)
        existing.name = nil
        let addition = try Example.decision(.import).importing(existing, facts: facts)
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
        var facts = Example.facts()
        facts.config = Example.present("/etc/postfix-x")
        facts.mainCF = Example.file("/etc/postfix-x/main.cf", "multi_instance_name  =  postfix-x\n")
        facts.masterCF = Example.file("/etc/postfix-x/master.cf", "anything")
        let addition = try Example.decision(.import)
            .importing(secondary("postfix-x", group: "mta"), facts: facts)
        #expect(
            !addition.changes.preparation.contains {
                if case .editFile = $0 { true } else { false }
            })
    }
}
