// The options by which a command is told of a probe.

import ArgumentParser
import Bytes
import Instances

/// A probe on the command line.
struct ProbeOptions: ParsableArguments {
    @Option(text: "The envelope sender; none is that of bounces.", "address")
    var from: ByteString?

    @Option(texts: "A recipient; may be repeated.", "address")
    var to: [ByteString] = []

    @Option(help: ArgumentHelp("The client's numeric address.", valueName: "address"))
    var client: ByteString?

    @Option(help: ArgumentHelp("What the client says to be.", valueName: "name"))
    var helo: ByteString?

    @Option(
        help: ArgumentHelp(
            "Where it comes in: ADDRESS:PORT, local, or local:SELECTOR.", valueName: "entry"))
    var entry: ByteString?

    @Option(
        help: ArgumentHelp(
            "What shall become of it: delivered, relayed, rejected, bounced, deferred, held or "
                + "discarded.", valueName: "word"),
        completion: .list(Probe.Expectation.words.map(\.text)))
    var expect: ByteString?

    @Option(
        help: ArgumentHelp("The host, or [host]:port, that it shall go to.", valueName: "next-hop"))
    var relayedTo: ByteString?

    @Option(help: ArgumentHelp("A part of the reply that rejects it.", valueName: "text"))
    var reply: ByteString?

    @Option(texts: "A header line; may be repeated.", "line")
    var header: [ByteString] = []

    @Option(help: ArgumentHelp("A file with its body.", valueName: "file"), completion: .file())
    var body: ByteString?

    @Option(help: ArgumentHelp("So large a body.", valueName: "bytes"))
    var size: Int?

    @Option(help: ArgumentHelp("How long it may take.", valueName: "seconds"))
    var within: Int?

    /// True if any of them was given.
    var isGiven: Bool {
        from != nil || !to.isEmpty || client != nil || helo != nil || entry != nil
            || expect != nil || relayedTo != nil || reply != nil || !header.isEmpty
            || body != nil || size != nil || within != nil
    }

    func validate() throws {
        guard isGiven else { return }
        do throws(ProbeProblem) {
            _ = try written.probe(number: 1)
        } catch {
            throw ValidationError("the probe: \(error.sentence)")
        }
    }

    /// The probe.
    func probe() throws(CommandFailure) -> Probe {
        do throws(ProbeProblem) {
            return try written.probe(number: 1)
        } catch {
            throw CommandFailure(.usage, "the probe: \(error.sentence)")
        }
    }

    private var written: WrittenProbe {
        var written = WrittenProbe()
        written.name = "mail to \(to.joined(by: ", "))"
        written.from = from
        written.to = to
        written.client = client
        written.helo = helo
        written.entry = entry
        written.expect = expect
        written.relayedTo = relayedTo
        written.reply = reply
        written.headers = header
        written.bodyFile = body
        written.sizeBytes = size
        written.withinSeconds = within
        return written
    }
}
