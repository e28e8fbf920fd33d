// Check start-order: a source that starts before its sink.

import Bytes

extension Check {
    static let startOrder = Check(
        id: "start-order", title: "An instance starts before the one it sends to",
        severity: .warning, reference: "MULTI_INSTANCE_README, instance groups",
        why: """
            Instances start in the order of multi_instance_directories and stop in the opposite \
            one. Whoever takes mail in should start last and stop first, so that there is always \
            somebody to hand it to; otherwise mail is deferred at each start and stop.
            """,
        example: "multi_instance_directories = /etc/postfix-in /etc/postfix-out",
        mend: "postconf -e 'multi_instance_directories = /etc/postfix-out /etc/postfix-in'"
    ) { snapshot, flow in
        guard let primary = snapshot.usable.first(where: \.isPrimary) else { return [] }
        return snapshot.instances.indices.dropFirst().compactMap { index in
            let source = snapshot.instances[index]
            let sinks = flow.sinks(of: index).filter { sink in
                sink > index && snapshot.instances[sink].isEnabled
                    && !flow.sinks(of: sink).contains(index)
            }
            guard source.isEnabled, let last = sinks.max() else { return nil }
            var order = snapshot.instances.dropFirst().map(\.directory)
            order.insert(order.remove(at: index - 1), at: last - 1)
            return Sighting(
                of: [source, snapshot.instances[last]],
                at: primary.place(of: "multi_instance_directories"),
                "\(source.name) starts before \(snapshot.instances[last].name), "
                    + "to which it sends mail",
                mend: primary.setting("multi_instance_directories", order.joined(by: " ")))
        }
    }
}
