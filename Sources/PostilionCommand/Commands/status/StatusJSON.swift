// The status of an instance for programs: all facts. What is not known is null, and a member that
// ends in _reason says why.

import Bytes
import Instances

extension Snapshot {
    /// All that was seen of one instance.
    func json(of instance: InstanceSnapshot) -> JSONValue {
        .object(
            instance.member.jsonMembers + processMembers(instance) + unitMembers(instance)
                + listenerMembers(instance)
                + queueMembers(instance) + problemMembers(instance) + [
                    .init(
                        "faults",
                        .list(
                            faults(of: instance).map { fault in
                                .object([
                                    .init("id", .text(fault.identifier)),
                                    .init("message", .text(fault.sentence)),
                                ])
                            })),
                    .init("seen_at", .number(takenSeconds)),
                ])
    }

    private func processMembers(_ instance: InstanceSnapshot) -> [JSONValue.Member] {
        var state: JSONValue = .null
        var number: Int?
        var since: Int?
        if instance.instance == nil {
            state = "broken"
        } else if let process = instance.process.value {
            switch process {
            case .stopped: state = "stopped"
            case .running(let processID, let sinceSeconds):
                state = "running"
                number = processID
                since = sinceSeconds
            }
        }
        return [
            .init("state", state), .init("state_reason", JSONValue(instance.process.reason)),
            .init("pid", JSONValue(number)), .init("started_at", JSONValue(since)),
            .init("uptime_seconds", JSONValue(since.map { max(0, takenSeconds - $0) })),
        ]
    }

    /// The unit that is for the instance, and the one that it runs in.
    private func unitMembers(_ instance: InstanceSnapshot) -> [JSONValue.Member] {
        var place: ByteString?
        var reason: ByteString?
        if case .known(.running) = instance.process, instance.facts.ownUnit != nil {
            place = instance.facts.unit.value ?? nil
            reason = instance.facts.unit.reason
        }
        return [
            .init("unit", JSONValue(instance.facts.ownUnit)),
            .init("runs_in_unit", JSONValue(place)),
            .init("runs_in_unit_reason", JSONValue(reason)),
        ]
    }

    private func listenerMembers(_ instance: InstanceSnapshot) -> [JSONValue.Member] {
        let states = listenerStates(of: instance).map { state in
            listener(
                state.listener, address: ByteString(state.socket.address.description),
                port: state.socket.port, bound: state.bound.value.map { .boolean($0 != nil) },
                reason: state.bound.reason)
        }
        // A listener whose place is not known is told all the same.
        let unknown = instance.listeners.filter(\.sockets.isEmpty).map { listener in
            self.listener(
                listener, address: nil, port: listener.port.value, bound: nil,
                reason: listener.addresses.reason ?? listener.port.reason
                    ?? "inet_interfaces and inet_protocols leave no address")
        }
        let all: JSONValue = instance.services.value == nil ? .null : .list(states + unknown)
        return [
            .init("listeners", all),
            .init("listeners_reason", JSONValue(instance.services.reason)),
        ]
    }

    private func listener(
        _ listener: Listener, address: ByteString?, port: Int?, bound: JSONValue?,
        reason: ByteString?
    ) -> JSONValue {
        .object([
            .init("service", .text(listener.service)), .init("command", .text(listener.command)),
            .init("address", JSONValue(address)), .init("port", JSONValue(port)),
            .init("bound", bound ?? .null), .init("bound_reason", JSONValue(reason)),
        ])
    }

    private func queueMembers(_ instance: InstanceSnapshot) -> [JSONValue.Member] {
        let queues: JSONValue? = instance.queues.value.map { queues in
            .object(
                queues.map { queue in
                    let age = queue.oldestSeconds.map { max(0, takenSeconds - $0) }
                    return .init(
                        queue.name,
                        .object([
                            .init("messages", .number(queue.messages)),
                            .init("oldest_at", JSONValue(queue.oldestSeconds)),
                            .init("oldest_age_seconds", JSONValue(age)),
                            .init("oldest_is_certain", .boolean(queue.isOldestCertain)),
                        ]))
                })
        }
        return [
            .init("queues", queues ?? .null),
            .init("queues_reason", JSONValue(instance.queues.reason)),
        ]
    }

    private func problemMembers(_ instance: InstanceSnapshot) -> [JSONValue.Member] {
        var problem: JSONValue = .null
        if case .known(let found?) = instance.lastProblem {
            problem = .object([
                .init("severity", .text(found.severity)), .init("time", .text(found.time)),
                .init("tag", .text(found.tag)), .init("text", .text(found.text)),
                .init("is_certain", .boolean(found.isCertain)),
            ])
        }
        return [
            .init("last_problem", problem),
            .init("last_problem_reason", JSONValue(instance.lastProblem.reason)),
        ]
    }
}
