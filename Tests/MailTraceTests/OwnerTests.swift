// Lines whose tags name another instance than the one that they are of.

import Bytes
import Testing

@testable import MailTrace

@Suite struct `A line under another instance's name` {
    private let log = [
        "postfix/qmgr[1]: 1D0901A2B3: from=<x@example.net>, size=1, nrcpt=1 (queue active)",
        "out/cleanup[18]: 3D0901A2B3: message-id=<1@example.net>",
        "out/qmgr[19]: 3D0901A2B3: from=<a@example.net>, size=900, nrcpt=1 (queue active)",
        "postfix/relay/smtp[20]: 3D0901A2B3: to=<b@example.com>, relay=none, delay=4, "
            + "delays=0/0/4/0, dsn=4.4.1, status=deferred (refused)",
        // postsuper(1) with option -c does not know the name of the instance yet.
        "postfix/postsuper[21]: 3D0901A2B3: placed on hold",
    ].map { "Nov 21 06:29:34 mx \($0)\n" }.joined()

    @Test func `belongs to the instance that has the message`() throws {
        var query = TraceQuery()
        query.queueID = "3D0901A2B3"
        let found = journeys(Array(log.utf8), query)
        let journey = try #require(found.first)
        #expect(found.count == 1 && journey.hops.count == 1)
        #expect(journey.hops[0].instance == "out" && journey.hops[0].status == .hold)
    }

    @Test func `is shown under that instance`() {
        var view = LogView(
            [TracedLog(MemoryLog(Array(log.utf8)), LogCalendar(latestSeconds: endOfDay))],
            LineFilter(), names: [])
        var instances: [ByteString] = []
        view.read(isFinal: true) { line in
            instances.append(line.instance)
            return true
        }
        #expect(instances == ["postfix", "out", "out", "out", "out"])
    }
}
