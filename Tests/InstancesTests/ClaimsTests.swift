// Names and directories that belong to one instance only.

import Bytes
import Instances
import Testing

@Suite struct `Claims on names and directories` {
    @Test func `name their owner`() throws {
        var claims = Claims()
        try claims.claim("/q", parameter: "queue_directory", configDirectory: "/etc/a")
        #expect(
            claims.owner(of: "/q")
                == Claims.Owner(configDirectory: "/etc/a", parameter: "queue_directory"))
        #expect(claims.owner(of: "/other") == nil)
    }

    @Test func `may be repeated by their owner`() throws {
        var claims = Claims()
        for _ in 1...2 {
            try claims.claim("/q", parameter: "queue_directory", configDirectory: "/etc/a")
        }
    }

    @Test(
        arguments: [("data_directory", "/etc/a"), ("queue_directory", "/etc/b")]
            as [(ByteString, ByteString)])
    func `of another instance or for another purpose conflict`(
        parameter: ByteString, configDirectory: ByteString
    ) throws {
        var claims = Claims()
        try claims.claim("/q", parameter: "queue_directory", configDirectory: "/etc/a")
        let conflict = #expect(throws: Claims.Conflict.self) {
            try claims.claim("/q", parameter: parameter, configDirectory: configDirectory)
        }
        #expect(conflict?.value == "/q")
        #expect(conflict?.claimant.configDirectory == configDirectory)
        #expect(conflict?.claimant.parameter == parameter)
        #expect(conflict?.owner.configDirectory == "/etc/a")
        #expect(conflict?.owner.parameter == "queue_directory")
    }

    @Test func `of an instance are its name and its three directories`() throws {
        var claims = Claims()
        try claims.claim(secondary("postfix-a"))
        let owned: [(ByteString, ByteString)] = [
            ("postfix-a", "multi_instance_name"), ("/etc/postfix-a", "config_directory"),
            ("/var/spool/postfix-a", "queue_directory"),
            ("/var/lib/postfix-a", "data_directory"),
        ]
        for (value, parameter) in owned {
            #expect(claims.owner(of: value)?.parameter == parameter)
            #expect(claims.owner(of: value)?.configDirectory == "/etc/postfix-a")
        }
    }

    @Test func `of an instance are looked at name first, then configuration, queue, data`() throws {
        var claims = Claims()
        try claims.claim(secondary("postfix-a"))
        var twin = secondary("postfix-a")
        twin.configDirectory = "/etc/twin"
        var parameters: [ByteString] = []
        let mend: [(inout Instance) -> Void] = [
            { $0.name = nil }, { $0.queueDirectory = "/q" }, { $0.dataDirectory = "/d" },
        ]
        for step in mend {
            do throws(Claims.Conflict) {
                try claims.claim(twin)
            } catch {
                parameters.append(error.claimant.parameter)
            }
            step(&twin)
        }
        #expect(parameters == ["multi_instance_name", "queue_directory", "data_directory"])
        try claims.claim(twin)
    }

    @Test func `of an instance are made all or not at all`() throws {
        var claims = Claims()
        try claims.claim(secondary("postfix-a"))
        var late = secondary("postfix-b")
        late.dataDirectory = "/var/lib/postfix-a"
        #expect(throws: Claims.Conflict.self) { try claims.claim(late) }
        #expect(claims.owner(of: "postfix-b") == nil)
        #expect(claims.owner(of: "/etc/postfix-b") == nil)
        #expect(claims.owner(of: "/var/spool/postfix-b") == nil)
        #expect(claims.owner(of: "/var/lib/postfix-a")?.configDirectory == "/etc/postfix-a")
    }

    @Test func `that an instance had before outlive a conflict`() throws {
        var claims = Claims()
        let early = secondary("postfix-b")
        try claims.claim(
            "postfix-b", parameter: "multi_instance_name", configDirectory: "/etc/postfix-b")
        try claims.claim(secondary("postfix-a"))
        var late = early
        late.dataDirectory = "/var/lib/postfix-a"
        #expect(throws: Claims.Conflict.self) { try claims.claim(late) }
        #expect(claims.owner(of: "postfix-b")?.configDirectory == "/etc/postfix-b")
    }

    @Test func `of one instance must differ among themselves`() throws {
        var claims = Claims()
        var instance = secondary("postfix-a")
        instance.dataDirectory = instance.queueDirectory
        let conflict = #expect(throws: Claims.Conflict.self) { try claims.claim(instance) }
        #expect(conflict?.owner.parameter == "queue_directory")
        #expect(claims.owner(of: instance.queueDirectory) == nil)
    }
}
