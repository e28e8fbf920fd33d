// Journeys through made-up hosts whose mail is known, whatever the names, the order of lines, and
// the form of time stamps are.

import Bytes
import PostfixFormats
import Testing

@testable import MailTrace

/// All journeys in a log, or those that a query asks for.
func journeys(
    _ log: [UInt8], _ query: TraceQuery? = nil, names: Set<ByteString> = [],
    listing: QueueListing? = nil
) -> [Journey] {
    let calendar = LogCalendar(latestSeconds: endOfDay)
    var wanted = TraceQuery()
    wanted.text = "example"
    var tracer = Tracer(
        query ?? wanted, in: [TracedLog(MemoryLog(log), calendar)], instanceNames: names)
    tracer.search()
    return tracer.journeys(listing)
}

/// A traditional head: "Nov 21 06:29:34".
func traditional(_ second: Int) -> String {
    let time = CivilTime(seconds: endOfDay - 40_000 + second)
    let parts = [time.hour, time.minute, time.second].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "Nov \(time.day) \(parts.joined(separator: ":"))"
}

private func full(_ second: Int) -> String {
    let time = CivilTime(seconds: endOfDay - 40_000 + second)
    let parts = [time.hour, time.minute, time.second].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "2026-11-\(time.day)T\(parts.joined(separator: ":"))+00:00"
}

@Suite struct `Journeys of made-up mail` {
    private func summary(_ journey: Journey) -> WorldJourney {
        WorldJourney(
            hops: journey.hops.map { "\($0.instance) \($0.queueID) \($0.status.rawValue)" },
            finals: Set(journey.finals.map { "\($0.recipient)=\($0.status.rawValue)" }))
    }

    private func check(_ world: SmallWorld, _ log: [UInt8]) {
        let found = journeys(log)
        var seen: Set<String> = []
        for journey in found where !journey.messageID.isEmpty {
            seen.insert(journey.messageID.text)
            let expected = world.journeys[journey.messageID.text]
            #expect(expected == summary(journey), "\(journey.messageID)")
        }
        #expect(seen == Set(world.journeys.keys))
    }

    @Test(arguments: 1...8)
    func `are all found, whatever happens on the way`(seed: Int) {
        let world = SmallWorld(seed: UInt64(seed), messages: 30)
        check(world, world.log(interleavedBy: nil, head: traditional))
    }

    @Test(arguments: [
        ["postfix", "postfix-in", "postfix-out"], ["postfix", "in", "postfix"].map { $0 + "9" },
        ["a/b", "a", "a/c"], ["mail", "mail2", "mail-2"],
    ])
    func `are found under any names`(names: [String]) {
        var names = names
        if names[0] == names[2] { names[2] += "x" }
        let world = SmallWorld(seed: 5, messages: 30, names: names)
        check(world, world.log(interleavedBy: nil, head: traditional))
    }

    @Test(arguments: 1...5)
    func `do not depend on the order of lines within a second`(seed: Int) {
        let world = SmallWorld(seed: UInt64(seed), messages: 30)
        // The journeys themselves, but for where their lines lie.
        let plain = journeys(world.log(interleavedBy: nil, head: traditional)).map(withoutPlaces)
        for order in 1...3 {
            let log = world.log(interleavedBy: UInt64(order), head: traditional)
            #expect(journeys(log).map(withoutPlaces) == plain, "seed \(seed), order \(order)")
        }
    }

    @Test func `do not depend on the form of time stamps`() {
        let world = SmallWorld(seed: 3, messages: 30)
        let plain = journeys(world.log(interleavedBy: nil, head: traditional)).map(withoutPlaces)
        #expect(journeys(world.log(interleavedBy: nil, head: full)).map(withoutPlaces) == plain)
    }

    private func withoutPlaces(_ journey: Journey) -> Journey {
        var journey = journey
        for hop in journey.hops.indices {
            journey.hops[hop].records = journey.hops[hop].records.map { record in
                var record = record
                record.place = LogPlace(file: 0, offset: 0)
                return record
            }
        }
        return journey
    }

    @Test func `are found by anything that names them`() throws {
        let world = SmallWorld(seed: 9, messages: 12)
        let log = world.log(interleavedBy: 1, head: traditional)
        for journey in journeys(log) where !journey.messageID.isEmpty {
            var query = TraceQuery()
            query.messageID = journey.messageID
            #expect(journeys(log, query) == [journey])
            for hop in journey.hops {
                query = TraceQuery()
                query.queueID = hop.queueID
                query.instance = hop.instance
                #expect(journeys(log, query).contains(journey))
            }
            query = TraceQuery()
            query.sender = journey.sender
            query.recipient = try #require(journey.finals.first).recipient
            #expect(journeys(log, query) == [journey])
        }
    }
}
