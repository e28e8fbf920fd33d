// The words for a refused undo, each with what mends it.

import Bytes
import InstanceOperations
import Instances

extension UndoRefusal {
    var commandFailure: CommandFailure {
        switch self {
        case .removal(let refusal): return refusal.commandFailure
        default: return CommandFailure(status, "\(sentence); nothing was changed", hint: hint)
        }
    }

    private var status: CommandStatus {
        switch self {
        case .breaks, .noInstance: .badConfiguration
        default: .failed
        }
    }

    private var sentence: ByteString {
        switch self {
        case .nothingToTakeBack: "the history has nothing that could be taken back"
        case .noSuchGeneration(let number): "there is no generation \(number)"
        case .damaged(let number, let reason): "generation \(number) cannot be read: \(reason)"
        case .takenBackAlready(let number, let by):
            "generation \(number) is taken back already, by \(by)"
        case .changedSince(let path, let what, let who),
            .editedSince(_, let path, let what, let who):
            "\(path): \(what.sentence) \(who.sentence("was changed since"))"
        case .missing(let path, let who):
            "\(path) \(who.sentence("is not there any more, removed"))"
        case .inTheWay(let path, let who): "\(path) \(who.sentence("is there already, made"))"
        case .notKept(let directory):
            "the instance in \(directory) was destroyed by a release that kept nothing of it"
        case .running(let name, _): "\(name) is running"
        case .removal: "what was made cannot be removed"
        case .unmanaged(let directories):
            "nobody would manage these any more: \(directories.abbreviated)"
        case .noInstance(let directory):
            "\(directory) would be listed, but there is no instance any more"
        case .breaks(let directory, let failure):
            "the instance in \(directory) could not be used any more: \(failure.sentence)"
        case .conflict(let conflict): conflict.sentence
        }
    }

    private var hint: ByteString? {
        switch self {
        case .nothingToTakeBack, .noSuchGeneration, .damaged:
            "postilion history shows all generations"
        case .takenBackAlready(_, let by): "to make it again: postilion undo \(by)"
        case .changedSince(let path, _, let who): who.mend ?? "look at \(path), and edit it by hand"
        case .editedSince(let name, _, _, let who):
            who.mend ?? "to remove it all the same: postilion destroy \(name)"
        case .missing(_, let who): who.mend ?? "put it there again"
        case .inTheWay(let path, let who): who.mend ?? "move \(path) away"
        case .running(let name, _): "stop it first: postilion stop \(name)"
        case .unmanaged: "deport or destroy them first"
        case .notKept: "make it anew with postilion create"
        default: nil
        }
    }
}

extension UndoRefusal.What {
    fileprivate var sentence: ByteString {
        switch self {
        case .parameter(let name): name
        case .service(let name, let type): "the service \(name)/\(type)"
        case .text: "the file"
        }
    }
}

extension UndoRefusal.Who {
    /// What happened, and by whose doing.
    fileprivate func sentence(_ what: ByteString) -> ByteString {
        switch self {
        case .generation(let number, let title): "\(what) by generation \(number) (\(title))"
        case .somebodyElse: "\(what) by somebody else"
        }
    }

    fileprivate var mend: ByteString? {
        if case .generation(let number, _) = self {
            "take that back first: postilion undo \(number)"
        } else {
            nil
        }
    }
}

extension CommandContext {
    /// The history on this host, and the way back in it.
    func undoOperation() throws(CommandFailure) -> UndoOperation {
        UndoOperation(host, installation: try primaryInstallation(on: host))
    }

    /// What is, or would be, done, unless it is refused.
    func plan(_ outcome: UndoOperation.Outcome) throws(CommandFailure) -> UndoPlan {
        do throws(UndoRefusal) {
            return try outcome.get()
        } catch {
            throw error.commandFailure
        }
    }
}
