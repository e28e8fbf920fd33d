// A made-up host whose mail is known: messages go through instances, each step leaves the lines
// that Postfix's daemons write, and what became of each message is noted as it happens.

import Bytes
import TestSupport

/// A line that an instance logged in some second.
struct WorldLine {
    var second: Int
    /// The stream of one writer: its lines stay in order.
    var writer: String
    var text: String
}

/// What must be found of a message.
struct WorldJourney: Hashable {
    var hops: [String]
    var finals: Set<String>
}

/// Mail on a host of three instances.
struct SmallWorld {
    private var numbers: SeededNumbers
    private var micros = 0
    private(set) var lines: [WorldLine] = []
    private(set) var journeys: [String: WorldJourney] = [:]
    private var messageID = ""
    private var hops: [String] = []
    private var finals: [String: String] = [:]

    let names: [String]

    /// Sends messages; a second holds a few of them.
    init(seed: UInt64, messages: Int, names: [String] = ["null", "mx.in", "out-2"]) {
        numbers = SeededNumbers(seed: seed)
        self.names = names
        for number in 0..<messages { send(number) }
    }

    private var second: Int { micros / 1_000_000 }

    private mutating func wait(_ count: Int) { micros += count }

    /// Logs a line, with the service as it stands in the tag.
    private mutating func say(
        _ instance: Int, _ service: String, _ text: String, name: Int? = nil
    ) {
        wait(Int.random(in: 100...3000, using: &numbers))
        lines.append(
            WorldLine(
                second: second, writer: names[instance],
                text: "\(names[name ?? instance])/\(service): \(text)"))
    }

    private mutating func newID() -> String {
        // Away from the second's end, where a line can be of the next second.
        if micros % 1_000_000 > 980_000 { wait(30_000) }
        if micros % 1_000_000 < 20_000 { wait(20_000) }
        let digits = String(micros % 1_000_000, radix: 16, uppercase: true)
        let inode = String(Int.random(in: 0xF8C000...0xF8C040, using: &numbers), radix: 16)
        return String(repeating: "0", count: 5 - digits.count) + digits + inode.uppercased()
    }

    private mutating func send(_ number: Int) {
        wait(Int.random(in: 10_000...400_000, using: &numbers))
        messageID = "<\(number).m@example.net>"
        hops = []
        finals = [:]
        let sender = "s\(number % 7)@example.net"
        let recipients = (0...(number % 3)).map { "r\(number)x\($0)@example.com" }
        if numbers.chance(10) {
            refuse(1, sender, recipients[0])
            return
        }
        if numbers.chance(30) {
            pass(0, from: .program, sender, recipients, number)
        } else {
            pass(1, from: .client, sender, recipients, number)
        }
        journeys[messageID] = WorldJourney(
            hops: hops, finals: Set(finals.map { "\($0.key)=\($0.value)" }))
    }

    private enum Origin {
        case program, client
        case hop(id: String, tellsID: Bool)
    }

    private mutating func refuse(_ instance: Int, _ sender: String, _ recipient: String) {
        say(
            instance, "smtpd[\(100 + instance)]",
            "NOQUEUE: reject: RCPT from x[192.0.2.1]: 550 5.1.1 no; from=<\(sender)> "
                + "to=<\(recipient)> proto=ESMTP helo=<x>")
    }

    /// The message comes to an instance and leaves it; returns the id that it got there.
    @discardableResult
    private mutating func pass(
        _ instance: Int, from origin: Origin, _ sender: String, _ recipients: [String],
        _ number: Int
    ) -> String {
        let id = newID()
        let place = hops.count
        hops.append("")
        switch origin {
        case .program: say(instance, "pickup[7]", "\(id): uid=0 from=<\(sender)>")
        case .client:
            say(instance, "submission/smtpd[\(number)]", "\(id): client=x[192.0.2.1]")
        case .hop(let from, let tellsID):
            let known = tellsID ? ", orig_queue_id=\(from), orig_client=x[192.0.2.1]" : ""
            say(instance, "smtpd[\(number)]", "\(id): client=localhost[127.0.0.1]\(known)")
        }
        say(instance, "cleanup[8]", "\(id): message-id=\(messageID)")
        say(
            instance, "qmgr[9]",
            "\(id): from=<\(sender)>, size=99, nrcpt=\(recipients.count) (queue active)")
        let status =
            instance == 2
            ? leave(instance, id, sender, recipients)
            : handOn(instance, id, sender, recipients, number)
        hops[place] = "\(names[instance]) \(id) \(status)"
        return id
    }

    private mutating func attempt(
        _ instance: Int, _ id: String, _ recipient: String, _ status: String, _ reply: String,
        looksForeign: Bool = false
    ) {
        say(
            instance, looksForeign ? "relay/smtp[6]" : "smtp[5]",
            "\(id): to=<\(recipient)>, relay=127.0.0.1[127.0.0.1]:10025, delay=1, "
                + "delays=0/0/0/1, dsn=2.0.0, status=\(status) (\(reply))",
            name: looksForeign ? 0 : instance)
    }

    private mutating func handOn(
        _ instance: Int, _ id: String, _ sender: String, _ recipients: [String], _ number: Int
    ) -> String {
        if numbers.chance(15) {
            for recipient in recipients { attempt(instance, id, recipient, "deferred", "450 busy") }
            wait(60_000_000)
            say(
                instance, "qmgr[9]",
                "\(id): from=<\(sender)>, size=99, nrcpt=\(recipients.count) (queue active)")
        }
        // A null client knows nothing of XFORWARD; a filter may tell both ids, one, or none.
        let tells = instance == 0 ? 0 : Int.random(in: 0..<3, using: &numbers)
        let isOpaque = instance != 0 && tells == 2
        let next = pass(
            instance + 1, from: .hop(id: id, tellsID: tells == 1), sender, recipients, number)
        for recipient in recipients {
            attempt(
                instance, id, recipient, "sent",
                isOpaque ? "250 Ok, id=x" : "250 2.0.0 Ok: queued as \(next)")
        }
        say(instance, "qmgr[9]", "\(id): removed")
        return "sent"
    }

    /// Delivers to the world, one way or another.
    private mutating func leave(
        _ instance: Int, _ id: String, _ sender: String, _ recipients: [String]
    ) -> String {
        var statuses: Set<String> = []
        for recipient in recipients {
            if numbers.chance(20) { attempt(instance, id, recipient, "deferred", "450 later") }
            let status = numbers.chance(20) ? "bounced" : "sent"
            // The stock master.cf gives the service relay a name that looks like the default's.
            attempt(instance, id, recipient, status, "ok", looksForeign: numbers.chance(50))
            finals[recipient] = status
            statuses.insert(status)
        }
        if statuses.contains("bounced") {
            say(
                instance, "bounce[4]",
                "\(id): sender non-delivery notification: \(newID())")
        }
        say(instance, "qmgr[9]", "\(id): removed")
        return statuses.count == 1 ? statuses.first ?? "" : "mixed"
    }
}

extension SmallWorld {
    /// The log as one file; lines of one second are interleaved by chance, but for each writer's.
    func log(interleavedBy seed: UInt64?, head: (Int) -> String) -> [UInt8] {
        var numbers = SeededNumbers(seed: seed ?? 0)
        var text = ""
        for second in Set(lines.map(\.second)).sorted() {
            var waiting = lines.filter { $0.second == second }
            while !waiting.isEmpty {
                var index = 0
                if seed != nil {
                    let writers = Set(waiting.map(\.writer)).sorted()
                    let writer = writers[Int.random(in: 0..<writers.count, using: &numbers)]
                    index = waiting.firstIndex { $0.writer == writer } ?? 0
                }
                text += "\(head(second)) mx \(waiting.remove(at: index).text)\n"
            }
        }
        return Array(text.utf8)
    }
}
