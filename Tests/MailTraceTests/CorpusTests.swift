// A real log with a truth that was never taken from it, if such a corpus is at hand: the directory
// that POSTILION_CORPUS names, or ../shared/data. Without one these tests are skipped.

import Bytes
import PostfixFormats
import TestSupport
import Testing

@testable import MailTrace

/// What lies in the directory of a corpus.
private enum Corpus {
    static let directory: ByteString? = {
        let named = TestedPostfix.environment("POSTILION_CORPUS")
        let path = named ?? "\(Package.root)/../shared/data"
        let log = ChildProcess("/usr/bin/test", ["-r", "\(ByteString(path))/border-mail.log.xz"])
        // Without an answer there is no corpus.
        return (try? log.run().succeeded) == true ? ByteString(path) : nil
    }()

    /// In a debug build a search of the whole log takes a second: a sample has to do, unless the
    /// corpus was asked for.
    static let step = TestedPostfix.environment("POSTILION_CORPUS") == nil ? 10 : 1

    static func content(_ name: ByteString) throws -> ByteString {
        let path: ByteString = "\(directory ?? "")/\(name)"
        let isPacked = name.hasSuffix(".xz")
        let reading = ChildProcess(
            isPacked ? "/usr/bin/xz" : "/bin/cat", [isPacked ? "-dc" : "-u", path])
        let answer = try reading.run()
        try #require(answer.succeeded)
        return answer.output
    }
}

@Suite(.enabled(if: Corpus.directory != nil, "there is no corpus; POSTILION_CORPUS names one"))
struct `The corpus of a border mail server` {
    private func query(_ truth: JSONText) -> TraceQuery {
        var query = TraceQuery()
        query.messageID = truth["query"]?["message_id"]?.string
        query.queueID = truth["query"]?["queue_id"]?.string
        query.instance = truth["query"]?["instance"]?.string
        query.sender = truth["query"]?["sender"]?.string
        query.recipient = truth["query"]?["recipient"]?.string
        return query
    }

    /// The truth in the words of a journey.
    private func lines(_ truth: JSONText) -> Set<ByteString> {
        var lines: Set<ByteString> = ["from \(truth["sender"]?.string ?? "")"]
        for (index, hop) in (truth["hops"]?.elements ?? []).enumerated() {
            let words = ["instance", "queue_id", "status", "note"].map { hop[$0]?.string ?? "" }
            lines.insert("hop \(index) \(words[0]) \(words[1]) \(words[2]) \(words[3])")
        }
        if case .object(let finals)? = truth["final"]?.value {
            for final in finals { lines.insert("to \(final.name) \(final.value.string ?? "")") }
        }
        if let place = truth["where"], let id = place["queue_id"]?.string {
            let words = ["instance", "queue"].map { place[$0]?.string ?? "" }
            lines.insert("in \(words[0]) \(words[1]) \(id)")
        }
        for notice in truth["notices"]?.elements ?? [] {
            let words = ["instance", "queue_id", "of", "action"].map { notice[$0]?.string ?? "" }
            lines.insert("\(words[3]) \(words[0]) \(words[1]) \(words[2])")
        }
        return lines
    }

    private func lines(_ journey: Journey) -> Set<ByteString> {
        var lines: Set<ByteString> = ["from \(journey.sender)"]
        for (index, hop) in journey.hops.enumerated() {
            lines.insert(
                "hop \(index) \(hop.instance) \(hop.queueID) \(hop.status.rawValue) "
                    + "\(hop.note ?? "")")
        }
        for final in journey.finals {
            lines.insert("to \(final.recipient) \(final.status.rawValue)")
        }
        if let place = journey.whereabouts {
            lines.insert("in \(place.instance) \(place.queue) \(place.queueID)")
        }
        for notice in journey.notices {
            lines.insert(
                "\(notice.kind.rawValue) \(notice.instance) \(notice.queueID) \(notice.about)"
            )
        }
        return lines
    }

    @Test func `is answered as the truth has it`() throws {
        let log = try Corpus.content("border-mail.log.xz").bytes
        var damaged: [Int] = []
        let listing = QueueListing(
            json: try Corpus.content("border-mail.queue.jsonl"), damagedLines: &damaged)
        #expect(damaged == [])
        let truths = try Corpus.content("border-mail.truth.jsonl").bytes.split(separator: 0x0A)
        #expect(truths.count > 300)
        for index in stride(from: 0, to: truths.count, by: Corpus.step) {
            let truth = try #require(JSONText(ByteString(truths[index])))
            let found = journeys(log, query(truth), listing: listing)
            #expect(found.map(lines) == [lines(truth)])
        }
    }
}
