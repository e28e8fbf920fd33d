// What an undo is refused for, with whose doing it is. Pure.

import Bytes
import PostfixFormats

extension TakeBack {
    /// Refuses a destroy that kept nothing.
    func checkKept() throws(UndoRefusal) {
        let dropped = recorded.registrations(in: facts.registration).dropped
        for entry in recorded.entries {
            guard case .removeFile(let path) = entry.step, ConfigFileKind(path) == .main else {
                continue
            }
            let directory = parent(of: path)
            // A directory that is reached by a link is listed by another path.
            throw .notKept(
                configDirectory: dropped.contains(directory)
                    ? directory : dropped.first ?? directory)
        }
    }

    /// Refuses to leave instances on the list that nobody manages any more.
    func checkRegistrations(after commit: ChangeSet.Step?) throws(UndoRefusal) {
        for case .editFile(facts.registration, let old, let new) in preparation
            + (commit.map { [$0] } ?? [])
        {
            let (before, after) = (MainCF(old), MainCF(new))
            if !before.isReadyForInstances || after.isReadyForInstances { continue }
            // Those that were there before the generation were not managed then either.
            let known = recorded.textBefore(facts.registration).map(registeredDirectories) ?? []
            let left = registeredDirectories(new).filter { !known.contains($0) }
            if !left.isEmpty { throw .unmanaged(directories: left) }
        }
    }

    func checkFree(_ place: ByteString) throws(UndoRefusal) {
        if facts.objects[place] != nil || contents[place] != nil {
            throw .inTheWay(path: place, by: who(changed: place))
        }
    }

    func missing(_ place: ByteString) -> UndoRefusal {
        .missing(path: place, by: who(changed: place))
    }

    func changed(_ place: ByteString, _ what: UndoRefusal.What) -> UndoRefusal {
        .changedSince(path: place, what, by: who(changed: place, what))
    }

    func who(changed place: ByteString, _ what: UndoRefusal.What) -> UndoRefusal.Who {
        guard case .parameter(let name) = what else { return who(changed: place) }
        let change = history.change(of: place, after: generation.number) { old, new in
            guard let old, let new else { return true }
            return MainCF(old).value(of: name) != MainCF(new).value(of: name)
        }
        return who(change)
    }

    private func who(changed place: ByteString) -> UndoRefusal.Who {
        who(history.change(of: place, after: generation.number))
    }

    private func who(_ generation: Generation?) -> UndoRefusal.Who {
        generation.map { .generation($0.number, title: $0.record.changes.summary) }
            ?? .somebodyElse
    }
}

extension MainCF {
    /// True if the text sets what makes a primary manage other instances.
    fileprivate var isReadyForInstances: Bool {
        value(of: "multi_instance_wrapper")?.isEmpty == false
            && value(of: "multi_instance_enable") == "yes"
    }
}
