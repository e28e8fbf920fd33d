// Counts the cases of one class of faults, and says what went wrong in those not survived.

/// The result of many cases.
struct Tally {
    /// The class of faults, as the table names it.
    let title: String
    private(set) var cases = 0
    private(set) var survived = 0
    private(set) var complaints: [String] = []

    init(_ title: String) { self.title = title }

    /// Counts one case; it was survived if nothing is to be complained about.
    mutating func add(_ name: String, _ found: [String]) {
        cases += 1
        if found.isEmpty { survived += 1 }
        if !found.isEmpty { complaints.append("\(name): \(found.joined(separator: "; "))") }
    }

    /// The lines that tell the result to whoever started this program.
    var report: String {
        let head = "result\t\(cases)\t\(survived)\t\(title)\n"
        return head + complaints.map { "complaint\t\(Tally.oneLine($0))\n" }.joined()
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " | ")
    }
}
