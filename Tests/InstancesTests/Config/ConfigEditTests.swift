// Edits of parameters as tables: what files become, what is refused, and what has to happen next.

import Bytes
import Instances
import PostfixFormats
import Testing

private let masterText: ByteString = """
    smtp      inet  n       -       y       -       -       smtpd
    submission inet n       -       y       -       -       smtpd
      -o smtpd_tls_security_level=may
      -o smtpd_sender_restrictions=$mua_sender_restrictions
    slow      unix  -       -       n       -       -       smtp

    """

private let types = Observed<Set<ByteString>>.known(["hash", "proxy", "inline", "unix", "regexp"])

/// An instance of that name with these lines in main.cf.
func configured(
    _ name: ByteString = "postfix-x", _ lines: ByteString = "", master: ByteString = masterText
) -> ConfiguredInstance {
    let text: ByteString = """
        queue_directory = /var/spool/\(name)
        data_directory = /var/lib/\(name)
        multi_instance_name = \(name)
        \(lines)

        """
    return ConfiguredInstance(
        member: .instance(secondary(name)),
        parameters: parameters(text, configDirectory: "/etc/\(name)"),
        masterCF: .known(MasterCF(master)))
}

private func edit(_ items: [(String, String?)], isForced: Bool = false) throws -> ConfigEdit {
    ConfigEdit(
        try items.map { word, value in
            .init(try #require(ConfigName(ByteString(word))), value.map { ByteString($0) })
        }, isForced: isForced)
}

@Suite struct `A name of something to configure` {
    @Test func `is a parameter, a field of services, or a parameter of services`() {
        #expect(ConfigName("myhostname") == .parameter("myhostname"))
        #expect(ConfigName("smtp/inet/chroot") == .field(ServicePattern("smtp", "inet"), .chroot))
        #expect(ConfigName("*/unix/myorigin") == .option(ServicePattern("*", "unix"), "myorigin"))
        #expect(
            ConfigName("127.0.0.1:26/inet/process_limit")
                == .field(ServicePattern("127.0.0.1:26", "inet"), .processLimit))
    }

    @Test(arguments: [
        "", "a b", "a=b", "$a", "a,b", "smtp/inet", "/smtp/inet/x", "a/b/c/d",
        "sm*/inet/chroot", "smtp/inet/*", "#a",
    ])
    func `is nothing else`(_ word: String) {
        #expect(ConfigName(ByteString(word)) == nil)
    }
}

@Suite struct `An edit of parameters` {
    private func refusal(
        _ items: [(String, String?)], _ instance: ConfiguredInstance = configured()
    ) throws -> ConfigRefusal? {
        let edit = try edit(items)
        do {
            _ = try instance.edited(edit, tableTypes: types)
            return nil
        } catch {
            return error
        }
    }

    @Test func `changes main.cf first, and commits with the last file`() throws {
        let instance = configured("postfix-x", "relayhost = old")
        let (new, changes) = try instance.edited(
            edit([("relayhost", "new"), ("slow/unix/chroot", "y")]), tableTypes: types)
        #expect(new.parameters.mainCF.value(of: "relayhost") == "new")
        #expect(new.masterCF.value?.service("slow", "unix")?[.chroot] == "y")
        let main = ChangeSet.Step.editFile(
            path: "/etc/postfix-x/main.cf", old: instance.parameters.mainCF.text,
            new: new.parameters.mainCF.text)
        #expect(changes.preparation == [main])
        guard case .editFile("/etc/postfix-x/master.cf", masterText, _) = changes.commit else {
            Issue.record("committed with \(changes)")
            return
        }
    }

    @Test func `of what is so already changes nothing`() throws {
        let instance = configured("postfix-x", "relayhost   =   here\n  # note")
        let (_, changes) = try instance.edited(
            edit([("relayhost", "here"), ("data_directory", "/var/lib/postfix-x")]),
            tableTypes: types)
        #expect(changes.isEmpty)
        let removal = try instance.edited(edit([("myhostname", nil)]), tableTypes: types)
        #expect(removal.changes.isEmpty)
    }

    @Test(arguments: [
        // Built in, named by a service, by a class, by a reference, there already, of a transport.
        "multi_instance_group", "mua_sender_restrictions", "own_class", "own_name", "odd",
        "slow_destination_recipient_limit", "slow_initial_destination_concurrency",
    ])
    func `may set what something reads`(_ name: String) throws {
        let instance = configured(
            "postfix-x",
            "smtpd_restriction_classes = own_class\nmyorigin = $own_name\nodd = 1")
        #expect(try refusal([(name, "x")], instance) == nil)
    }

    @Test(
        arguments: [
            ("multi_instance_gruop", ["multi_instance_group"]), ("nothing_like_it", []),
            ("fast_destination_recipient_limit", []),
            ("smtp/inet/queue_directry", ["queue_directory"]),
        ] as [(String, [ByteString])])
    func `may not set what nothing reads`(_ name: String, _ similar: [ByteString]) throws {
        let word = ByteString(name).split { $0 == 0x2F }.last ?? ""
        #expect(
            try refusal([(name, "x")])
                == .unknownParameter(instance: "postfix-x", name: word, similar: similar))
        // Forced, it may.
        _ = try configured().edited(edit([(name, "x")], isForced: true), tableTypes: types)
    }

    @Test func `may set a name together with what refers to it`() throws {
        #expect(try refusal([("own", "x"), ("multi_instance_group", "$own")]) == nil)
        #expect(try refusal([("own", "x")]) != nil)
    }

    @Test(arguments: ["${x", "$", "${{a} = {b}?c}"])
    func `may not set what cannot be expanded`(_ value: String) throws {
        guard
            case .badExpansion("postfix-x", "multi_instance_group", _)? =
                try refusal([("multi_instance_group", value)])
        else {
            Issue.record("\(value) is not refused")
            return
        }
    }

    @Test func `may not break another value, nor is to blame for one`() throws {
        let broken = configured("postfix-x", "odd = ${")
        #expect(try refusal([("multi_instance_group", "mta")], broken) == nil)
        let referring = configured("postfix-x", "odd = $multi_instance_group")
        guard
            case .badExpansion(_, "multi_instance_group", _)? =
                try refusal([("multi_instance_group", "$odd")], referring)
        else {
            Issue.record("a circle is not refused")
            return
        }
    }

    @Test(arguments: [
        ("x_maps", "hash:/a, proxy:hash:/b", nil), ("x_maps", "hsh:/a", "hsh"),
        ("x_maps", "proxy:lmdb:/b", "lmdb"), ("x_maps", "$alias_maps ${a}:b", nil),
        ("x_maps", "inline:{a=nosuch:b, c=d}", nil), ("x_checks", "pcre:/a", "pcre"),
        ("x_restrictions", "check_client_access cdb:a, reject", "cdb"),
        ("x_restrictions", "check_policy_service inet:127.0.0.1:10023", nil),
        ("x", "smtp:[127.0.0.1]:25", nil), ("x", "inet:localhost:8891", nil),
        ("x", "lmdb:/etc/a", "lmdb"), ("x_database", "btree:$data_directory/a", "btree"),
    ])
    func `may not name tables that Postfix lacks`(
        _ name: String, _ value: String, _ type: String?
    ) throws {
        let instance = configured("postfix-x", ByteString(name) + " = old")
        let found = try refusal([(name, value)], instance)
        guard let type else { return #expect(found == nil) }
        guard case .unknownTableType("postfix-x", _, let unknown, _)? = found else {
            Issue.record("\(value) is not refused")
            return
        }
        #expect(unknown == ByteString(type))
    }

    @Test func `needs a service that is there, and a field that can be so`() throws {
        #expect(
            try refusal([("smtps/inet/chroot", "n")])
                == .noSuchService(
                    instance: "postfix-x", service: "smtps/inet", similar: ["smtp/inet"]))
        guard case .badService? = try refusal([("smtp/inet/chroot", "perhaps")]) else {
            Issue.record("a field that cannot be so is not refused")
            return
        }
        #expect(
            try refusal([("smtp/inet/chroot", nil)])
                == .fieldCannotBeRemoved(name: "smtp/inet/chroot"))
    }

    @Test(
        arguments: [
            ([("relayhost", "x")], .reload), ([("relayhost", "old")], .nothing),
            ([("inet_interfaces", "127.0.0.1")], .restart),
            ([("inet_interfaces", "all")], .nothing),
            ([("relayhost", "x"), ("inet_protocols", "ipv4")], .restart),
            ([("smtp/inet/process_limit", "5")], .reload), ([("smtp/inet/chroot", "y")], .nothing),
        ] as [([(String, String)], ConfigPlan.NextStep)])
    func `says what a running instance needs`(
        _ items: [(String, String)], _ next: ConfigPlan.NextStep
    ) throws {
        let instance = configured("postfix-x", "relayhost = old\ninet_interfaces = all")
        let edit = try edit(items, isForced: true)
        let (new, _) = try instance.edited(edit, tableTypes: types)
        #expect(instance.next(edit, to: new) == next)
    }
}

@Suite struct `A decision about several instances` {
    private func decide(_ items: [(String, String)]) throws -> Result<ConfigPlan, ConfigRefusal> {
        let set = try instanceSet(of: [secondary("postfix-a"), secondary("postfix-b")])
        let decision = ConfigDecision(
            set, chosen: [configured("postfix-a", "relayhost = x"), configured("postfix-b")],
            tableTypes: types)
        let edit = try edit(items, isForced: true)
        return Result { () throws(ConfigRefusal) in try decision.plan(edit) }
    }

    @Test func `has one change set for all, and a next step for each`() throws {
        let plan = try decide([("relayhost", "x")]).get()
        #expect(plan.instances.map(\.next) == [.nothing, .reload])
        #expect(plan.changes.preparation == [])
        guard case .editFile("/etc/postfix-b/main.cf", _, _) = plan.changes.commit else {
            Issue.record("edits \(plan.changes)")
            return
        }
    }

    @Test func `gives no two instances the same directory or name`() throws {
        for name in ["queue_directory", "multi_instance_name"] {
            guard case .failure(.conflict) = try decide([(name, "/var/spool/both")]) else {
                Issue.record("\(name) is shared")
                continue
            }
        }
    }

    @Test func `leaves no instance that cannot be used`() throws {
        guard
            case .failure(.breaks("postfix-a", .badBoolean)) =
                try decide([("multi_instance_enable", "perhaps")])
        else {
            Issue.record("not refused")
            return
        }
    }
}
