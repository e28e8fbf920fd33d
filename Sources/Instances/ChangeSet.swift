// A change to the machine as a value: it can be printed, refused, rehearsed and undone.
//
// Paths in steps are real paths (no links in them) unless they name a configuration file that is
// replaced as a whole. Nothing here touches the machine.

package import Bytes

/// An ordered list of small changes with one commit point.
package struct ChangeSet: Hashable, Sendable {
    /// What the change does, for people, a part for each change that it was made of:
    /// "create postfix-out".
    private var titles: [ByteString]
    /// Steps before the commit point; all are undone if one of them, or the commit, fails.
    package var preparation: [Step]
    /// The step that makes the change real, or nil if the preparation is the whole change.
    package var commit: Step?
    /// Steps after the commit point; a failure is reported and never undone.
    package var completion: [Step]
    /// What a person should know: things left behind, settings that were replaced.
    package var notices: [Notice]

    package init(
        title: ByteString, preparation: [Step] = [], commit: Step? = nil, completion: [Step] = [],
        notices: [Notice] = []
    ) {
        titles = [title]
        self.preparation = preparation
        self.commit = commit
        self.completion = completion
        self.notices = notices
    }

    /// What the change does, all of it.
    package var title: ByteString {
        get { titles.joined(by: ", ") }
        set { titles = [newValue] }
    }

    /// What the change does, short enough to be read: of many parts their number and the first.
    package var summary: ByteString {
        if titles.count <= Self.readableTitles { return title }
        let first = ChangeSet(titles: Array(titles.prefix(Self.firstTitles))).title
        return "\(titles.count) changes: \(first) and \(titles.count - Self.firstTitles) more"
    }

    /// As many parts are read as they are, and so many of more.
    private static let readableTitles = 5
    private static let firstTitles = 3

    private init(titles: [ByteString]) {
        self.init(title: "")
        self.titles = titles
    }

    /// True if applying it would change nothing.
    package var isEmpty: Bool { preparation.isEmpty && commit == nil && completion.isEmpty }

    /// Both changes as one, this one first; the later one was decided as if this one were done.
    package func followed(by next: ChangeSet) -> ChangeSet {
        // A part without effect is not worth a word.
        if isEmpty || next.isEmpty {
            var whole = isEmpty ? next : self
            whole.notices = notices + next.notices
            return whole
        }
        var whole = self
        whole.titles = titles + next.titles
        if let commit, let nextCommit = next.commit, let joined = commit.joined(with: nextCommit) {
            whole.commit = joined
        } else {
            whole.preparation += commit.map { [$0] } ?? []
            whole.commit = next.commit
        }
        // Directories that both need are made once.
        whole.preparation += next.preparation.filter { step in
            if case .makeDirectory = step { !preparation.contains(step) } else { true }
        }
        whole.completion += next.completion
        whole.notices += next.notices
        return whole
    }

    /// The steps that are taken back if one of them fails, in order; the last of them decides.
    package var stepsToCommit: [Step] { preparation + (commit.map { [$0] } ?? []) }

    /// All steps in the order in which they are made.
    package var steps: [Step] { stepsToCommit + completion }

    /// One small change.
    package enum Step: Hashable, Sendable {
        /// Makes a directory that does not exist.
        case makeDirectory(path: ByteString, mode: UInt32)
        /// Writes a new file, which must not exist.
        case createFile(path: ByteString, contents: ByteString, attributes: Attributes)
        /// Replaces a file's content that must still be `old`; mode and owner stay.
        case editFile(path: ByteString, old: ByteString, new: ByteString)
        /// Moves a file, or a directory with all that it holds, to a place where nothing is.
        case move(path: ByteString, newPath: ByteString)
        /// Gives one file or directory, and perhaps all below it, its owner and mode.
        case setPermissions(Permissions)
        /// Removes a file whose content must still be `old`; it can be taken back.
        case deleteFile(path: ByteString, old: ByteString, attributes: Attributes)
        /// Removes an empty directory, which can be made again as it was.
        case deleteDirectory(path: ByteString, attributes: Attributes)
        /// Removes a file, socket or pipe.
        case removeFile(path: ByteString)
        /// Removes an empty directory.
        case removeDirectory(path: ByteString)
    }

    /// Owner and mode of a file or directory.
    package struct Attributes: Hashable, Sendable {
        package var mode: UInt32
        package var owner: UInt32
        package var group: UInt32

        package init(mode: UInt32, owner: UInt32, group: UInt32) {
            self.mode = mode
            self.owner = owner
            self.group = group
        }
    }

    /// Owner and mode as a line of postfix-files asks for.
    package struct Permissions: Hashable, Sendable {
        package var path: ByteString
        package var mode: UInt32
        package var owner: UInt32
        /// The group, or nil to leave it as it is.
        package var group: UInt32?
        /// Owner and group for all below; the mode for the directories below only, because the
        /// mode of a queue file is its state.
        package var includesContents: Bool

        package init(
            path: ByteString, mode: UInt32, owner: UInt32, group: UInt32?, includesContents: Bool
        ) {
            self.path = path
            self.mode = mode
            self.owner = owner
            self.group = group
            self.includesContents = includesContents
        }

        /// Owner and mode of one file or directory alone.
        package init(path: ByteString, _ attributes: Attributes) {
            self.init(
                path: path, mode: attributes.mode, owner: attributes.owner,
                group: attributes.group, includesContents: false)
        }
    }

    /// Something to say that is no failure.
    package enum Notice: Hashable, Sendable {
        /// A file or directory that we did not make stays behind.
        case leftBehind(path: ByteString)
        /// A setting that was there had another value.
        case replacedSetting(parameter: ByteString, old: ByteString)
        /// The primary, which managed no instances so far, was made ready to.
        case initialisedPrimary
        /// Another instance got the mail that was queued.
        case handedOver(messages: Int, to: ByteString)
        /// What is no file, such as a link, is not in the clone.
        case notCopied(path: ByteString)
        /// Mail that another instance got stays with that one.
        case mailStays(messages: Int)
        /// A table that has another content now was compiled before.
        case compiledBefore(path: ByteString)
    }
}

extension ChangeSet {
    /// The same change with at most one step for each file, and the edit of one file as its commit.
    ///
    /// What is made and then edited is made as it is to be. Steps on other files keep their order.
    package func coalesced(committing path: ByteString) -> ChangeSet {
        var steps: [Step] = []
        var places: [ByteString: Int] = [:]
        for step in stepsToCommit {
            guard let file = step.contentPath else {
                steps.append(step)
                continue
            }
            if let place = places[file], let joined = steps[place].joined(with: step) {
                steps[place] = joined
            } else {
                places[file] = steps.count
                steps.append(step)
            }
        }
        steps.removeAll(where: \.changesNothing)
        var whole = self
        let last = steps.lastIndex { step in
            if case .editFile(path, _, _) = step { true } else { false }
        }
        whole.commit = last.map { steps.remove(at: $0) }
        if whole.commit == nil, case .editFile? = steps.last { whole.commit = steps.popLast() }
        whole.preparation = steps
        return whole
    }
}

extension ChangeSet.Step {
    /// The file whose content the step makes or changes.
    package var contentPath: ByteString? {
        switch self {
        case .createFile(let path, _, _), .editFile(let path, _, _): path
        default: nil
        }
    }

    fileprivate var changesNothing: Bool {
        if case .editFile(_, let old, let new) = self { old == new } else { false }
    }

    /// One edit in place of two that follow each other, or nil if they are not of that kind.
    fileprivate func joined(with next: Self) -> Self? {
        switch (self, next) {
        case (.editFile(let path, let old, let first), .editFile(let other, let second, let new))
        where path == other && first == second:
            .editFile(path: path, old: old, new: new)
        case (
            .createFile(let path, let first, let attributes),
            .editFile(let other, let second, let new)
        ) where path == other && first == second:
            .createFile(path: path, contents: new, attributes: attributes)
        default: nil
        }
    }
}

extension ChangeSet.Step: CustomStringConvertible {
    /// One line for people.
    package var description: String {
        switch self {
        case .makeDirectory(let path, let mode): "make directory \(path) (\(octal(mode)))"
        case .createFile(let path, _, _): "create \(path)"
        case .editFile(let path, _, _): "edit \(path)"
        case .move(let path, let newPath): "move \(path) to \(newPath)"
        case .setPermissions(let permissions):
            "set \(permissions.path) to \(octal(permissions.mode)), owner \(permissions.owner)"
        case .deleteFile(let path, _, _), .removeFile(let path): "remove \(path)"
        case .deleteDirectory(let path, _), .removeDirectory(let path):
            "remove directory \(path)"
        }
    }

    private func octal(_ mode: UInt32) -> String { String(mode, radix: 8) }
}

extension ChangeSet: CustomStringConvertible {
    /// The title and one line a step, for people.
    package var description: String {
        ([title.text] + steps.map { "  \($0)" }).joined(separator: "\n")
    }
}
