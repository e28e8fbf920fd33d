// A change set for people: its steps, then what becomes of each file as a diff. Reads only.

import Bytes
import Instances

extension ChangeSet {
    /// All steps, each with the part of the change that it belongs to.
    var phasedSteps: [(phase: ByteString, step: Step)] {
        var steps: [(phase: ByteString, step: Step)] = preparation.map { ("preparation", $0) }
        if let commit { steps.append(("commit", commit)) }
        for step in completion { steps.append(("completion", step)) }
        return steps
    }

    /// The steps in order, one a line, and the diffs of all files that are made or edited.
    func text(for console: Console) -> ByteString {
        if isEmpty { return "nothing to do\n" }
        var text = console.styled(title, .strong) + "\n"
        for (_, step) in phasedSteps { text += "  \(ByteString(step.description))\n" }
        for (_, step) in phasedSteps {
            guard let diff = step.diff, !diff.lines.isEmpty else { continue }
            text += "\n" + diff.text(for: console)
        }
        return text
    }
}

extension ChangeSet.Step {
    /// The file that the step makes, edits or deletes, with its content before and after.
    var fileChange: (path: ByteString, old: ByteString?, new: ByteString?)? {
        switch self {
        case .createFile(let path, let contents, _): (path, nil, contents)
        case .editFile(let path, let old, let new): (path, old, new)
        case .deleteFile(let path, let old, _): (path, old, nil)
        case .makeDirectory, .move, .setPermissions, .deleteDirectory, .removeFile,
            .removeDirectory:
            nil
        }
    }

    /// What becomes of the file's content, if the step is about one.
    var diff: UnifiedDiff? {
        fileChange.map { UnifiedDiff(path: $0.path, old: $0.old, new: $0.new) }
    }
}

extension UnifiedDiff {
    /// The diff as it is shown; on a terminal in colour and without what would move its cursor.
    func text(for console: Console) -> ByteString {
        guard console.columns != nil else { return text }
        var shown: ByteString = ""
        for line in lines {
            let printable = ByteString(
                line.text.bytes.map { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F ? 0x3F : $0 })
            shown += (line.kind.style.map { console.styled(printable, $0) } ?? printable) + "\n"
        }
        return shown
    }
}

extension UnifiedDiff.Line.Kind {
    fileprivate var style: Style? {
        switch self {
        case .header: .strong
        case .hunk, .remark: .faint
        case .removed: .bad
        case .added: .good
        case .same: nil
        }
    }
}
