// An instance read from its parameters, or the reason why it cannot be.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `An instance` {
    private func loadFailure(_ mainCF: ByteString) -> LoadFailure? {
        do {
            _ = try Instance(parameters(mainCF), isPrimary: false)
            return nil
        } catch {
            return error
        }
    }

    @Test func `is read from main.cf over the defaults`() throws {
        let instance = try Instance(
            parameters(
                """
                multi_instance_name = postfix-x
                queue_directory = /q/$multi_instance_name
                multi_instance_enable = yes

                """), isPrimary: false)
        #expect(instance.configDirectory == "/etc/postfix-x")
        #expect(instance.queueDirectory == "/q/postfix-x")
        #expect(instance.dataDirectory == "/var/lib/postfix")
        #expect(instance.name == InstanceName(recorded: "postfix-x"))
        #expect(instance.group == nil)
        #expect(instance.isEnabled)
        #expect(!instance.isPrimary)
    }

    @Test func `has no name and group if they are empty`() throws {
        let instance = try Instance(
            parameters("multi_instance_name =\nmulti_instance_group = \n"), isPrimary: true)
        #expect(instance.name == nil)
        #expect(instance.group == nil)
    }

    @Test func `may have any recorded name`() throws {
        let instance = try Instance(
            parameters("multi_instance_name = a b/c\nmulti_instance_group = $x\nx = g\n"),
            isPrimary: false)
        #expect(instance.name?.text == "a b/c")
        #expect(instance.group?.text == "g")
    }

    @Test func `lies where it was looked for, and refers to what main.cf says`() throws {
        let instance = try Instance(
            parameters("config_directory = /elsewhere\ndata_directory = $config_directory/d\n"),
            isPrimary: false)
        #expect(instance.configDirectory == "/etc/postfix-x")
        #expect(instance.dataDirectory == "/elsewhere/d")
        let usual = try Instance(
            parameters("data_directory = $config_directory/d\n"), isPrimary: false)
        #expect(usual.dataDirectory == "/etc/postfix-x/d")
    }

    @Test(
        arguments: [("yes", true), ("no", false), ("YES", true), ("No", false)]
            as [(ByteString, Bool)])
    func `is enabled by one word in any case`(value: ByteString, isEnabled: Bool) throws {
        let instance = try Instance(
            parameters("multi_instance_enable = \(value)\n"), isPrimary: false)
        #expect(instance.isEnabled == isEnabled)
    }

    @Test(arguments: ["", "true", "y", "1", "yes no", "${x"] as [ByteString])
    func `is broken by another word there`(value: ByteString) {
        switch loadFailure("multi_instance_enable = \(value)\n") {
        case .badBoolean(let path, let parameter, let found):
            #expect(path == "/etc/postfix-x/main.cf")
            #expect(parameter == "multi_instance_enable")
            #expect(found == value)
        case .badExpansion(_, let parameter, _):
            #expect(value == "${x" && parameter == "multi_instance_enable")
        case let other:
            Issue.record("\(String(describing: other))")
        }
    }

    @Test func `is broken by a line that is no setting`() {
        guard case .badLine(let path, let problem)? = loadFailure("queue_directory\n") else {
            Issue.record("not refused")
            return
        }
        #expect(path == "/etc/postfix-x/main.cf")
        #expect(problem.line == 1)
    }

    @Test(arguments: ["queue_directory", "data_directory", "multi_instance_group"] as [ByteString])
    func `is broken by a value that cannot be expanded`(name: ByteString) {
        guard case .badExpansion(_, name, _)? = loadFailure("\(name) = a $\(name)\n") else {
            Issue.record("not refused")
            return
        }
    }

    @Test func `is not broken by an overridden or an indented line`() throws {
        _ = try Instance(parameters("  x = y\na = b\na = c\n"), isPrimary: false)
    }
}

@Suite struct `Parameters of an instance` {
    @Test func `come from main.cf, then from the defaults, else they are empty`() throws {
        let view = parameters("data_directory = /d\nlist = a, b\n  c\n")
        #expect(try view.value(of: "data_directory") == "/d")
        #expect(try view.value(of: "queue_directory") == "/var/spool/postfix")
        #expect(try view.value(of: "nonsense") == "")
        #expect(try view.list(of: "list") == ["a", "b", "c"])
        #expect(try view.list(of: "nonsense") == [])
    }
}
