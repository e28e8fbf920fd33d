// Reads the [[probe]] tables of a blueprint: test messages of a rehearsal.

import Bytes
import Instances
import TOMLReading

/// A reader of all probes.
struct ProbeReader {
    let top: TOMLTableReader

    init(_ top: TOMLTableReader) { self.top = top }

    func probes() -> [Probe] {
        top.tables("probe").enumerated().compactMap { index, table in
            let written = written(table)
            do throws(ProbeProblem) {
                return try written.probe(number: index + 1)
            } catch {
                table.complain(
                    line: table.line, key: "probe", error.sentence.text,
                    mend: "see postilion-blueprint(5), section Probes")
                return nil
            }
        }
    }

    private func written(_ table: TOMLTableReader) -> WrittenProbe {
        func text(_ key: String) -> ByteString? { table.string(key).map { ByteString($0) } }
        var probe = WrittenProbe()
        probe.name = text("name")
        probe.from = text("from")
        probe.to = (table.strings("to") ?? []).map { ByteString($0) }
        probe.client = text("client")
        probe.helo = text("helo")
        probe.entry = text("entry")
        probe.expect = text("expect")
        probe.relayedTo = text("relayed_to")
        probe.reply = text("reply")
        probe.headers = (table.strings("headers") ?? []).map { ByteString($0) }
        if case .string(let body)? = table.node("body") { probe.body = ByteString(body) }
        probe.bodyFile = text("body_file")
        probe.sizeBytes = table.bytes("size", in: 0...WrittenProbe.limitSizeBytes)
        probe.withinSeconds = table.seconds("within", in: 1...WrittenProbe.limitWithinSeconds)
        return probe
    }
}
