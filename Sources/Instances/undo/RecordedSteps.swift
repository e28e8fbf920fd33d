// The steps of a generation, each with the place where its effect is to be found now. Pure.

package import Bytes
import PostfixFormats

/// The steps of a generation as an undo sees them.
package struct RecordedSteps: Sendable {
    /// A step and where it is.
    package struct Entry: Hashable, Sendable {
        package let step: ChangeSet.Step
        /// The step's path, as it is after all moves of the same generation.
        package let place: ByteString
        package let isCommit: Bool
    }

    /// All steps but those about mail, in the order in which they were made.
    package let entries: [Entry]
    /// The number of queue files that another instance got.
    package let movedMail: Int
    /// The places of the directories that the generation made.
    let madeDirectories: Set<ByteString>
    private let moves: [Relocation.Pair]

    package init(_ changes: ChangeSet) {
        let steps = changes.steps
        let commitIndex = changes.commit == nil ? nil : changes.preparation.count
        // A file that is moved out of a directory that goes is mail; it belongs to its heir now.
        let gone = Set(steps.compactMap(\.removedDirectory))
        var heirs: Set<ByteString> = []
        var moved = 0
        for case .move(let path, let newPath) in steps where gone.contains(parent(of: path)) {
            heirs.formUnion(directories(above: newPath))
            moved += 1
        }
        var moves: [Relocation.Pair] = []
        var entries: [Entry] = []
        // The moves that come after a step are those that have been seen when it is its turn.
        for (index, step) in steps.enumerated().reversed() {
            if step.isAboutMail(from: gone, to: heirs) { continue }
            let place = moves.reversed().reduce(step.placeAfter) { path, move in
                Relocation([move]).path(path)
            }
            entries.append(Entry(step: step, place: place, isCommit: index == commitIndex))
            if case .move(let path, let newPath) = step {
                moves.append(.init(old: path, new: newPath))
            }
        }
        self.entries = entries.reversed()
        madeDirectories = Set(
            entries.compactMap { entry in
                if case .makeDirectory = entry.step { entry.place } else { nil }
            })
        self.moves = moves
        movedMail = moved
    }

    /// The path that a present path has once all moves are taken back.
    package func pathAfterUndo(_ place: ByteString) -> ByteString {
        moves.reduce(place) { path, move in
            Relocation([.init(old: move.new, new: move.old)]).path(path)
        }
    }

    /// What the files hold that the generation has made or edited, by their places, nil for those
    /// that it has removed.
    var contents: [ByteString: ByteString?] {
        var contents: [ByteString: ByteString?] = [:]
        for entry in entries {
            switch entry.step {
            case .createFile(_, let new, _), .editFile(_, _, let new):
                contents[entry.place] = .some(new)
            case .deleteFile: contents[entry.place] = .some(nil)
            default: break
            }
        }
        return contents
    }

    /// What a file held before the generation edited it; nil if it did not.
    func textBefore(_ path: ByteString) -> ByteString? {
        for case .editFile(path, let old, _) in entries.map(\.step) { return old }
        return nil
    }

    /// The directories that the generation has put on the list of instances, and those that it has
    /// taken off.
    package func registrations(
        in path: ByteString
    ) -> (added: [ByteString], dropped: [ByteString]) {
        var last: ByteString?
        for case .editFile(path, _, let new) in entries.map(\.step) { last = new }
        guard let first = textBefore(path), let last else { return ([], []) }
        let (old, new) = (registeredDirectories(first), registeredDirectories(last))
        return (new.filter { !old.contains($0) }, old.filter { !new.contains($0) })
    }
}

/// The directories that the text of a primary's main.cf lists.
func registeredDirectories(_ text: ByteString) -> [ByteString] {
    ParameterList.split(MainCF(text).value(of: "multi_instance_directories") ?? "")
}

extension ChangeSet.Step {
    /// Where the effect of the step is to be found right after it.
    fileprivate var placeAfter: ByteString {
        switch self {
        case .makeDirectory(let path, _), .createFile(let path, _, _), .editFile(let path, _, _),
            .deleteFile(let path, _, _), .deleteDirectory(let path, _), .removeFile(let path),
            .removeDirectory(let path):
            path
        case .move(_, let newPath): newPath
        case .setPermissions(let permissions): permissions.path
        }
    }

    /// The directory that the step removes, if any.
    var removedDirectory: ByteString? {
        switch self {
        case .deleteDirectory(let path, _), .removeDirectory(let path): path
        default: nil
        }
    }

    fileprivate func isAboutMail(from gone: Set<ByteString>, to heirs: Set<ByteString>) -> Bool {
        switch self {
        case .move(let path, _): gone.contains(parent(of: path))
        case .makeDirectory(let path, _): heirs.contains(path)
        default: false
        }
    }
}

/// The directory that a path leads to last.
func parent(of path: ByteString) -> ByteString {
    let slash = path.bytes.lastIndex(of: 0x2F) ?? 0
    return slash == 0 ? "/" : ByteString(path.bytes[..<slash])
}

/// The paths of the directories that a path leads through.
func directories(above path: ByteString) -> [ByteString] {
    path.bytes.indices.dropFirst().filter { path.bytes[$0] == 0x2F }
        .map { ByteString(path.bytes[..<$0]) }
}
