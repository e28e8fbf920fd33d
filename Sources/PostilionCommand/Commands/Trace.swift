// The command trace: the way of messages through all instances, found in the logs.

import ArgumentParser
import Bytes
import HostAccess
import LogOperations
import MailTrace

struct Trace: HostCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow a message through all instances.",
        discussion: """
            Shows the whole way of each message that fits: every queue it was in, who brought it, \
            each attempt to deliver it with the answer, what became of each recipient, and where \
            the message is now. QUERY is a Message-ID, a queue id, an address, or any text of a \
            line; the options ask for one thing exactly, and all that are given must fit.

            Hops are put together by what the next hop answered (queued as), by the id that \
            XFORWARD brings, by the log of a content filter such as amavis, and by Message-ID, \
            addresses and time where nothing else tells. Bounces and delay warnings are listed as \
            notices.

            Without --log the logs of all instances are searched, older and compressed ones \
            too, or the journal; what is still queued is looked up in the queues. With --log \
            only these files are read, and the log tells the names of the instances.

            Exit status: 0 found; 1 nothing was found; 3 found, but some log could not be read; \
            64 the command line is wrong.

            Examples:
              postilion trace 4jWj3f2s4zz2NtNW
              postilion trace --sender news@example.com --recipient bob@example.net
              postilion trace --log mail.log.2.gz --message-id 1@example.com --json
            """)

    @Argument(help: "A Message-ID, queue id, address, or text.")
    var query: ByteString?

    @Option(text: "Messages with this Message-ID.", "id")
    var messageID: ByteString?

    @Option(text: "Messages that had this queue id.", "id")
    var queueID: ByteString?

    @Option(text: "Messages that were in this instance, with that id.", "name")
    var instance: ByteString?

    @Option(text: "Messages from this envelope sender.", "address")
    var sender: ByteString?

    @Option(text: "Messages to this recipient.", "address")
    var recipient: ByteString?

    @Option(
        texts: "Search this file; may be repeated, and compressed.", "file", completion: .file())
    var log: [String] = []

    @Option(
        text: "What the queues hold, as postqueue -j tells, with a member \"instance\".", "file",
        completion: .file())
    var queueListing: ByteString?

    @Flag(help: "One JSON object per message and line.")
    var json = false

    @Flag(help: "Go on and show what happens, until all that was found is done.")
    var follow = false

    func validate() throws {
        if follow, json { throw ValidationError("--follow is for people, and has no --json") }
        if wanted.isEmpty {
            throw ValidationError("say which message: QUERY, --message-id, --queue-id or others")
        }
        if let query, query.count < 3 {
            throw ValidationError("QUERY must have at least three characters")
        }
    }

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        var tracing = try Tracing(context, wanted, logs: log, listing: queueListing)
        let journeys = tracing.journeys()
        if json {
            for journey in journeys { try context.console.put(journey.json) }
        } else {
            let view = JourneyText(context)
            for (index, journey) in journeys.enumerated() {
                let lines = (index > 0 ? ["", ""] : []) + view.lines(journey)
                try context.console.put(lines.reduce("") { "\($0)\($1)\n" })
            }
        }
        if follow { try JourneyFollowing(context, tracing, shown: journeys).run() }
        if journeys.isEmpty { return .failed }
        return tracing.logs.hasFailures ? .partlyDone : .done
    }

    private var wanted: TraceQuery {
        var wanted = TraceQuery()
        wanted.text = query
        wanted.messageID = messageID
        wanted.queueID = queueID
        wanted.instance = instance
        wanted.sender = sender
        wanted.recipient = recipient
        return wanted
    }
}
