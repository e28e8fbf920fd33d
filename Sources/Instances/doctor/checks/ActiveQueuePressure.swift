// Check active-queue-pressure: an active queue that is nearly full.

import Bytes

extension Check {
    static let activeQueuePressure = Check(
        id: "active-queue-pressure", title: "The active queue is nearly full",
        severity: .warning, reference: "postconf(5) qmgr_message_active_limit",
        why: """
            The queue manager looks at no more than qmgr_message_active_limit messages at a time. \
            When slow destinations fill that, mail for all others waits behind them, and nothing \
            in the log says so.
            """,
        example: "17000 messages in the active queue, qmgr_message_active_limit = 20000",
        mend: "qshape active shows for whom they are; give that destination an instance of its own"
    ) { snapshot in
        snapshot.usable.compactMap { instance in
            guard let queues = instance.queues.value,
                let active = queues.first(where: { $0.name == "active" })?.messages,
                let limit = Int((instance.value("qmgr_message_active_limit") ?? "").text),
                limit > 0, active > limit / 5 * 4
            else { return nil }
            return Sighting(
                of: [instance], at: instance.place(of: "qmgr_message_active_limit"),
                "\(instance.name) has \(active) messages in its active queue of \(limit)",
                mend: "MAIL_CONFIG=\(instance.directory.quotedForShell) qshape active")
        }
    }
}
