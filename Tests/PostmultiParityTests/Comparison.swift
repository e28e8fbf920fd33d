// Holds two outcomes of a row against each other and says in words where they differ.
//
// It must not run anything; a row without complaints is a row in which ours is a drop-in.

import Bytes
import TestSupport

/// Two outcomes of one row.
struct Comparison {
    var row: ParityRow
    var stock: Outcome
    var ours: Outcome

    /// Everything that is wrong, in words; empty if nothing is.
    var complaints: [String] {
        var complaints: [String] = []
        if row.aspects.contains(.answers) {
            for step in stock.answers.indices { complaints += answerComplaints(step) }
        }
        if row.aspects.contains(.log) { complaints += logComplaints }
        if row.aspects.contains(.tree) { complaints += treeComplaints }
        if row.aspects.contains(.files) { complaints += fileComplaints }
        return complaints
    }

    private var differences: [Difference] {
        guard let mend = row.mend else { return [] }
        if let release = mend.mendedUpstream, TestedPostfix.version >= release { return [] }
        return mend.differences
    }

    private func answerComplaints(_ index: Int) -> [String] {
        let (stock, ours) = (stock.answers[index], ours.answers[index])
        var claims: [String: (stock: Claim, ours: Claim)] = [:]
        for difference in differences {
            switch difference {
            case .output(let one, let other, let step) where isNamed(step, index):
                claims["output"] = (one, other)
            case .errors(let one, let other, let step) where isNamed(step, index):
                claims["errors"] = (one, other)
            case .status(let one, let other, let step) where isNamed(step, index):
                claims["status"] = (.exactly("\(one)"), .exactly("\(other)"))
            default: break
            }
        }
        let output = Jail.isFilledAtCreate ? Jail.without(stock.output) : stock.output
        return compare("output of step \(index + 1)", output, ours.output, claims["output"])
            + compareErrors(index + 1, stock.errors, ours.errors, claims["errors"])
            + compare(
                "status of step \(index + 1)", "\(stock.status)", "\(ours.status)",
                claims["status"])
    }

    /// What only the stock program's children say may be missing with ours, which runs fewer of
    /// them; ours may add nothing.
    private func compareErrors(
        _ number: Int, _ stock: ByteString, _ ours: ByteString,
        _ claims: (stock: Claim, ours: Claim)?
    ) -> [String] {
        let subject = "errors of step \(number)"
        if claims != nil || stock == ours { return compare(subject, stock, ours, claims) }
        let children: [ByteString] = ["postconf: ", "/usr/sbin/postconf: ", "rmdir: "]
        let told = stock.bytes.split(separator: UInt8(ascii: "\n")).map { ByteString($0) }
        let own = told.filter { line in !children.contains { line.hasPrefix($0) } }
        return compare(subject, joined(own), ours, nil)
    }

    private func isNamed(_ step: Int?, _ index: Int) -> Bool {
        (step ?? row.steps.count) == index + 1
    }

    /// Messages of postmulti and its helper must be the same; what only children said may be
    /// missing with ours, which runs fewer children, but ours may add nothing.
    private var logComplaints: [String] {
        for case .log(let one, let other) in differences {
            return compare("log", joined(stock.log), joined(ours.log), (one, other))
        }
        let (own, others) = (stock.log.filter(Self.isOwn), stock.log.filter { !Self.isOwn($0) })
        var complaints = compare("log", joined(own), joined(ours.log.filter(Self.isOwn)), nil)
        for line in ours.log where !Self.isOwn(line) && !others.contains(line) {
            complaints.append("log: only ours has: \(line.text)")
        }
        return complaints
    }

    /// True if the tag, the part before the process id, is that of postmulti or its helper.
    private static func isOwn(_ line: ByteString) -> Bool {
        let tag = line.bytes.prefix { $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: ":") }
        return ByteString(tag).occurs("multi")
    }

    private func joined(_ lines: [ByteString]) -> ByteString {
        ByteString(lines.flatMap { $0.bytes + [UInt8(ascii: "\n")] })
    }

    private var treeComplaints: [String] {
        var complaints: [String] = []
        for case .tree(let below, let one, let other) in differences {
            let (left, right) = (stock.treeText(below: below), ours.treeText(below: below))
            complaints += compare("tree", left, right, (one, other))
        }
        for path in Set(stock.tree.keys).union(ours.tree.keys).sorted() {
            if Outcome.isBelow(path, treesApart + filesApart) { continue }
            if stock.tree[path] == ours.tree[path] { continue }
            if Jail.isFilledAtCreate && Jail.contains(path) && ours.tree[path] == nil { continue }
            complaints.append(
                """
                tree: \(path)
                  stock: \(stock.tree[path] ?? "not there")
                  ours:  \(ours.tree[path] ?? "not there")
                """)
        }
        return complaints
    }

    /// The directories that differ on purpose, with all in them.
    private var treesApart: [String] {
        differences.flatMap {
            if case .tree(let below, _, _) = $0 { return below } else { return [] }
        }
    }

    /// The files whose contents differ on purpose; their sizes then do too.
    private var filesApart: [String] {
        differences.compactMap {
            if case .file(let path, _, _) = $0 { return path } else { return nil }
        }
    }

    private var fileComplaints: [String] {
        var complaints: [String] = []
        for case .file(let path, let one, let other) in differences {
            complaints += compare(
                path, stock.files[path] ?? "", ours.files[path] ?? "", (one, other))
        }
        for path in Set(stock.files.keys).union(ours.files.keys).sorted() {
            if filesApart.contains(path) || Outcome.isBelow(path, treesApart) { continue }
            let (left, right) = (stock.files[path] ?? "", ours.files[path] ?? "")
            if Self.isEqualButForOrderAtEnd(left, right) { continue }
            complaints += compare(path, left, right, nil)
        }
        return complaints
    }

    /// True if from the first difference on there are only settings, the same on both sides.
    ///
    /// postconf(1) adds several new parameters in the order of a hash table with a random seed.
    private static func isEqualButForOrderAtEnd(_ stock: ByteString, _ ours: ByteString) -> Bool {
        if stock == ours { return true }
        guard stock.count == ours.count else { return false }
        let newline = UInt8(ascii: "\n")
        let left = stock.bytes.split(separator: newline, omittingEmptySubsequences: false)
        let right = ours.bytes.split(separator: newline, omittingEmptySubsequences: false)
        let same = zip(left, right).prefix { $0 == $1 }.count
        let tails = [left[same...], right[same...]]
            .map { $0.map { ByteString($0) }.sorted() }
        let settings = tails[0].filter { !$0.isEmpty }
        return tails[0] == tails[1]
            && settings.allSatisfy { $0.occurs(" = ") && $0.bytes.first != UInt8(ascii: "#") }
    }

    /// Equal, or each side as claimed.
    private func compare(
        _ subject: String, _ stock: ByteString, _ ours: ByteString,
        _ claims: (stock: Claim, ours: Claim)?
    ) -> [String] {
        guard let claims else {
            return stock == ours ? [] : ["\(subject)\n\(LineDifference(stock, ours).text)"]
        }
        return claims.stock.complaints(about: stock).map {
            "\(subject): the stock program has changed: \($0)\nfound:\n\(stock.text)"
        }
            + claims.ours.complaints(about: ours).map {
                "\(subject): ours: \($0)\nfound:\n\(ours.text)"
            }
    }
}

/// The lines in which two texts differ.
struct LineDifference {
    var text: String

    init(_ stock: ByteString, _ ours: ByteString) {
        let left = Self.lines(of: stock)
        let changes = Self.lines(of: ours).difference(from: left)
        var lines: [String] = []
        for change in changes {
            switch change {
            case .remove(let at, let line, _): lines.append("  stock \(at + 1): \(line)")
            case .insert(let at, let line, _): lines.append("  ours  \(at + 1): \(line)")
            }
        }
        // A whole file in the wrong place is told by its first lines.
        text = lines.prefix(24).joined(separator: "\n")
        if lines.count > 24 { text += "\n  and \(lines.count - 24) more" }
    }

    private static func lines(of text: ByteString) -> [String] {
        text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line in
                let shown = ByteString(line)
                // Bytes that are not text, and blanks at the end, must be told apart.
                return ByteString(shown.text) == shown ? shown.text.debugDescription : "\(line)"
            }
    }
}

extension Comparison {
    /// Both outcomes in full, but for the tree and the files.
    var display: String {
        var text = "=== \(row.name)\n"
        for (number, step) in row.steps.enumerated() {
            text += "\(step.text)\n"
            for (title, outcome) in [("stock", stock), ("ours", ours)] {
                let answer = outcome.answers[number]
                text += "--- \(title): status \(answer.status)\n\(answer.output.text)"
                if !answer.errors.isEmpty { text += "--- errors:\n\(answer.errors.text)" }
            }
        }
        for (title, outcome) in [("stock", stock), ("ours", ours)] {
            text += "--- log, \(title)\n\(joined(outcome.log).text)"
        }
        return text
    }
}
