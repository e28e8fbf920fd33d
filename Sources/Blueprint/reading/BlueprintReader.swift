// Reads a blueprint: a tree of values becomes the desired state, or all that is wrong in it.

import Bytes
import Instances
import PostfixFormats
package import TOMLReading

extension Blueprint {
    /// Reads a blueprint.
    ///
    /// - Parameter document: The file, from TOML or from JSON.
    /// - Throws: Everything that is wrong with it, in the order of lines.
    package init(_ document: TOMLDocument) throws(BlueprintProblems) {
        let top = TOMLTableReader(document)
        var instances: [DesiredInstance] = []
        for table in top.tables("instance") {
            instances += InstanceReader(table).instances()
        }
        if !top.has("instance") {
            top.complainMissing("instance", example: "an [[instance]] table for each instance")
        }
        let purges = top.boolean("purge") ?? false
        let probes = ProbeReader(top).probes()
        BlueprintReader(top).checkTogether(instances)
        let problems = top.finish()
        guard problems.isEmpty else {
            throw BlueprintProblems(problems.map { Self.naming(instances, in: $0) })
        }
        self.init(
            file: ByteString(document.file), purges: purges, instances: instances, probes: probes)
    }

    /// The problem with the name of the instance that it is about: more than its table's says.
    private static func naming(
        _ instances: [DesiredInstance], in problem: TOMLProblem
    ) -> TOMLProblem {
        let table = "instance."
        let above = instances.filter { $0.places.instance <= problem.line }
        guard problem.key.hasPrefix(table), problem.key != "instance.name",
            let name = above.max(by: { $0.places.instance < $1.places.instance })?.name,
            !name.isEmpty
        else { return problem }
        return TOMLProblem(
            file: problem.file, line: problem.line,
            key: "\(name.text): \(problem.key.dropFirst(table.count))", fault: problem.fault,
            mend: problem.mend)
    }

    /// All keys that a blueprint may have, each with the tables that it is in.
    ///
    /// Found by reading: a blueprint with a table of each kind.
    package static var knownKeys: Set<String> {
        guard
            let document = try? TOMLDocument(
                file: "",
                text: """
                    [[instance]]
                    name = "postfix-a"
                    addresses = ["192.0.2.1"]
                    hostname = "a"
                    services = { "a/inet" = { command = "smtpd" } }
                    tables = { a = { text = "" } }
                    [[probe]]
                    to = "a@example.com"
                    """)
        else { return [] }
        let top = TOMLTableReader(document)
        for table in top.tables("instance") { _ = InstanceReader(table).instances() }
        _ = top.boolean("purge")
        _ = ProbeReader(top).probes()
        return Set(top.askedPaths)
    }
}

/// All that is wrong with a blueprint; at least one problem.
package struct BlueprintProblems: Error, Equatable, Sendable {
    package let problems: [TOMLProblem]

    package init(_ problems: [TOMLProblem]) { self.problems = problems }
}

/// What can be wrong between the instances of a blueprint.
struct BlueprintReader {
    let top: TOMLTableReader

    init(_ top: TOMLTableReader) { self.top = top }

    func checkTogether(_ instances: [DesiredInstance]) {
        var lines: [ByteString: Int] = [:]
        var listeners: [ByteString: (name: ByteString, line: Int)] = [:]
        for (index, instance) in instances.enumerated() {
            if let first = lines[instance.name] {
                top.complain(
                    line: instance.places.instance, key: "name",
                    "\(instance.name) is named twice, first in line \(first)",
                    mend: "give each instance one table")
            }
            lines[instance.name] = instance.places.instance
            if instance.isPrimary, index > 0 {
                top.complain(
                    line: instance.places.instance, key: "name",
                    "the primary is always the first to start", mend: "put it first")
            }
            for service in instance.services where service.type == "inet" {
                let line = instance.places.services[service.pattern] ?? instance.places.instance
                if let other = listeners[service.name], other.name != instance.name {
                    top.complain(
                        line: line, key: "instance.listen",
                        "\(service.name) of \(instance.name) is taken by \(other.name), line "
                            + "\(other.line)",
                        mend: "give one of them another address or port")
                }
                listeners[service.name] = (instance.name, line)
            }
        }
    }
}
