// What each form of line tells, one by one, hostile ones among them.

import Bytes
import PostfixFormats
import Testing

@testable import MailTrace

/// Midnight of 22 November 2026, UTC.
let endOfDay = 1_795_305_600

private func record(_ tagAndText: String) -> LogRecord? {
    LogRecord(
        ByteString("Nov 21 06:29:34 mx1 \(tagAndText)"), at: LogPlace(file: 0, offset: 0),
        calendar: LogCalendar(latestSeconds: endOfDay))
}

private func delivery(_ fields: String) -> Delivery? {
    if case .delivery(let delivery)? = record("p/smtp[7]: 4D3B21A2B3: \(fields)")?.event {
        delivery
    } else {
        nil
    }
}

private func action(_ tagAndText: String) -> RuleAction? {
    if case .action(let action)? = record(tagAndText)?.event { action } else { nil }
}

@Suite struct `A line of a delivery` {
    private let usual = "relay=h[192.0.2.1]:25, delay=1.1, delays=0.1/0/0.5/0.5, dsn=2.0.0, "

    @Test func `has all its fields`() throws {
        let found = try #require(
            delivery(
                "to=<b@example.com>, orig_to=<a>, \(usual)"
                    + "status=sent (250 2.0.0 Ok: queued as 6A532EC)"))
        #expect(found.recipient == "b@example.com" && found.originalRecipient == "a")
        #expect(found.relay == "h[192.0.2.1]:25" && found.delay == "1.1")
        #expect(found.delays == "0.1/0/0.5/0.5" && found.dsn == "2.0.0")
        #expect(found.status == "sent" && found.reply == "250 2.0.0 Ok: queued as 6A532EC")
        #expect(found.nextID?.text == "6A532EC" && !found.isForward)
    }

    @Test func `may have a reused connection and TLS`() {
        let found = delivery(
            "to=<b@e>, relay=h[1]:25, conn_use=3, delay=1, delays=0/0/0/1, "
                + "tls=secure:dane, dsn=4.0.0, status=deferred (host h[1] said: 450 later)")
        #expect(found?.status == "deferred" && found?.nextID == nil)
    }

    @Test(arguments: [
        (
            "250 2.0.0 from MTA(smtp:[127.0.0.1]:10026): 250 2.0.0 Ok: queued as 2999AF8C861",
            "2999AF8C861"
        ),
        ("250 2.0.0 Ok: queued as 4jWj3f2s4zz2NtNW", "4jWj3f2s4zz2NtNW"),
        ("250 Ok: queued as 3A3A3A3 by queued as 4B4B4B4", "4B4B4B4"),
        ("forwarded as 4B4B4B4", "4B4B4B4"),
        ("250 Ok: queued as x-1", nil), ("250 Ok", nil), ("delivered to maildir", nil),
    ])
    func `names the next id if the answer has one`(_ reply: String, _ id: String?) {
        let found = delivery("to=<b@e>, \(usual)status=sent (\(reply))")
        #expect(found?.nextID?.text == id.map { ByteString($0) })
    }

    @Test func `names no next id unless it was sent`() {
        let found = delivery(
            "to=<b@e>, \(usual)status=deferred (host said: 450 x (250 Ok: queued as 6A532EC))")
        #expect(found != nil && found?.nextID == nil)
    }

    @Test func `is not led astray by what an address or an answer holds`() {
        let address = #""x> to=<y@e>, relay=z, status=sent (250 queued as 111111)"@example.com"#
        let found = delivery(
            "to=<\(address)>, \(usual)status=bounced (host said: status=sent (queued as 222222))")
        #expect(found?.recipient == ByteString(address))
        #expect(found?.status == "bounced" && found?.nextID == nil)
    }

    @Test(arguments: [
        "to=<b@e>", "to=<b@e>, relay=x", "to=b@e, relay=x, delay=1", "to=<b@e, relay=x",
        "to=<b@e>, relay=x, delay=1, delays=0/0/0/0, dsn=2.0.0, status=sent",
    ])
    func `that was cut off tells nothing`(_ fields: String) {
        #expect(delivery(fields) == nil)
        #expect(record("p/smtp[7]: 4D3B21A2B3: \(fields)")?.event == .other)
    }
}

@Suite struct `A line about a message` {
    private func event(_ tagAndText: String) -> LogEvent? { record(tagAndText)?.event }

    @Test func `tells of its birth`() {
        #expect(
            event("p/smtpd[7]: 4D3B21A2B3: client=h[192.0.2.1]")
                == .client(Client(address: "h[192.0.2.1]")))
        #expect(
            event(
                "p/submission/smtpd[7]: 4D3B21A2B3: client=h[1]:99, sasl_method=PLAIN, "
                    + "sasl_username=u@example.com")
                == .client(Client(address: "h[1]:99", saslUser: "u@example.com")))
        let xforward = record(
            "p/smtpd[7]: 4D3B21A2B3: client=localhost[127.0.0.1], orig_queue_id=4jWj3f2s4zz2NtNW, "
                + "orig_client=unknown[198.51.100.113]")
        guard case .client(let client)? = xforward?.event else {
            Issue.record("no client")
            return
        }
        #expect(client.originalID?.text == "4jWj3f2s4zz2NtNW")
        #expect(client.originalClient == "unknown[198.51.100.113]")
        #expect(
            event("p/pickup[7]: 4D3B21A2B3: uid=0 from=<root>")
                == .pickup(sender: "root", original: nil))
        #expect(
            event("p/pickup[7]: 4D3B21A2B3: uid=0 from=<root> orig_id=6A532EC")
                == .pickup(sender: "root", original: QueueID(logged: "6A532EC")))
    }

    @Test func `tells of what became of it`() {
        let id = "4D3B21A2B3: "
        #expect(event("p/cleanup[7]: \(id)message-id=<1@e>") == .messageID("<1@e>"))
        #expect(event("p/cleanup[7]: \(id)message-id=<>") == .messageID(""))
        #expect(event("p/cleanup[7]: \(id)resent-message-id=<1@e>") == .other)
        #expect(
            event("p/qmgr[7]: \(id)from=<a@e>, size=1393, nrcpt=2 (queue active)")
                == .active(sender: "a@e", sizeBytes: 1393, recipients: 2))
        #expect(
            event("p/qmgr[7]: \(id)from=<>, status=force-expired, returned to sender")
                == .expired(sender: ""))
        #expect(event("p/qmgr[7]: \(id)removed") == .removed(byOperator: false))
        #expect(event("p/postsuper[7]: \(id)removed") == .removed(byOperator: true))
        #expect(event("p/postsuper[7]: \(id)placed on hold") == .held)
        #expect(event("p/postsuper[7]: \(id)released from hold") == .released)
        #expect(event("p/postsuper[7]: \(id)requeued") == .requeued)
        #expect(event("p/postsuper[7]: \(id)expired") == .forcedToExpire)
        #expect(event("p/smtp[7]: \(id)host h[1] refused to talk to me") == .other)
    }

    @Test(arguments: [
        ("sender non-delivery", NoticeKind.failed), ("sender delay", .delayed),
        ("sender delivery status", .success), ("postmaster non-delivery", .failed),
    ])
    func `names the notice that was made`(_ words: String, _ kind: NoticeKind) throws {
        let id = try #require(QueueID(logged: "6A532EC"))
        #expect(
            event("p/bounce[7]: 4D3B21A2B3: \(words) notification: 6A532EC") == .notice(id, kind))
    }

    @Test func `that is a warning tells nothing of it`() {
        let found = record("p/smtp[7]: warning: 4D3B21A2B3: removed")
        #expect(found?.event == .other && found?.severity == "warning")
    }

    @Test func `needs a name that can be one`() {
        for text in ["4D3B: removed", "4d3b21a2b3: removed", "connect: removed", "removed"] {
            #expect(record("p/qmgr[7]: \(text)")?.queueID == nil)
        }
    }

    @Test func `keeps its service apart from its daemon`() {
        let found = record("postfix-in/submission/smtpd[1033]: connect from h[1]")
        #expect(found?.name == "postfix-in/submission" && found?.daemon == "smtpd")
        #expect(found?.processID == 1033 && found?.host == "mx1")
        let cut = LogRecord(
            "<22>1 2026-11-21T06:29:34+01:00 mx1 postfix-edge 1376 - -  4D3B21A2B3: removed",
            at: LogPlace(file: 0, offset: 0), calendar: LogCalendar(latestSeconds: endOfDay))
        #expect(cut?.name == "postfix-edge" && cut?.daemon == "")
        #expect(cut?.event == .removed(byOperator: nil) && cut?.processID == 1376)
    }
}

@Suite struct `A line about a rule` {
    @Test func `has the answer and the envelope`() {
        let found = action(
            "p/smtpd[7]: NOQUEUE: reject: RCPT from h[2001:db8::b]: 550 5.1.1 <b@e>: no; "
                + "from=<a@e> to=<b@e> proto=ESMTP helo=<h>")
        #expect(
            found
                == RuleAction(
                    action: "reject", stage: "RCPT", client: "h[2001:db8::b]",
                    reply: "550 5.1.1 <b@e>: no", sender: "a@e", recipient: "b@e"))
    }

    @Test func `of postscreen has commas`() {
        let found = action(
            "p/postscreen[7]: NOQUEUE: reject: RCPT from [192.0.2.1]:4711: 550 5.7.1 no; "
                + "from=<a@e>, to=<b@e>, proto=ESMTP, helo=<h>")
        #expect(found?.client == "[192.0.2.1]:4711" && found?.recipient == "b@e")
    }

    @Test func `about content has the envelope behind the text`() {
        let found = action(
            "p/cleanup[7]: 4D3B21A2B3: hold: header Subject: x; from=<f> to=<f> proto=P helo=<f>: y"
                + " from h[1]; from=<a@e> to=<b@e> proto=ESMTP helo=<h>: quarantine")
        #expect(found?.action == "hold" && found?.sender == "a@e" && found?.recipient == "b@e")
    }

    @Test func `about a client has the envelope in front of what it called itself`() {
        let found = action(
            "p/smtpd[7]: NOQUEUE: reject: RCPT from h[1]: 550 no; from=<a@e> to=<b@e> "
                + "proto=ESMTP helo=<x; from=<f> to=<f> proto=P helo=<y>")
        #expect(found?.sender == "a@e" && found?.recipient == "b@e")
    }

    @Test func `about an address in quotes has the envelope behind it`() {
        let address = #""; from=<f> to=<f> proto=P helo=<x>"@example.com"#
        let found = action(
            "p/smtpd[7]: NOQUEUE: reject: RCPT from h[1]: 550 <\(address)>: no; "
                + "from=<a@e> to=<\(address)> proto=ESMTP helo=<h>")
        #expect(found?.sender == "a@e" && found?.recipient == ByteString(address))
    }

    @Test func `before the recipient has no recipient`() {
        let found = action(
            "p/smtpd[7]: NOQUEUE: reject: MAIL from h[1]: 554 no; from=<a@e> proto=ESMTP helo=<h>")
        #expect(found?.sender == "a@e" && found?.recipient == nil)
    }
}

@Suite struct `A line of a filter` {
    private func verdict(_ text: String) -> FilterVerdict? {
        if case .verdict(let verdict)? = record("amavis[9]: \(text)")?.event {
            verdict
        } else {
            nil
        }
    }

    @Test func `names both ids`() {
        let found = verdict(
            "(01-2) Passed CLEAN {RelayedInbound}, [192.0.2.1]:5 <a@e> -> <b@e>, "
                + "Queue-ID: 4jWj3h4KHTz2NtQM, Message-ID: <1@e>, mail_id: x, Hits: -, size: 9, "
                + "queued_as: 220F9F8C832/6A532EC, 293 ms")
        #expect(found?.queueID?.text == "4jWj3h4KHTz2NtQM" && found?.messageID == "<1@e>")
        #expect(found?.nextIDs.map(\.text) == ["220F9F8C832", "6A532EC"])
        #expect(found?.isDiscarded == false)
    }

    @Test func `tells that it dropped the message`() {
        let found = verdict(
            "(01-2) Blocked SPAM {DiscardedInbound}, <a@e> -> <b@e>, Message-ID: <1@e>, mail_id: x")
        #expect(found?.isDiscarded == true && found?.messageID == "<1@e>")
    }

    @Test func `may be of any shape`() {
        #expect(verdict("(01-2) Passed CLEAN, mail_id: x, Message-ID: ") != nil)
        #expect(verdict("(01-2) starting") == nil && verdict("(") == nil)
    }
}
