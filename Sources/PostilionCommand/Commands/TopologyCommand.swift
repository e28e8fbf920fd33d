// The command topology: how mail flows between the instances.

import ArgumentParser
import Bytes
import InstanceOperations
import Instances

struct TopologyCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology",
        abstract: "Show how mail flows between the instances.",
        discussion: """
            Ways come from relayhost, transports, content filters and fall-back relays of \
            main.cf and master.cf, and from postilion-filter's /etc/postilion/filter.toml. Next \
            hops that only a lookup table knows are not shown. A dashed way, or one with a \
            question mark, is assumed: mail that goes to another process that is no instance may \
            come back at a listener where nobody else sends to.

            Examples:
              postilion topology
              postilion topology --format svg >mail.svg
              postilion topology --format dot | dot -Tpng >mail.png
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, dot, mermaid, svg, json
    }

    @Option(help: "The language of the picture.")
    var format = Format.text

    @Flag(help: "The same as --format json.")
    var json = false

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let scene = try context.observeInstances()
        let view = context.observeFlow(scene)
        let topology = Topology(view.snapshot, view.flow)
        switch json ? .json : format {
        case .text: try context.console.put(topology.text(for: context.console))
        case .dot: try context.console.put(topology.dot)
        case .mermaid: try context.console.put(topology.mermaid)
        case .svg: try context.console.put(topology.svg)
        case .json: try context.console.put(topology.json)
        }
        let isWhole =
            scene.instances.broken.isEmpty && view.snapshot.host.contentFilter.reason == nil
        return isWhole ? .done : .failed
    }
}
