// A whole system of instances that is tried out: entered, maybe changed, started, and given probes.
//
// Only for the first process of namespaces of its own: it mounts, opens networks, and never cleans
// up, because all of it ends with the process.

package import Bytes
package import HostAccess
import InstanceOperations
package import Instances

/// The surroundings of a rehearsal.
package struct RehearsalOptions: Sendable {
    /// The addresses that the host has.
    package var hostAddresses: [InterfaceAddress] = []
    /// A directory that takes what is kept.
    package var kept: ByteString?
    package var rules = SinkRules()
    /// Configurations of the content filter's own program, beside the usual one.
    package var filterConfigurations: [ByteString] = []
    /// How long one instance may take to start, in seconds.
    package var startSeconds = 60

    package init() {}
}

/// A system in a rehearsal.
package final class RehearsedSystem {
    /// The copy of the host.
    package let host: Host
    let options: RehearsalOptions
    let tell: (ByteString) -> Void
    let servers: OutsideServers
    var report = RehearsalReport()
    /// Set when it is started.
    private(set) var running: Running?
    let beganMicroseconds = LiveClock().nowMicroseconds

    /// What is known once the instances run.
    struct Running {
        let snapshot: Snapshot
        let flow: MailFlow
        let network: NetworkPlan
        let outside: NetworkNamespace
        let inner: InnerSockets
        let chooser: EntryChooser
        let log: RehearsalLog
    }

    /// Enters a copy of the host in which no mail waits and nothing runs; the input of this process
    /// must end with the one who started it.
    ///
    /// - Parameter tell: Is told what is done, for a person.
    package init(
        _ host: Host, _ options: RehearsalOptions, tell: @escaping (ByteString) -> Void
    ) throws(RehearsalFailure) {
        var options = options
        var host = host
        host.environment = host.systemEnvironment
        let records = OutsideRecords(NameTable())
        servers = OutsideServers(records, rules: options.rules)
        try servers.endWithInput()
        tell("making a copy of the host")
        try Stage(host).enter(keeping: options.kept)
        try host.mustRun("ip", ["link", "set", "lo", "up"], limitSeconds: Self.limitSeconds)
        for instance in try Observation(host).instances.usable {
            try EmptyQueues(host.files).make(of: instance)
        }
        try SystemFiles(host).write()
        options.filterConfigurations = FilterPrograms(host).configurations(
            beside: options.filterConfigurations)
        self.host = host
        self.options = options
        self.tell = tell
    }

    /// Programs of the system that make networks take milliseconds.
    private static let limitSeconds = 30

    /// Makes the networks, starts filters and then the instances, sinks of mail first.
    ///
    /// - Parameter clients: The names by which clients shall be known.
    package func start(
        clients: [(name: ByteString, address: IPAddress)]
    ) throws(RehearsalFailure) {
        let configured = try Observation(host)
        // What a change has registered may have had queues before.
        for instance in configured.instances.usable {
            try EmptyQueues(host.files).make(of: instance)
        }
        let planned = PlannedNetwork(configured.snapshot)
        let hasIPv6 =
            (try? host.files.status(of: "/proc/sys/net/ipv6", followingLinks: true)) != nil
        let plan = NetworkPlan(
            present: options.hostAddresses, planned: planned.addresses, hasIPv6: hasIPv6 == true)
        tell("making networks with \(plan.addresses.count) addresses")
        let outside = try makeNetworks(plan)
        setUpNames(planned, plan, clients)
        // Only now the host has its addresses, by which next hops are known to be its own.
        let seen = try Observation(host)
        let standIns = StandIn.needed(seen.snapshot, seen.flow)
        try serveOutside(outside, ports: seen.flow.outsidePorts(seen.snapshot))
        try servers.serveLog(at: "/dev/log", hostName: host.nodeName)
        let log = RehearsalLog(host, servers.records, seen.snapshot)
        startNeighbours(standIns)
        startInstances(seen)
        let own = plan.addresses.map(\.address)
        running = Running(
            snapshot: seen.snapshot, flow: seen.flow, network: plan, outside: outside,
            inner: InnerSockets(seen.snapshot, standIns) { $0.isLoopback || own.contains($0) },
            chooser: EntryChooser(seen.snapshot, seen.flow, ownAddresses: own), log: log)
        report.warnings = log.warnings(since: 0)
    }

    private func makeNetworks(
        _ plan: NetworkPlan
    ) throws(RehearsalFailure) -> NetworkNamespace {
        func ip(_ arguments: [ByteString], _ input: ByteString = "") throws(RehearsalFailure) {
            try host.mustRun("ip", arguments, input: input, limitSeconds: Self.limitSeconds)
        }
        try ip(["netns", "add", NetworkPlan.outside])
        try ip(["-batch", "-"], plan.cableCommands)
        try ip(["-netns", NetworkPlan.outside, "-batch", "-"], plan.outsideCommands)
        try ip(["-batch", "-"], plan.routeCommands)
        do throws(FileError) {
            return try NetworkNamespace("/run/netns/\(NetworkPlan.outside)")
        } catch {
            throw .stage(error.sentence)
        }
    }

    private func setUpNames(
        _ planned: PlannedNetwork, _ plan: NetworkPlan,
        _ clients: [(name: ByteString, address: IPAddress)]
    ) {
        let own = plan.addresses.map(\.address)
        var table = NameTable(blockLists: planned.blockLists)
        for (name, addresses) in planned.names {
            let known = addresses.filter { !$0.isLoopback && !$0.isWildcard }
            for address in known.isEmpty ? own : known { table.give(name, address) }
        }
        for address in own { table.give(host.nodeName, address) }
        for client in clients { table.give(client.name, client.address) }
        servers.records.withNames { $0 = table }
    }

    /// Binds the outside's sockets there, and serves them.
    private func serveOutside(
        _ outside: NetworkNamespace, ports: [Int]
    ) throws(RehearsalFailure) {
        func bind(
            _ address: IPAddress, _ port: Int,
            _ make: (HostAccess.SocketAddress) throws(SystemError) -> Int32
        ) throws(RehearsalFailure) -> Int32 {
            let place = SocketAddress(addressBytes: address.bytes, port: port)
            do throws(SystemError) {
                return try outside.inside { () throws(SystemError) in try make(place) }
            } catch {
                throw .socket("outside, port \(port)", error)
            }
        }
        guard let names = IPAddress(NetworkPlan.nameServer) else { return }
        try servers.serveNameDatagrams(on: try bind(names, 53, ServerSocket.datagram))
        try servers.serveNames(on: try bind(names, 53, ServerSocket.stream))
        for port in ports {
            try servers.serveMail(on: try bind(.anyIPv4, port, ServerSocket.stream))
            // A kernel without IPv6 has nobody there to be contacted.
            guard let six = try? bind(.anyIPv6, port, ServerSocket.stream) else { continue }
            try servers.serveMail(on: six)
        }
    }

    private func startNeighbours(_ standIns: [StandIn]) {
        if !standIns.isEmpty { tell("starting filters") }
        let programs = FilterPrograms(host)
        let places = programs.start(
            options.filterConfigurations, for: standIns.map(\.socket), servers.records)
        for standIn in standIns {
            if let configuration = places[standIn.socket] {
                report.neighbours.append(
                    .init(standIn, configuration: configuration, failure: nil))
                continue
            }
            var failure: ByteString?
            do throws(RehearsalFailure) {
                try serve(standIn)
            } catch {
                failure = error.sentence
            }
            report.neighbours.append(.init(standIn, configuration: nil, failure: failure))
        }
    }

    private func serve(_ standIn: StandIn) throws(RehearsalFailure) {
        let socket: Int32
        do throws(SystemError) {
            let place = SocketAddress(
                addressBytes: standIn.socket.address.bytes, port: standIn.socket.port)
            socket = try ServerSocket.stream(at: place)
        } catch {
            throw .socket(ByteString(standIn.socket.description), error)
        }
        switch standIn.role {
        case .filter(let target, _): try servers.relay(from: socket, to: target)
        case .mailbox: try servers.serveMail(on: socket)
        case .nobody: throw .change("nobody can stand in for this filter: it gives nothing back")
        }
    }

    private func startInstances(_ seen: Observation) {
        let indices = Array(seen.snapshot.instances.indices)
        fillJails(seen.instances.usable)
        let plan = ControlPlan(.start, selected: indices, isNamed: false, seen.snapshot, seen.flow)
        tell("starting \(plan.waves.joined().count) instances")
        let way = ControlWay(commandDirectory: seen.commandDirectory, units: nil)
        let operation = ControlOperation(
            host, snapshot: seen.snapshot, flow: seen.flow,
            manner: .init(atOnce: 8, limitSeconds: options.startSeconds, way: way))
        for skip in plan.skips {
            guard case .broken(let reason) = skip.reason else { continue }
            report.starts.append(
                .init(
                    instance: seen.snapshot.instances[skip.instance].member.displayName,
                    failure: reason.sentence, lines: []))
        }
        operation.run(plan) { result in
            report.starts.append(
                .init(
                    instance: seen.snapshot.instances[result.step.instance].member.displayName,
                    failure: result.outcome.failure, lines: result.lines))
        }
    }

    /// Debian's service units fill the jails of instances before they start them.
    private func fillJails(_ instances: [Instance]) {
        let program: ByteString = "/usr/lib/postfix/configure-instance.sh"
        // Without the program there are no such jails.
        guard (try? host.files.status(of: program, followingLinks: true)) != nil else { return }
        let commands = instances.filter(\.isEnabled).map { instance in
            ChildCommand(
                program: program, arguments: [program, instance.name?.text ?? "-"],
                environment: host.environment)
        }
        // What goes wrong there shows in what the instances log.
        host.processes.runSideBySide(
            commands, atOnce: 8, limitSeconds: options.startSeconds, onEvent: { _, _ in })
    }
}

extension ControlOperation.Outcome {
    /// Why an instance does not run; nil if it does.
    fileprivate var failure: ByteString? {
        switch self {
        case .done: nil
        case .failed(.exited(let status)): "postfix start ended with status \(Int(status))"
        case .failed(.signalled(let signal)): "postfix start was ended by signal \(Int(signal))"
        case .notRun(let error): RehearsalFailure.notRun(error).sentence
        case .notListening(let sockets):
            "does not listen on "
                + ByteString(sockets.map(\.description).joined(separator: ", "))
        }
    }
}

extension MailFlow {
    /// The ports of next hops outside, and those of the protocols.
    fileprivate func outsidePorts(_ snapshot: Snapshot) -> [Int] {
        var ports: Set<Int> = [25, 465, 587, 24]
        for edge in edges {
            guard edge.target == .elsewhere, let word = edge.nextHop.port,
                let port = snapshot.host.serviceNames.port(word).value, port > 0
            else { continue }
            ports.insert(port)
        }
        return ports.sorted()
    }
}
