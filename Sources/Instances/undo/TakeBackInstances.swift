// How an undo has instances and directories go that the generation made. Pure.

import Bytes
import PostfixFormats

extension TakeBack {
    /// The instance of this generation in whose configuration directory a file is.
    func instance(holding place: ByteString) -> UndoFacts.Made? {
        facts.made.values.first { place.hasPrefix("\($0.configDirectory)/") }
    }

    /// Has the instances go that the generation made.
    mutating func removeInstances() throws(UndoRefusal) {
        let expected = recorded.contents
        for (directory, made) in facts.made.sorted(by: { $0.key < $1.key }) {
            for (place, content) in expected.sorted(by: { $0.key < $1.key })
            where place.hasPrefix("\(made.configDirectory)/") && contents[place] != content {
                let what = difference(content, contents[place], at: place)
                throw .editedSince(
                    name: made.displayName, path: place, what, by: who(changed: place, what))
            }
            let decision = RemoveInstance(
                configDirectory: directory, displayName: made.displayName,
                registration: Registration(path: facts.registration, mainCF: MainCF("")),
                remaining: [])
            let removal: ChangeSet
            do throws(LifecycleRefusal) {
                removal = try decision.destroying(made.removal)
            } catch {
                if case .notStopped = error {
                    throw .running(name: made.displayName, configDirectory: directory)
                }
                throw .removal(error)
            }
            let steps = removal.completion.filter(mayGo)
            completion += steps
            notices += removal.notices
            gone.formUnion(steps.compactMap(\.removedPath))
        }
    }

    /// False for a directory that was there before the instance.
    private func mayGo(_ step: ChangeSet.Step) -> Bool {
        guard let directory = step.removedDirectory else { return true }
        let made = recorded.madeDirectories
        return made.contains(directory)
            || directories(above: directory).contains(where: made.contains)
    }

    /// What differs between what a generation left in a file and what is there.
    private func difference(
        _ old: ByteString?, _ new: ByteString?, at place: ByteString
    ) -> UndoRefusal.What {
        guard let old, let new, ConfigFileKind(place) == .main else { return .text }
        let (left, right) = (MainCF(old), MainCF(new))
        let names = Set((left.entries + right.entries).map(\.name))
        return names.filter { left.value(of: $0) != right.value(of: $0) }.min()
            .map { .parameter($0) } ?? .text
    }

    /// Removes the directories that the generation made, if nothing is left in them.
    mutating func removeDirectories() {
        let own = Set(
            facts.made.values.flatMap { made in
                made.removal.ownDirectories + made.removal.tree.map(\.path)
            })
        for entry in recorded.entries.reversed() {
            let place = entry.place
            guard case .makeDirectory = entry.step, !own.contains(place),
                case .directory(let attributes, let names)? = facts.objects[place]
            else { continue }
            if names.allSatisfy({ gone.contains("\(place)/\($0)") }) {
                completion.append(
                    .deleteDirectory(path: recorded.pathAfterUndo(place), attributes: attributes))
                gone.insert(place)
            } else {
                notices.append(.leftBehind(path: place))
            }
        }
    }
}

extension ChangeSet.Step {
    fileprivate var removedPath: ByteString? {
        switch self {
        case .removeFile(let path), .removeDirectory(let path), .deleteFile(let path, _, _),
            .deleteDirectory(let path, _):
            path
        default: nil
        }
    }
}
