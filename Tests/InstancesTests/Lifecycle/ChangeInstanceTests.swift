// The actions enable, disable, assign and init.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `Changing an instance` {
    private func existing(_ mainCF: ByteString, _ instance: Instance) -> ExistingInstance {
        ExistingInstance(
            instance: instance,
            mainCF: ConfigFile(
                path: "\(instance.configDirectory)/main.cf", contents: mainCF,
                attributes: .init(mode: 0o644, owner: 0, group: 0)))
    }

    private func assign(name: ByteString? = nil, group: ByteString? = nil) -> LifecycleRequest {
        LifecycleRequest(
            action: .assign, selection: .instance("a"), newName: name, newGroup: group)
    }

    @Test func `enables it by one edit`() {
        let changes = existing("a = b\n", secondary("postfix-a")).setting(enabled: true)
        #expect(
            changes
                == ChangeSet(
                    title: "enable postfix-a",
                    commit: .editFile(
                        path: "/etc/postfix-a/main.cf", old: "a = b\n",
                        new: "a = b\nmulti_instance_enable = yes\n")))
    }

    @Test func `disables it in the parameter's place`() {
        let changes = existing("multi_instance_enable = yes\na = b\n", secondary("postfix-a"))
            .setting(enabled: false)
        #expect(changes.title == "disable postfix-a")
        #expect(
            changes.commit
                == .editFile(
                    path: "/etc/postfix-a/main.cf", old: "multi_instance_enable = yes\na = b\n",
                    new: "multi_instance_enable = no\na = b\n"))
    }

    @Test func `changes nothing if it is so already`() {
        let main: ByteString = "multi_instance_enable = yes\n"
        #expect(existing(main, secondary("postfix-a")).setting(enabled: true).isEmpty)
    }

    @Test func `calls a nameless one by its directory`() {
        #expect(existing("", nameless("/etc/x")).setting(enabled: true).title == "enable /etc/x")
    }

    @Test func `assigns name and group by one edit`() throws {
        let changes = try existing("", secondary("postfix-a"))
            .assigning(assign(name: "postfix-z", group: "mta"), claims: Claims())
        #expect(
            changes.commit
                == .editFile(
                    path: "/etc/postfix-a/main.cf", old: "",
                    new: "multi_instance_group = mta\nmulti_instance_name = postfix-z\n"))
        #expect(changes.preparation.isEmpty && changes.completion.isEmpty)
    }

    @Test(
        arguments: [("postfix-a", nil), (nil, "mta"), ("postfix-a", "mta"), (nil, nil)]
            as [(ByteString?, ByteString?)])
    func `assigns nothing that it has already`(name: ByteString?, group: ByteString?) throws {
        let changes = try existing("", secondary("postfix-a", group: "mta"))
            .assigning(assign(name: name, group: group), claims: Claims())
        #expect(changes.isEmpty)
    }

    @Test func `clears a name and a group`() throws {
        let main: ByteString = "multi_instance_name = postfix-a\nmulti_instance_group = mta\n"
        let changes = try existing(main, secondary("postfix-a", group: "mta"))
            .assigning(assign(name: "", group: ""), claims: Claims())
        guard case .editFile(_, main, let new) = changes.commit else {
            Issue.record("\(changes)")
            return
        }
        #expect(MainCF(new).value(of: "multi_instance_name") == "")
        #expect(MainCF(new).value(of: "multi_instance_group") == "")
        let nothing = try existing("", nameless("/etc/x"))
            .assigning(assign(name: "", group: ""), claims: Claims())
        #expect(nothing.isEmpty)
    }

    @Test func `assigned twice changes nothing the second time`() throws {
        let request = assign(name: "postfix-z", group: "mta")
        let first = try existing("x = y\n", secondary("postfix-a"))
            .assigning(request, claims: Claims())
        guard case .editFile(_, _, let new) = first.commit else {
            Issue.record("\(first)")
            return
        }
        let renamed = try Instance(
            parameters(new, configDirectory: "/etc/postfix-a"), isPrimary: false)
        #expect(try existing(new, renamed).assigning(request, claims: Claims()).isEmpty)
    }

    @Test func `refuses another one's name`() throws {
        let set = try instanceSet(of: [secondary("postfix-a"), secondary("postfix-b")])
        let request = assign(name: "postfix-b")
        let reason = refusal {
            _ = try existing("", secondary("postfix-a")).assigning(request, claims: set.claims)
        }
        guard case .conflict(let conflict)? = reason else {
            Issue.record("\(String(describing: reason))")
            return
        }
        #expect(conflict.owner.configDirectory == "/etc/postfix-b")
        #expect(conflict.claimant.configDirectory == "/etc/postfix-a")
    }

    @Test func `refuses bad names first`() {
        #expect(
            refusal {
                _ = try existing("", secondary("postfix-a"))
                    .assigning(assign(name: "x"), claims: Claims())
            } == .name(.instanceNameWithoutPrefix("x")))
        #expect(
            refusal {
                _ = try existing("", secondary("postfix-a"))
                    .assigning(assign(group: "a b"), claims: Claims())
            } == .name(.unsafeGroupName("a b")))
    }
}

@Suite struct `Initialising the primary` {
    @Test func `sets the manager and enables it`() {
        let changes = initialising(registration("a = b\n"))
        #expect(
            changes
                == ChangeSet(
                    title: "init",
                    commit: .editFile(
                        path: "/etc/postfix/main.cf", old: "a = b\n",
                        new: "a = b\nmulti_instance_enable = yes\n"
                            + "multi_instance_wrapper = ${command_directory}/postmulti -p --\n")))
    }

    @Test func `tells which other manager it replaces`() {
        let changes = initialising(registration("multi_instance_wrapper = /opt/manager\n"))
        #expect(
            changes.notices == [
                .replacedSetting(parameter: "multi_instance_wrapper", old: "/opt/manager")
            ])
    }

    @Test func `a second time replaces nothing`() {
        let first = initialising(registration(""))
        let second = initialising(registration("").after(first.commit))
        #expect(second.notices.isEmpty)
        if case .editFile(_, let old, let new)? = second.commit { #expect(old == new) }
    }
}
