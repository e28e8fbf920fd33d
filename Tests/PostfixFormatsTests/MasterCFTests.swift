// Reading and editing master.cf: tables of rules.

import Bytes
import PostfixFormats
import Testing

@Suite struct `A service of master.cf` {
    @Test func `has fields, options and arguments`() throws {
        let service = try MasterService(
            "smtp inet n - y 60? 5 smtpd -vo a=1 -v -o { b = two words } { one } x")
        #expect(service[.service] == "smtp")
        #expect(service[.type] == "inet")
        #expect(service[.chroot] == "y")
        #expect(service[.wakeup] == "60?")
        #expect(service[.processLimit] == "5")
        #expect(service[.command] == "smtpd")
        #expect(service.arguments == ["-v", "-o", "a=1", "-v", "-o", "b=two words", "one", "x"])
        #expect(service.parameters.map(\.name) == ["a", "b"])
        #expect(service.parameters.map(\.value) == ["1", "two words"])
        #expect(service.commandLine == "smtpd -v -o a=1 -v -o {b=two words} one x")
    }

    @Test func `is split at options as its daemon would do it`() throws {
        // postconf(1) makes -omyh and -ostname=x of this.
        let service = try MasterService("smtp inet n - - - - smtpd -omyhostname=x")
        #expect(service.arguments == ["-o", "myhostname=x"])
    }

    @Test(
        arguments: [
            ("pipe {two words}", "pipe {two words}"),
            ("pipe x {} y", "pipe x {} y"),
            ("pipe x {{a} b}", "pipe x {{a} b}"),
            ("pipe x {{a}}", "pipe x {{a}}"),
            ("pipe - x", "pipe - x"),
        ] as [(ByteString, ByteString)])
    func `keeps its words when it is written`(command: ByteString, written: ByteString) throws {
        let service = try MasterService("u unix - n n - - \(command)")
        #expect(service.commandLine == written)
        let again = try MasterService(service.formatted(folded: true))
        #expect(again == service)
    }

    @Test(
        arguments: [
            ("smtp inet n - y 60 5", "bad field count"),
            ("smtp bad n - - - - x", "invalid type field \"bad\" in \"smtp bad n - - - - x\""),
            ("s unix N - - - - x", "invalid private field \"N\" in \"s unix N - - - - x\""),
            ("s unix n - - 6x - x", "invalid wakeup field \"6x\" in \"s unix n - - 6x - x\""),
            ("s unix n - - - - 5", ""),
            (
                "s unix n - - - 5? x",
                "invalid process_limit field \"5?\" in \"s unix n - - - 5? x\""
            ),
        ] as [(ByteString, ByteString)])
    func `must be in order`(line: ByteString, wording: ByteString) {
        do throws(MasterServiceFault) {
            _ = try MasterService(line)
            #expect(wording == "")
        } catch {
            #expect(error.wording == wording)
        }
    }

    @Test(
        arguments: [
            (.type, "bad"), (.private, ""), (.service, "a b"), (.service, ""), (.command, " "),
            (.wakeup, ""), (.processLimit, ""),
        ] as [(MasterService.Field, ByteString)])
    func `refuses fields that could not be read back`(
        field: MasterService.Field, value: ByteString
    ) throws {
        var service = try MasterService("smtp inet n - - - - smtpd")
        #expect(throws: MasterServiceFault.self) { try service.set(field, to: value) }
    }

    @Test func `takes and loses parameters`() throws {
        var service = try MasterService("smtp inet n - - - - smtpd -v -o a=1 -o a=2 x")
        service.setParameter("a", to: "3")
        #expect(service.commandLine == "smtpd -v -o a=3 -o a=3 x")
        service.setParameter("b", to: "two words")
        #expect(service.commandLine == "smtpd -v -o a=3 -o a=3 -o {b=two words} x")
        service.removeParameter("a")
        #expect(service.commandLine == "smtpd -v -o {b=two words} x")
    }
}

@Suite struct `master.cf` {
    let file: ByteString = """
        # top
        smtp inet n - y - - smtpd
          # within
          -o a=1
        # before pickup
        pickup unix n - y 60 1 pickup

        """

    @Test func `tells where its services stand`() {
        let master = MasterCF(file)
        #expect(master.entries.map(\.firstLine) == [2, 6])
        #expect(master.entries.map(\.lastLine) == [4, 6])
        #expect(master.service("smtp", "inet")?.parameters.first?.value == "1")
        #expect(master.service("smtp", "unix") == nil)
        #expect(master.problems.isEmpty)
    }

    @Test func `tells what Postfix would complain of`() {
        let master = MasterCF("  indented\nsmtp inet\nu unix - - - - - x {a}b\n")
        #expect(
            master.problems.map { $0.wording(path: "/m") } == [
                "warning: /m: logical line must not start with whitespace: \"  indented\"",
                "fatal: file /m: line 2: bad field count",
                "warning: master.cf: syntax error after '}' in \"{a}b\"",
            ])
    }

    @Test func `changes a service in place, comments first`() throws {
        let edited = try MasterCF(file).changing([
            (ServicePattern("smtp", "*"), .setParameter("b", to: "2")),
            (ServicePattern("smtp", "inet"), .setField(.chroot, to: "n")),
        ])
        #expect(
            edited.text == """
                # top
                  # within
                # before pickup
                smtp       inet  n       -       n       -       -       smtpd
                    -o a=1
                    -o b=2
                pickup unix n - y 60 1 pickup

                """)
    }

    @Test func `loses services, or has them commented out`() throws {
        let pattern = ServicePattern("smtp", "inet")
        let removed = try MasterCF(file).removing([pattern]).text
        #expect(
            removed == "# top\n  # within\n# before pickup\npickup unix n - y 60 1 pickup\n")
        let commented = try MasterCF(file).commentingOut([pattern]).text
        #expect(commented.lines[1] == "#smtp inet n - y - - smtpd")
        #expect(commented.lines[3] == "#  -o a=1")
    }

    @Test func `replaces a service, or gets a new one`() throws {
        let qmgr = try MasterService("qmgr unix n - n 300 1 qmgr")
        let replaced = try MasterCF(file).setting([(ServicePattern("pickup", "unix"), qmgr)])
        #expect(replaced.text.lines.last?.hasPrefix("qmgr ") == true)
        #expect(replaced.service("pickup", "unix") == nil)
        let extended = try MasterCF("").setting([(ServicePattern("qmgr", "unix"), qmgr)])
        #expect(
            extended.text == "qmgr       unix  n       -       n       300     1       qmgr\n")
    }

    @Test(
        arguments: [
            ("lone\n", .nameAndTypeApart(line: 1)), ("#\na=b unix\n", .serviceName(line: 2, "a=b")),
            ("a un/ix\n", .serviceType(line: 1, "un/ix")),
            ("smtp inet\n", .service(line: 1, .fieldCount)),
        ] as [(ByteString, MasterCF.EditFault)])
    func `that is broken is not edited`(file: ByteString, fault: MasterCF.EditFault) {
        #expect(throws: fault) {
            try MasterCF(file).changing([
                (ServicePattern("smtp", "inet"), .setField(.chroot, to: "n"))
            ])
        }
    }

    @Test func `never gets a line that would be read as something else`() throws {
        let pattern = ServicePattern("smtp", "inet")
        let edited = try MasterCF(file).changing([
            (pattern, .setParameter("b", to: "two\nevil unix - - - - - x"))
        ])
        #expect(edited.entries.count == 2)
        #expect(
            edited.service("smtp", "inet")?.parameters.last?.value == "two evil unix - - - - - x")
        #expect(throws: MasterCF.EditFault.self) {
            try MasterCF(file).changing([(pattern, .setParameter("b", to: "a } b"))])
        }
    }

    @Test func `has services named by patterns`() {
        #expect(ServicePattern("smtp/inet") == ServicePattern("smtp", "inet"))
        #expect(ServicePattern("smtp") == nil)
        #expect(ServicePattern("smtp/in*") == nil)
        #expect(ServicePattern("/smtp/inet") == nil)
        #expect(ServicePattern.withDetail("*/inet/chroot")?.detail == "chroot")
        #expect(ServicePattern.withDetail("*/inet/*") == nil)
    }
}

extension ByteString {
    fileprivate var lines: [ByteString] { split { $0 == 0x0A } }
}
