// The generations of the configuration: the finished transactions, and which of them take back
// which. Values only.

package import Bytes

/// A finished transaction, by its number in the history.
package struct Generation: Hashable, Sendable {
    package let number: Int
    package let record: TransactionRecord

    package init(number: Int, record: TransactionRecord) {
        self.number = number
        self.record = record
    }
}

/// The history as it was read.
package struct Generations: Hashable, Sendable {
    /// One row of the history.
    package enum Entry: Hashable, Sendable {
        case generation(Generation)
        /// There is a file, but no record can be read from it.
        case damaged(number: Int, reason: ByteString)

        /// The number in the history.
        package var number: Int {
            switch self {
            case .generation(let generation): generation.number
            case .damaged(let number, _): number
            }
        }
    }

    /// The rows, newest first.
    package let entries: [Entry]
    /// The undo that is in effect, by the number of the generation that it takes back.
    private let undos: [Int: Int]

    package init(_ entries: [Entry]) {
        self.entries = entries.sorted { $0.number > $1.number }
        var undos: [Int: Int] = [:]
        // An undo counts unless a newer one takes it back, so the newest is judged first.
        for case .generation(let generation) in self.entries {
            guard let old = generation.record.takesBack, undos[generation.number] == nil,
                undos[old] == nil
            else { continue }
            undos[old] = generation.number
        }
        self.undos = undos
    }

    /// The number of the undo by which a generation is taken back, or nil if it is in effect.
    package func undo(of number: Int) -> Int? { undos[number] }

    /// The row of a number, if there is one.
    package func entry(_ number: Int) -> Entry? { entries.first { $0.number == number } }

    /// The newest generation that is in effect and is no undo: what a person wants to take back
    /// who says nothing else.
    package var newestToTakeBack: Generation? {
        for case .generation(let generation) in entries {
            if generation.record.takesBack == nil, undos[generation.number] == nil {
                return generation
            }
        }
        return nil
    }

    /// The newest generation after `number` that changed the content at a path, or moved it.
    ///
    /// - Parameter concerns: Tells from the content before and after whether the change counts.
    func change(
        of path: ByteString, after number: Int,
        concerns: (_ old: ByteString?, _ new: ByteString?) -> Bool = { _, _ in true }
    ) -> Generation? {
        for case .generation(let generation) in entries where generation.number > number {
            if undos[generation.number] != nil { continue }
            // What was made and taken back in between has changed nothing.
            if let taken = generation.record.takesBack, taken > number { continue }
            let isChanged = generation.record.changes.steps.contains { step in
                switch step {
                case .editFile(path, let old, let new): concerns(old, new)
                case .createFile(path, let contents, _): concerns(nil, contents)
                case .deleteFile(path, let old, _): concerns(old, nil)
                case .removeFile(path): true
                case .move(let moved, _): path == moved || path.hasPrefix("\(moved)/")
                default: false
                }
            }
            if isChanged { return generation }
        }
        return nil
    }
}

extension Generations {
    /// The generation that is meant: the one of a number, or else the newest in effect.
    package func chosen(_ number: Int?) throws(UndoRefusal) -> Generation {
        guard let number else {
            guard let newest = newestToTakeBack else { throw .nothingToTakeBack }
            return newest
        }
        switch entry(number) {
        case .generation(let generation): return generation
        case .damaged(_, let reason): throw .damaged(number, reason: reason)
        case nil: throw .noSuchGeneration(number)
        }
    }
}

extension ChangeSet {
    /// The paths of the files that the change makes, edits, moves or removes, each once, without
    /// what Postfix makes by itself.
    package var touchedFiles: [ByteString] {
        var paths: Set<ByteString> = []
        for entry in RecordedSteps(self).entries {
            switch entry.step {
            case .createFile(let path, _, _), .editFile(let path, _, _),
                .deleteFile(let path, _, _):
                paths.insert(path)
            case .move(let path, let newPath): paths.formUnion([path, newPath])
            default: break
            }
        }
        return paths.sorted()
    }

    /// The names of the configuration directories in which the change touches main.cf or master.cf.
    package var instanceNames: [ByteString] {
        let directories = touchedFiles.filter { ConfigFileKind($0) != .table }.map(parent(of:))
        return Set(directories.compactMap { $0.split { $0 == 0x2F }.last }).sorted()
    }
}
