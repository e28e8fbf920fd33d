// The networks of a rehearsal, and the file systems of its tree.

import Bytes
import Instances
import Rehearsals
import Testing

@Suite struct `The network of a rehearsal` {
    private static func address(_ text: ByteString) throws -> IPAddress {
        try #require(IPAddress(text))
    }

    @Test func `has the addresses that ip tells`() {
        let listing: ByteString = """
            1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever
            1: lo    inet6 ::1/128 scope host \\       valid_lft forever
            4: eth0    inet 203.0.113.25/24 brd 203.0.113.255 scope global eth0\\  valid_lft
            4: eth0    inet6 2001:db8::25/64 scope global \\       valid_lft forever
            4: eth0    inet6 fe80::fc:ff:fe00:1/64 scope link \\       valid_lft forever
            7: tun0    inet 10.8.0.2 peer 10.8.0.1/32 scope global tun0\\  valid_lft forever

            """
        #expect(
            InterfaceAddress.read(listing).map(\.description)
                == ["203.0.113.25/24", "2001:db8::25/64", "10.8.0.2/32"])
    }

    @Test func `adds what the configuration names, each once`() throws {
        let present = try #require(InterfaceAddress("203.0.113.25/24"))
        let plan = NetworkPlan(
            present: [present],
            planned: try ["203.0.113.25", "0.0.0.0", "127.0.0.1", "198.51.100.9", "2001:db8::1"]
                .map { try Self.address(ByteString($0)) },
            hasIPv6: false)
        #expect(plan.addresses.map(\.description) == ["203.0.113.25/24", "198.51.100.9/32"])
        #expect(plan.isOwn(try Self.address("127.0.0.9")))
        #expect(!plan.isOwn(try Self.address("203.0.113.26")))
        #expect(!plan.routeCommands.text.contains("::"))
    }

    @Test func `gives a host without any an address`() {
        let plan = NetworkPlan(present: [], planned: [], hasIPv6: true)
        #expect(plan.addresses.map(\.description) == ["198.18.0.1/32"])
    }

    @Test func `leads the outside back to every address of the host`() throws {
        let plan = NetworkPlan(
            present: [], planned: [try Self.address("192.0.2.9"), try Self.address("2001:db8::9")],
            hasIPv6: true)
        let lines = plan.outsideCommands.text.split(separator: "\n")
        #expect(lines.contains("route add table local 192.0.2.9/32 dev outside0"))
        #expect(lines.contains("route add table local 2001:db8::9/128 dev outside0"))
        #expect(plan.cableCommands.text.contains("addr add 192.0.2.9/32 dev inside0 noprefixroute"))
    }
}

@Suite struct `The tree of a rehearsal` {
    @Test func `has the host's file systems, but for those of its own`() {
        let table: ByteString = """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
            28 27 0:25 / /home rw shared:1 - ext4 /dev/vdb rw
            29 27 0:26 / /mnt/a\\040b ro - squashfs /dev/loop0 ro
            30 27 0:27 / /run/user/0 rw - tmpfs tmpfs rw
            31 27 0:28 / /misc rw - autofs systemd-1 rw
            32 27 0:28 / /home rw - tmpfs tmpfs rw
            broken line

            """
        #expect(MountedTree(mountInfo: table).places == ["/home", "/mnt/a b"])
    }
}
