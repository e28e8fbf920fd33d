// The actions create and import: what they refuse.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `Adding an instance is refused` {
    private typealias Example = NewInstanceExample

    @Test(arguments: ["main.cf", "master.cf"] as [ByteString])
    func `over half an instance`(file name: ByteString) throws {
        var facts = Example.facts()
        let lone = Example.file("/etc/postfix-x/\(name)", "somebody's work")
        if name == "main.cf" { facts.mainCF = lone } else { facts.masterCF = lone }
        let other: ByteString = name == "main.cf" ? "master.cf" : "main.cf"
        let decision = try Example.decision()
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .lacksFile(configDirectory: "/etc/postfix-x", file: other))
        let importing = try Example.decision(.import)
        #expect(
            refusal { _ = try importing.importing(secondary("postfix-x"), facts: facts) }
                == .lacksFile(configDirectory: "/etc/postfix-x", file: other))
    }

    @Test func `without prototypes`() throws {
        let decision = try Example.decision()
        var lacking = Example.facts()
        lacking.mould.mainPrototype = nil
        #expect(
            refusal { _ = try decision.creating(lacking) }
                == .missingPrototype(file: "main.cf", path: "/etc/postfix/main.cf.proto"))
        lacking = Example.facts()
        lacking.mould.masterPrototype = nil
        #expect(
            refusal { _ = try decision.creating(lacking) }
                == .missingPrototype(file: "master.cf", path: "/etc/postfix/master.cf.proto"))
    }

    @Test(
        arguments: [
            ("", "yes", .wrapperNotSet), ("x", "no", .primaryNotEnabled),
            ("x", "YES", .primaryNotEnabled), ("", "no", .wrapperNotSet),
        ] as [(ByteString, ByteString, LifecycleRefusal)])
    func `by a primary that is not ready`(
        wrapper: ByteString, enable: ByteString, reason: LifecycleRefusal
    ) throws {
        let decision = try Example.decision()
        var facts = Example.facts()
        facts.primary = PrimaryState(wrapper: wrapper, enable: enable)
        #expect(refusal { _ = try decision.creating(facts) } == reason)
    }

    @Test func `in directories that overlap or are the system's own`() throws {
        let other = OccupiedDirectory(
            owner: .init(configDirectory: "/etc/a", parameter: "queue_directory"),
            realPath: "/srv/queues")
        #expect(
            refusal { _ = try Example.decision(occupied: [other]).creating(Example.facts()) }
                == .overlap(
                    parameter: "queue_directory", path: "/srv/queues/postfix-x", other: other))
        var linked = Example.facts()
        linked.data = Example.present("/var/lib")
        #expect(
            refusal { _ = try Example.decision().creating(linked) }
                == .systemDirectory(parameter: "data_directory", path: "/var/lib"))
        var blocked = Example.facts()
        blocked.data = DirectoryFacts(realPath: "/f/x", missing: [], obstacle: "/f")
        #expect(
            refusal { _ = try Example.decision().creating(blocked) } == .notDirectory(path: "/f"))
    }

    @Test func `under a name that another one has`() throws {
        var other = secondary("postfix-x")
        other.configDirectory = "/etc/other"
        other.queueDirectory = "/other/q"
        other.dataDirectory = "/other/d"
        let reason = refusal { _ = try Example.decision(among: [other]).creating(Example.facts()) }
        guard case .conflict(let conflict)? = reason else {
            Issue.record("\(String(describing: reason))")
            return
        }
        #expect(conflict.claimant.parameter == "multi_instance_name")
        #expect(conflict.owner.configDirectory == "/etc/other")
    }

    @Test func `with accounts and modes that are not known`() throws {
        let decision = try Example.decision()
        var facts = Example.facts()
        facts.accounts = MailAccounts(ownerName: "nobody", owner: nil, groupName: "g", group: 1)
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .unknownAccount(parameter: "mail_owner", value: "nobody"))
        facts.accounts = MailAccounts(ownerName: "o", owner: 1, groupName: "nogroup", group: nil)
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .unknownAccount(parameter: "setgid_group", value: "nogroup"))
        facts = Example.facts()
        facts.mould.postfixFiles = PostfixFiles("$queue_directory:d:root:-:rwx:uc\n").entries
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .badPostfixFiles(entry: "$queue_directory"))
        facts.mould.postfixFiles = PostfixFiles("$queue_directory:d:daemon:-:755:uc\n").entries
        #expect(
            refusal { _ = try decision.creating(facts) }
                == .unknownAccount(parameter: "postfix-files", value: "daemon"))
    }
}
