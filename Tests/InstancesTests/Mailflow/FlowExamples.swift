// Snapshots for tests of the mail flow, made of main.cf and master.cf texts.

import Bytes
import Instances
import PostfixFormats

/// An instance as a test describes it.
struct FlowExample {
    var name: ByteString
    var mainCF: ByteString
    var masterCF: ByteString = ""
    var isEnabled = true
    var process: Observed<ProcessState> = .known(.stopped)
}

/// What the built-in defaults would be, sorted as postconf(1) does.
private let defaults = ParameterDefaults(
    """
    default_transport = smtp
    inet_interfaces = all
    inet_protocols = all
    local_transport = local:$myhostname
    relay_transport = relay
    """)

private let transports: ByteString = """

    smtp unix - - n - - smtp
    relay unix - - n - - smtp
    lmtp unix - - n - - lmtp
    error unix - - n - - error

    """

private let serviceNames = ServiceNames("smtp 25/tcp\nsubmission 587/tcp\n")

/// The first instance is the primary.
func snapshot(
    _ examples: [FlowExample], listening: Set<ListeningSocket> = []
) -> Snapshot {
    let addresses: [ByteString] = ["127.0.0.1", "::1", "203.0.113.7"]
    let reader = ListenerReader(
        serviceNames: serviceNames, hostAddresses: addresses.compactMap { IPAddress($0) })
    let instances = examples.enumerated().map { index, example in
        let directory: ByteString = index == 0 ? "/etc/postfix" : "/etc/\(example.name)"
        let parameters = ParameterView(
            mainCF: MainCF(example.mainCF), configDirectory: directory, defaults: defaults,
            hostName: "mta1.example.com")
        let services = MasterCF(example.masterCF + transports)
        let instance = Instance(
            configDirectory: directory, queueDirectory: "/var/spool/\(example.name)",
            dataDirectory: "/var/lib/\(example.name)",
            name: index == 0 ? nil : InstanceName(recorded: example.name), group: nil,
            isEnabled: example.isEnabled, isPrimary: index == 0)
        return InstanceSnapshot(
            member: .instance(instance), parameters: parameters, services: .known(services),
            listeners: reader.listeners(parameters, services), process: example.process,
            queues: .known([]), lastProblem: .known(nil))
    }
    var snapshot = Snapshot(
        takenSeconds: 1_700_000_000, hostAddresses: .known(addresses),
        listeningSockets: .known(listening), instances: instances)
    snapshot.host.serviceNames = serviceNames
    return snapshot
}

func flow(_ snapshot: Snapshot) -> MailFlow { MailFlow(snapshot) }

/// The border mail server: a null client, an output and an input instance, a filter between them.
func borderMailServer(nextHop: ByteString = "smtp:[127.0.0.1]:10025") -> Snapshot {
    snapshot([
        FlowExample(
            name: "postfix",
            mainCF: """
                relayhost = [mailhub.example.com]
                local_transport = error:5.1.1 Mailbox unavailable
                master_service_disable = inet
                """, masterCF: "smtp inet n - y - - smtpd\n"),
        FlowExample(
            name: "postfix-out",
            mainCF: """
                inet_interfaces = loopback-only
                relay_transport = relay:[mailhub.example.com]
                local_transport = error:5.1.1 Mailbox unavailable
                """, masterCF: "127.0.0.1:10026 inet n - y - - smtpd\n"),
        FlowExample(
            name: "postfix-in",
            mainCF: """
                inet_interfaces = 203.0.113.7
                relay_transport = \(nextHop)
                default_transport = \(nextHop)
                """, masterCF: "smtp inet n - y - - smtpd\n"),
    ])
}
