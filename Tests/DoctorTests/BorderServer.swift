// The border mail server of the walk-through, on a host in memory: a null client, an instance
// behind the content filter and one before it. Nothing is wrong with it until a test breaks it.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

/// A host in memory, with ways to break what is on it.
struct BorderServer {
    var memory: InMemoryHost
    /// What cannot be had in memory is put into the snapshot.
    var adjust: (inout Snapshot) -> Void = { _ in }

    /// The mail server of three instances, as it should be.
    init() {
        self.init(primary: Self.nullClient, masterCF: Self.masterCF)
        memory.files.addFile("/etc/postfix/generic")
        memory.files.addFile("/etc/postfix/generic.db")
        memory.files.addFile("/etc/postfix/virtual")
        memory.files.addFile("/etc/postfix/virtual.db")
        addInstance("postfix-out", Self.output, Self.outputMasterCF)
        addInstance("postfix-in", Self.input, Self.masterCF)
        memory.appendToPrimary(
            """
            multi_instance_directories = /etc/postfix-out /etc/postfix-in
            multi_instance_wrapper = ${command_directory}/postmulti -p --
            multi_instance_enable = yes
            """)
        listen("127.0.0.1", 10025)
    }

    /// A host with one instance.
    init(primary: ByteString, masterCF: ByteString) {
        memory = InMemoryHost.withPostfix { Issue.record("unexpected command: \($0.arguments)") }
        memory.nodeName = "mta1.example.com"
        memory.network.addresses = ["127.0.0.1", "::1", "203.0.113.25", "192.0.2.1"]
        memory.processes.answer("/usr/sbin/postconf", output: Postfix37.defaults)
        memory.processes.answer("/usr/sbin/postconf", "-m", output: Postfix37.tableTypes)
        memory.files.addFile("/usr/sbin/postmulti", "the program", mode: 0o755)
        memory.files.addFile("/etc/services", "smtp 25/tcp mail\nsubmission 587/tcp\n")
        memory.files.addFile("/etc/postfix/main.cf", primary)
        memory.files.addFile("/etc/postfix/master.cf", masterCF)
        memory.files.addFile("/proc/net/tcp")
    }

    /// Puts a secondary's files where they would be.
    func addInstance(_ name: ByteString, _ mainCF: ByteString, _ masterCF: ByteString) {
        memory.addInstance(name, extra: mainCF)
        memory.files.addFile("/etc/\(name)/master.cf", masterCF)
    }

    /// Puts a line at the end of an instance's main.cf; earlier ones of its parameter fall away.
    func set(_ instance: ByteString, _ line: ByteString) {
        let path: ByteString = "/etc/\(instance)/main.cf"
        let name = line.bytes.prefix { $0 != 0x20 && $0 != 0x3D }
        let kept = (memory.files.contents(of: path) ?? "").split { $0 == 0x0A }.filter { old in
            !old.bytes.prefix { $0 != 0x20 && $0 != 0x3D }.elementsEqual(name)
        }
        memory.files.addFile(path, (kept + [line]).reduce("") { "\($0)\($1)\n" })
    }

    /// Takes a parameter out of an instance's main.cf.
    func unset(_ instance: ByteString, _ name: ByteString) {
        let path: ByteString = "/etc/\(instance)/main.cf"
        let kept = (memory.files.contents(of: path) ?? "").split { $0 == 0x0A }.filter { line in
            !line.hasPrefix("\(name) ")
        }
        memory.files.addFile(path, kept.reduce("") { "\($0)\($1)\n" })
    }

    /// Puts a line at the end of an instance's master.cf.
    func addService(_ instance: ByteString, _ line: ByteString) {
        let path: ByteString = "/etc/\(instance)/master.cf"
        memory.files.addFile(path, (memory.files.contents(of: path) ?? "") + line + "\n")
    }

    /// Lets another process listen.
    mutating func listen(_ address: ByteString, _ port: Int) {
        let before = adjust
        adjust = { snapshot in
            before(&snapshot)
            var sockets = snapshot.listeningSockets.value ?? []
            if let address = IPAddress(address) {
                sockets.insert(ListeningSocket(address: address, port: port))
            }
            snapshot.listeningSockets = .known(sockets)
        }
    }

    /// Changes what was seen of an instance.
    mutating func see(_ name: ByteString, _ change: @escaping (inout InstanceSnapshot) -> Void) {
        let before = adjust
        adjust = { snapshot in
            before(&snapshot)
            for index in snapshot.instances.indices
            where snapshot.instances[index].member.displayName == name {
                change(&snapshot.instances[index])
            }
        }
    }

    /// What the checks say of the host as it is now.
    func findings() throws -> [Finding] {
        let installation = try Installation.observe(memory.host())
        var snapshot = CheckupObserver(
            memory.host(), installation: installation, primaryDirectory: "/etc/postfix"
        ).snapshot()
        adjust(&snapshot)
        return Checkup.findings(in: snapshot)
    }
}
