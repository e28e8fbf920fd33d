// Metrics as text: OpenMetrics 1.0, and the older form that collectors of text files read.

import Bytes

/// A metric with its samples.
struct MetricFamily {
    /// The name without the suffix of its samples.
    var name: ByteString
    var kind: Kind
    /// What the values are, in one sentence.
    var help: ByteString
    var samples: [Sample] = []

    /// What the values do over time.
    enum Kind: String {
        case gauge, counter, info
    }

    /// A value with its labels.
    struct Sample {
        var labels: [(name: ByteString, value: ByteString)]
        /// The number as it is written.
        var value: ByteString
    }

    init(_ name: ByteString, _ kind: Kind, _ help: ByteString) {
        self.name = name
        self.kind = kind
        self.help = help
    }

    /// The name of the samples.
    var sampleName: ByteString {
        switch kind {
        case .gauge: name
        case .counter: "\(name)_total"
        case .info: "\(name)_info"
        }
    }

    /// Adds a sample; what is not known has none.
    mutating func add(_ labels: [(name: ByteString, value: ByteString)], _ value: Int?) {
        guard let value else { return }
        samples.append(Sample(labels: labels, value: "\(value)"))
    }
}

/// The forms of metrics as text.
enum MetricForm {
    /// OpenMetrics 1.0, which ends with a mark.
    case openMetrics
    /// The exposition format of Prometheus, version 0.0.4.
    case prometheus

    /// The families as text; those without a sample are left out.
    func text(_ families: [MetricFamily]) -> ByteString {
        var text: ByteString = ""
        for family in families where !family.samples.isEmpty { write(family, to: &text) }
        return self == .openMetrics ? text + "# EOF\n" : text
    }

    private func write(_ family: MetricFamily, to text: inout ByteString) {
        // The older form declares what the samples are called, and knows no "info".
        let name = self == .openMetrics ? family.name : family.sampleName
        let kind =
            self == .prometheus && family.kind == .info ? "gauge" : family.kind.rawValue
        text += "# TYPE \(name) \(kind)\n"
        let units: [ByteString] = ["seconds", "ratio"]
        if self == .openMetrics, let unit = units.first(where: { name.hasSuffix("_\($0)") }) {
            text += "# UNIT \(name) \(unit)\n"
        }
        text += "# HELP \(name) \(family.help.escaped(quotes: self == .openMetrics))\n"
        for sample in family.samples {
            text += family.sampleName
            if !sample.labels.isEmpty {
                let labels = sample.labels.map {
                    "\($0.name)=\"\($0.value.escaped(quotes: true))\"" as ByteString
                }
                text += "{" + labels.joined(by: ",") + "}"
            }
            text += " \(sample.value)\n"
        }
    }
}

extension ByteString {
    /// The text with what would end it escaped; bytes that are no UTF-8 are replaced.
    fileprivate func escaped(quotes: Bool) -> ByteString {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x5C: escaped += [0x5C, 0x5C]
            case 0x0A: escaped += [0x5C, 0x6E]
            case 0x22 where quotes: escaped += [0x5C, 0x22]
            default: escaped.append(byte)
            }
        }
        return ByteString(escaped)
    }
}
