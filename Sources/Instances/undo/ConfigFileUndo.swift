// Takes an edit of one file back, also where others have edited the file since. Pure.

import Bytes
import PostfixFormats

/// What kind of file of an instance it is, by its name.
enum ConfigFileKind: Hashable {
    case main, master, table

    init(_ path: ByteString) {
        switch path.split(where: { $0 == 0x2F }).last {
        case "main.cf": self = .main
        case "master.cf": self = .master
        default: self = .table
        }
    }
}

/// An edit of one file that is to be taken back.
struct ConfigFileUndo {
    let kind: ConfigFileKind
    let old: ByteString
    let new: ByteString

    /// What stands in the way.
    struct Obstacle: Error {
        let what: UndoRefusal.What
    }

    /// The present content without the edit.
    ///
    /// As long as nobody has edited the file since, that is the old one to the last byte. Otherwise
    /// the parameters or services that the edit changed go back, if each is as the edit left it.
    func content(from present: ByteString) throws(Obstacle) -> ByteString {
        if present == new { return old }
        switch kind {
        case .main: return try mainCF(MainCF(present))
        case .master: return try masterCF(MasterCF(present))
        case .table: throw Obstacle(what: .text)
        }
    }

    private func mainCF(_ present: MainCF) throws(Obstacle) -> ByteString {
        let (old, new) = (MainCF(old), MainCF(new))
        let names = Set((old.entries + new.entries).map(\.name))
            .filter { old.value(of: $0) != new.value(of: $0) }.sorted()
        // An edit of comments alone has nothing that could be found again.
        if names.isEmpty { throw Obstacle(what: .text) }
        for name in names where present.value(of: name) != new.value(of: name) {
            throw Obstacle(what: .parameter(name))
        }
        let restored = names.compactMap { name in
            old.value(of: name).map { MainCF.Assignment(name, $0) }
        }
        return present.removing(names.filter { old.value(of: $0) == nil }).setting(restored).text
    }

    private func masterCF(_ present: MasterCF) throws(Obstacle) -> ByteString {
        let (old, new, now) = (services(MasterCF(old)), services(MasterCF(new)), services(present))
        let keys = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
            .sorted { ($0.name, $0.type) < ($1.name, $1.type) }
        if keys.isEmpty { throw Obstacle(what: .text) }
        var removed: [ServicePattern] = []
        var restored: [(pattern: ServicePattern, service: MasterService)] = []
        for key in keys {
            guard now[key] == new[key] else { throw Obstacle(what: .service(key.name, key.type)) }
            // Of two services of one name nobody knows which is which.
            guard old[key]?.count ?? 0 <= 1, new[key]?.count ?? 0 <= 1 else {
                throw Obstacle(what: .text)
            }
            if let service = old[key]?.first {
                restored.append((key, service))
            } else {
                removed.append(key)
            }
        }
        do throws(MasterCF.EditFault) {
            return try present.removing(removed).setting(restored).text
        } catch {
            throw Obstacle(what: .text)
        }
    }

    private func services(_ file: MasterCF) -> [ServicePattern: [MasterService]] {
        Dictionary(grouping: file.entries.map(\.service)) {
            ServicePattern($0[.service], $0[.type])
        }
    }
}
