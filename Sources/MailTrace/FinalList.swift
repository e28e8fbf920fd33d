// What became of recipients, put together from all places that tell of them.

import Bytes

/// Statuses of recipients, each once, in the order in which they came.
struct FinalList {
    private(set) var finals: [Final] = []
    private var places: [ByteString: Int] = [:]

    /// Adds a status; of two for one recipient the more certain one stays.
    mutating func add(_ recipient: ByteString, _ status: FinalStatus) {
        guard let place = places[recipient] else {
            places[recipient] = finals.count
            finals.append(Final(recipient: recipient, status: status))
            return
        }
        if finals[place].status != .sent, status == .sent || finals[place].status.isOpen {
            finals[place].status = status
        }
    }

    mutating func addIfAbsent(_ recipient: ByteString, _ status: FinalStatus) {
        if places[recipient] == nil { add(recipient, status) }
    }
}

extension Refusal {
    /// The journey of a message that was never taken.
    var journey: Journey {
        var list = FinalList()
        for action in actions where action.isReject {
            list.addIfAbsent(action.recipient ?? "", .rejected)
        }
        let hop = Hop(
            instance: instance, queueID: "NOQUEUE", status: .rejected,
            service: records.first?.service(in: instance) ?? "", client: actions.first?.client,
            sender: sender, receivedTime: records.first?.time ?? 0, evidence: [], attempts: [],
            records: records)
        return Journey(
            messageID: "", sender: sender ?? "", hops: [hop],
            finals: list.finals.filter { !$0.recipient.isEmpty }, notices: [])
    }
}
