// The command metrics discovery: which instances there are, for a monitoring system that makes its
// items by itself.

import ArgumentParser
import Bytes
import Instances

struct MetricsDiscovery: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "discovery",
        abstract: "List instances as Zabbix discovers them.",
        discussion: """
            A JSON list for low-level discovery of Zabbix, an object for each instance with the \
            macros {#MTA}, {#GROUP}, {#ENABLED} and {#DIRECTORY}; with --queues one for each queue \
            of each instance, with {#QUEUE}. {#MTA} is the value of the label mta, so that items \
            can be made of metrics print. Checkmk discovers by itself what metrics check --checkmk \
            prints.

            Examples:
              postilion metrics discovery
              postilion metrics discovery @mta --queues
            """)

    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    @Flag(help: "An object for each queue of each instance.")
    var queues = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let members = try context.observeInstances().selected(by: selectors)
        let names = queues ? QueueName.allCases.map { Optional($0.text) } : [nil]
        try context.console.put(
            .list(
                members.flatMap { member in
                    names.map { .object(macros(member, queue: $0)) }
                }))
        return .done
    }

    private func macros(
        _ member: InstanceSet.Member, queue: ByteString?
    ) -> [JSONValue.Member] {
        var group: ByteString = ""
        var enabled: ByteString = "broken"
        if case .instance(let instance) = member {
            group = instance.group?.text ?? ""
            enabled = instance.isEnabled ? "yes" : "no"
        }
        var macros: [JSONValue.Member] = [
            .init("{#MTA}", .text(member.metricName)), .init("{#GROUP}", .text(group)),
            .init("{#ENABLED}", .text(enabled)),
            .init("{#DIRECTORY}", .text(member.configDirectory)),
        ]
        if let queue { macros.append(.init("{#QUEUE}", .text(queue))) }
        return macros
    }
}
