// What a listing of queues says of the instances that messages are in.

import Bytes
import MailTrace
import Testing

@Suite struct `A listing of queues` {
    @Test func `names the primary as it logs, however the listing names it`() {
        var damaged: [Int] = []
        let listing = QueueListing(
            json: """
                {"instance":"-","queue_name":"hold","queue_id":"A1"}
                {"queue_name":"hold","queue_id":"A2"}
                {"instance":"postfix-out","queue_name":"hold","queue_id":"A3"}
                no message
                """, damagedLines: &damaged)
        #expect(listing.entries.map(\.instance) == ["postfix", "postfix", "postfix-out"])
        #expect(damaged == [4])
    }
}
