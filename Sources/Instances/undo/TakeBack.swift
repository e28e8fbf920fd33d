// The decision for undo: the change set that takes a generation back, or why that cannot be.
//
// Every step has an inverse but for owners and modes, which are set on new objects and go with
// them. An instance that was made goes as destroy has it go; one that was destroyed is made again
// from what destroy kept.

import Bytes
import PostfixFormats

/// A generation that is to be taken back, with what is there now.
package struct TakeBack {
    let generation: Generation
    let history: Generations
    let facts: UndoFacts
    let recorded: RecordedSteps

    var contents: [ByteString: ByteString] = [:]
    private(set) var preparation: [ChangeSet.Step] = []
    var completion: [ChangeSet.Step] = []
    var notices: [ChangeSet.Notice] = []
    /// What will not be there any more.
    var gone: Set<ByteString> = []

    package init(_ generation: Generation, among history: Generations, _ facts: UndoFacts) {
        self.generation = generation
        self.history = history
        self.facts = facts
        recorded = RecordedSteps(generation.record.changes)
        for case (let path, .file(let file)) in facts.objects { contents[path] = file.contents }
    }

    /// The change set.
    package consuming func changes() throws(UndoRefusal) -> ChangeSet {
        if let by = history.undo(of: generation.number) {
            throw .takenBackAlready(generation.number, by: by)
        }
        try checkKept()
        // What moved directories first, then what named them, takes that back in reverse.
        for entry in recorded.entries.reversed() { try takeBack(entry) }
        try removeInstances()
        removeDirectories()
        let commit = takeCommit()
        try checkRegistrations(after: commit)
        if recorded.movedMail > 0 { notices.append(.mailStays(messages: recorded.movedMail)) }
        return ChangeSet(
            title: title, preparation: preparation, commit: commit, completion: completion,
            notices: notices)
    }

    /// What the undo comes down to: to undo an undo is to redo.
    private var title: ByteString {
        var root = generation
        var isRedo = false
        while let number = root.record.takesBack,
            case .generation(let taken)? = history.entry(number), taken.number < root.number
        {
            root = taken
            isRedo.toggle()
        }
        return "\(isRedo ? "redo" : "undo") \(root.number): \(root.record.changes.title)"
    }

    // MARK: steps

    private mutating func takeBack(_ entry: RecordedSteps.Entry) throws(UndoRefusal) {
        let place = entry.place
        switch entry.step {
        case .editFile(let path, let old, let new):
            if instance(holding: place) != nil { return }
            let present = try content(at: place)
            let back: ByteString
            do throws(ConfigFileUndo.Obstacle) {
                back = try ConfigFileUndo(kind: ConfigFileKind(place), old: old, new: new)
                    .content(from: present)
            } catch {
                throw changed(place, error.what)
            }
            add(.editFile(path: path, old: present, new: back))
            contents[place] = back
            tellOfDatabases(place)
        case .createFile(let path, let made, _):
            if instance(holding: place) == nil { try removeFile(path, at: place, made) }
        case .deleteFile(let path, let old, let attributes):
            try checkFree(place)
            add(.createFile(path: path, contents: old, attributes: attributes))
            contents[place] = old
            tellOfDatabases(place)
        case .deleteDirectory(let path, let attributes):
            if case .directory? = facts.objects[place] { return }
            try checkFree(place)
            preparation += [
                .makeDirectory(path: path, mode: attributes.mode),
                .setPermissions(.init(path: path, attributes)),
            ]
        case .move(let path, let newPath):
            if let running = facts.running.first {
                throw .running(name: running.displayName, configDirectory: running.configDirectory)
            }
            guard facts.objects[place] != nil else { throw missing(place) }
            try checkFree(path)
            add(.move(path: newPath, newPath: path))
        case .makeDirectory, .setPermissions, .removeFile, .removeDirectory: break
        }
    }

    /// The content of a file that must be there.
    private func content(at place: ByteString) throws(UndoRefusal) -> ByteString {
        guard let present = contents[place] else { throw missing(place) }
        return present
    }

    private mutating func removeFile(
        _ path: ByteString, at place: ByteString, _ made: ByteString
    ) throws(UndoRefusal) {
        // What is gone needs no removing.
        guard let object = facts.objects[place] else { return }
        guard case .file(let file) = object, contents[place] == made else {
            throw changed(place, .text)
        }
        add(.deleteFile(path: path, old: made, attributes: file.attributes))
        contents[place] = nil
        gone.insert(place)
        for database in compiledDatabases(of: place) where facts.databases.contains(database) {
            completion.append(.removeFile(path: database))
            gone.insert(database)
        }
    }

    /// Adds a step; edits of one file that follow each other are one.
    private mutating func add(_ step: ChangeSet.Step) {
        guard case .editFile(let path, let old, let new) = step else {
            preparation.append(step)
            return
        }
        for (index, earlier) in preparation.enumerated().reversed() {
            guard case .editFile(path, let first, old) = earlier else { continue }
            preparation.remove(at: index)
            if first != new { preparation.append(.editFile(path: path, old: first, new: new)) }
            return
        }
        if old != new { preparation.append(step) }
    }

    private mutating func tellOfDatabases(_ place: ByteString) {
        let isCompiled = compiledDatabases(of: place).contains(where: facts.databases.contains)
        let notice = ChangeSet.Notice.compiledBefore(path: recorded.pathAfterUndo(place))
        if isCompiled, !notices.contains(notice) { notices.append(notice) }
    }

    // MARK: the commit

    /// Takes the step out of the preparation that makes the undo real.
    private mutating func takeCommit() -> ChangeSet.Step? {
        if let entry = recorded.entries.first(where: \.isCommit),
            case .editFile(let path, _, _) = entry.step,
            let index = preparation.lastIndex(where: { $0.editedFile == path }),
            case .editFile(_, let old, let new) = preparation.remove(at: index)
        {
            return .editFile(path: recorded.pathAfterUndo(entry.place), old: old, new: new)
        }
        // Any file will do, as long as no directory moves after it.
        let last = preparation.lastIndex { $0.isAboutContent || $0.isMove }
        guard let last, preparation[last].isAboutContent else { return nil }
        return preparation.remove(at: last)
    }
}

extension ChangeSet.Step {
    fileprivate var editedFile: ByteString? {
        if case .editFile(let path, _, _) = self { path } else { nil }
    }

    fileprivate var isMove: Bool { if case .move = self { true } else { false } }

    /// True if the step makes, changes or removes what a file holds.
    fileprivate var isAboutContent: Bool {
        switch self {
        case .createFile, .editFile, .deleteFile: true
        default: false
        }
    }
}
