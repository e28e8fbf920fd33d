// The text of metrics against the grammar of OpenMetrics 1.0, against promtool if it is there, and
// against the documents and dashboards that name metrics.

import Bytes
import Foundation
import TestSupport
import Testing

@testable import PostilionCommand

private let promtool = ["/usr/bin/promtool", "/usr/local/bin/promtool"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

/// The text of a host with all metrics.
private func everything() throws -> String {
    let host = hostWithMail()
    host.files.addFile("/var/log/mail.log", "")
    host.files.addFile("/proc/net/tcp", "")
    host.files.lockElsewhere("/var/spool/postfix-out/pid/master.pid", holder: 77)
    let numbers = String(repeating: " 1", count: 60)
    host.files.addFile("/proc/77/stat", ByteString("77 (master) S" + numbers))
    host.files.addFile("/proc/stat", "btime 1600000000\n")
    for name: ByteString in ["postfix-out", "postfix-in"] {
        host.files.addFile(
            "/etc/\(name)/main.cf",
            (host.files.contents(of: "/etc/\(name)/main.cf") ?? "")
                + "qmgr_message_active_limit = 8\n")
    }
    let answer = host.postilion("metrics")
    return answer.output.text
}

private func read(_ path: String) throws -> String {
    try String(contentsOfFile: "\(Package.root)/\(path)", encoding: .utf8)
}

/// All names of metrics in a text.
private func names(in text: String) -> Set<String> {
    var names: Set<String> = []
    var word = ""
    for character in text + " " {
        if character.isASCII, character.isLetter || character.isNumber || character == "_" {
            word.append(character)
            continue
        }
        if word.hasPrefix("postfix_") || word.hasPrefix("postilion_") { names.insert(word) }
        word = ""
    }
    return names
}

/// A checker of OpenMetrics text, written from its grammar.
private struct OpenMetricsCheck {
    private var family: (name: String, kind: String)?
    private var seenFamilies: Set<String> = []
    private var seenSamples: Set<String> = []
    private(set) var sampleNames: Set<String> = []
    private(set) var faults: [String] = []

    init(_ text: String) {
        if !text.hasSuffix("\n# EOF\n") { faults.append("no end") }
        let lines = text.dropLast("# EOF\n".count).split(
            separator: "\n", omittingEmptySubsequences: false)
        for line in lines.dropLast() { check(String(line)) }
    }

    private mutating func check(_ line: String) {
        if line.hasPrefix("# ") {
            checkDescription(line.dropFirst(2).split(separator: " ", maxSplits: 2).map(String.init))
        } else if let sample = Self.parts(line) {
            checkSample(sample.name, sample.labels, sample.value, line)
        } else {
            faults.append("no form: \(line)")
        }
    }

    /// The sample's name, its labels, and its value.
    private static func parts(_ line: String) -> (name: String, labels: String, value: String)? {
        let form = /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (-?[0-9]+(?:\.[0-9]+)?)/
        return line.wholeMatch(of: form).map { (String($0.1), String($0.2 ?? ""), String($0.3)) }
    }

    private static func areLabels(_ text: String) -> Bool {
        var rest = text.dropFirst().dropLast() + ","
        while let label = rest.prefixMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",/) {
            rest = rest[label.range.upperBound...]
        }
        return rest.isEmpty
    }

    private mutating func checkDescription(_ words: [String]) {
        guard words.count == 3 else { return faults.append("short: \(words)") }
        switch words[0] {
        case "TYPE":
            if !seenFamilies.insert(words[1]).inserted { faults.append("twice: \(words[1])") }
            if !["gauge", "counter", "info"].contains(words[2]) { faults.append("kind: \(words)") }
            family = (words[1], words[2])
        case "UNIT":
            if family?.name != words[1] || !words[1].hasSuffix("_\(words[2])") {
                faults.append("unit: \(words)")
            }
        case "HELP":
            if family?.name != words[1] { faults.append("help of another: \(words)") }
        default: faults.append("unknown: \(words)")
        }
    }

    private mutating func checkSample(
        _ name: String, _ labels: String, _ value: String, _ line: String
    ) {
        let suffix = ["counter": "_total", "info": "_info", "gauge": ""][family?.kind ?? ""]
        if suffix == nil || name != (family?.name ?? "") + (suffix ?? "") {
            faults.append("not of its family: \(line)")
        }
        if !labels.isEmpty, !Self.areLabels(labels) {
            faults.append("labels: \(line)")
        }
        if !seenSamples.insert(name + labels).inserted { faults.append("sample twice: \(line)") }
        if family?.kind == "counter", value.hasPrefix("-") { faults.append("negative: \(line)") }
        sampleNames.insert(name)
    }
}

@Suite struct `The text of metrics` {
    @Test func `keeps to the grammar of OpenMetrics`() throws {
        #expect(OpenMetricsCheck(try everything()).faults == [])
        // The check itself finds what is wrong.
        #expect(!OpenMetricsCheck("# TYPE a gauge\na{b=\"c} 1\n# EOF\n").faults.isEmpty)
        #expect(!OpenMetricsCheck("# TYPE a counter\na 1\n# EOF\n").faults.isEmpty)
    }

    @Test func `escapes what would end a label`() {
        var family = MetricFamily("a", .gauge, "Help \\ and\nmore.")
        family.add([("b", "x\"y\\z\n\u{FF}")], 1)
        let text = MetricForm.openMetrics.text([family]).text
        #expect(OpenMetricsCheck(text).faults == [])
        #expect(text.contains(#"a{b="x\"y\\z\n"#))
    }

    @Test func `has the names that the document has, and no other`() throws {
        let table = try read("Documentation/metrics.md").split(separator: "\n")
            .filter { $0.hasPrefix("| `p") }
            .map { String($0.split(separator: "`")[1]) }
        #expect(Set(table) == OpenMetricsCheck(try everything()).sampleNames)
        #expect(Set(table).count == table.count)
    }

    @Test(arguments: [
        "packaging/prometheus/postilion.rules.yml", "packaging/grafana/postilion.json",
        "Documentation/metrics.md",
    ])
    func `has every name that is asked for in`(_ path: String) throws {
        let asked = names(in: try read(path))
        #expect(asked.subtracting(OpenMetricsCheck(try everything()).sampleNames) == [])
        #expect(asked.count > 5)
    }

    @Test func `has a dashboard that is JSON, with a place for each panel`() throws {
        let data = try Data(
            contentsOf: URL(
                fileURLWithPath: "\(Package.root)/packaging/grafana/postilion.json"))
        let dashboard = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let panels = try #require(dashboard["panels"] as? [[String: Any]])
        #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
        var taken: Set<[Int]> = []
        for panel in panels {
            let place = try #require(panel["gridPos"] as? [String: Int])
            let corner = [place["x"] ?? -1, place["y"] ?? -1]
            #expect(taken.insert(corner).inserted)
            #expect((place["x"] ?? 99) + (place["w"] ?? 99) <= 24)
        }
    }

    @Test(.enabled(if: promtool != nil, "there is no promtool"))
    func `pleases promtool, and so do the alert rules`() throws {
        let tool = ByteString(try #require(promtool))
        let host = hostWithMail()
        host.files.addDirectory("/srv")
        host.files.addFile("/proc/net/tcp", "")
        _ = host.postilion("metrics", "--textfile", "/srv/a.prom")
        let text = try #require(host.files.contents(of: "/srv/a.prom"))
        let metrics = try ChildProcess(tool, ["check", "metrics"], input: text).run()
        #expect(metrics.succeeded && metrics.output == "", "\(metrics.output)\(metrics.errors)")
        let directory: ByteString = "\(ByteString(Package.root))/packaging/prometheus"
        let path: ByteString = "\(directory)/postilion.rules.yml"
        let rules = try ChildProcess(tool, ["check", "rules", path]).run()
        #expect(rules.succeeded, "\(rules.output)\(rules.errors)")
    }
}
