// The options by which a command is told of a probe.

import ArgumentParser
import Bytes
import Instances

/// A probe on the command line.
struct ProbeOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The envelope sender; none is that of bounces.", valueName: "address"))
    var from: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A recipient; may be repeated.", valueName: "address"))
    var to: [String] = []

    @Option(help: ArgumentHelp("The client's numeric address.", valueName: "address"))
    var client: String?

    @Option(help: ArgumentHelp("What the client says to be.", valueName: "name"))
    var helo: String?

    @Option(
        help: ArgumentHelp(
            "Where it comes in: ADDRESS:PORT, local, or local:SELECTOR.", valueName: "entry"))
    var entry: String?

    @Option(
        help: ArgumentHelp(
            "What shall become of it: delivered, relayed, rejected, bounced, deferred, held or "
                + "discarded.", valueName: "word"),
        completion: .list(Probe.Expectation.words.map(\.text)))
    var expect: String?

    @Option(
        help: ArgumentHelp("The host, or [host]:port, that it shall go to.", valueName: "next-hop"))
    var relayedTo: String?

    @Option(help: ArgumentHelp("A part of the reply that rejects it.", valueName: "text"))
    var reply: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A header line; may be repeated.", valueName: "line"))
    var header: [String] = []

    @Option(help: ArgumentHelp("A file with its body.", valueName: "file"), completion: .file())
    var body: String?

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
        func bytes(_ text: String?) -> ByteString? { text.map { ByteString($0) } }
        var written = WrittenProbe()
        written.name = "mail to \(ByteString(to.joined(separator: ", ")))"
        written.from = bytes(from)
        written.to = to.map { ByteString($0) }
        written.client = bytes(client)
        written.helo = bytes(helo)
        written.entry = bytes(entry)
        written.expect = bytes(expect)
        written.relayedTo = bytes(relayedTo)
        written.reply = bytes(reply)
        written.headers = header.map { ByteString($0) }
        written.bodyFile = bytes(body)
        written.sizeBytes = size
        written.withinSeconds = within
        return written
    }
}
