// A transaction as bytes: what the journal holds while it runs, and the history afterwards.
//
// A list of netstrings ("length:bytes,") behind a line that names the format. Pure.

package import Bytes

/// A change set with who asked for it, when, and by which command.
package struct TransactionRecord: Hashable, Sendable {
    /// Seconds since 1970.
    package var startedSeconds: Int
    /// The real user id of the process.
    package var user: UInt32
    /// The login name that sudo(8) tells, or empty.
    package var invokedBy: ByteString
    package var command: [ByteString]
    /// The number of the generation that this one takes back, if it is an undo.
    package var takesBack: Int?
    package var changes: ChangeSet

    package init(
        startedSeconds: Int, user: UInt32, invokedBy: ByteString, command: [ByteString],
        takesBack: Int? = nil, changes: ChangeSet
    ) {
        self.startedSeconds = startedSeconds
        self.user = user
        self.invokedBy = invokedBy
        self.command = command
        self.takesBack = takesBack
        self.changes = changes
    }

    private static let header = Array("postilion-transaction 1\n".utf8)

    /// The record as bytes.
    package var encoded: ByteString {
        var writer = FieldWriter(Self.header)
        writer.add(startedSeconds)
        writer.add(Int(user))
        writer.add(invokedBy)
        writer.add(command.count)
        for word in command { writer.add(word) }
        writer.add(changes)
        if let takesBack {
            writer.add("takesBack")
            writer.add(takesBack)
        }
        writer.add("end")
        return ByteString(writer.bytes)
    }

    /// Reads a record back; nil if the bytes are not a whole one.
    package init?(decoding bytes: ByteString) {
        guard bytes.bytes.starts(with: Self.header) else { return nil }
        var reader = FieldReader(bytes.bytes.dropFirst(Self.header.count))
        guard let seconds = reader.number(), let user = reader.number(),
            let user = UInt32(exactly: user), let invokedBy = reader.field(),
            let words = reader.list({ $0.field() }), let changes = reader.changeSet(),
            var word = reader.field()
        else { return nil }
        var takesBack: Int?
        if word == "takesBack" {
            guard let number = reader.number(), let next = reader.field() else { return nil }
            takesBack = number
            word = next
        }
        guard word == "end" else { return nil }
        self.init(
            startedSeconds: seconds, user: user, invokedBy: invokedBy, command: words,
            takesBack: takesBack, changes: changes)
    }
}

/// Writes fields one after the other.
private struct FieldWriter {
    private(set) var bytes: [UInt8]

    init(_ header: [UInt8]) { bytes = header }

    mutating func add(_ field: ByteString) {
        bytes += Array(String(field.count).utf8) + [0x3A] + field.bytes + [0x2C]
    }

    mutating func add(_ number: Int) { add(ByteString(String(number))) }

    mutating func add(_ changes: ChangeSet) {
        add(changes.title)
        add(changes.preparation)
        add(changes.commit.map { [$0] } ?? [])
        add(changes.completion)
    }

    private mutating func add(_ steps: [ChangeSet.Step]) {
        add(steps.count)
        for step in steps { add(step) }
    }

    private mutating func add(_ step: ChangeSet.Step) {
        switch step {
        case .makeDirectory(let path, let mode):
            add("makeDirectory")
            add(path)
            add(Int(mode))
        case .createFile(let path, let contents, let attributes):
            add("createFile")
            add(path)
            add(contents)
            add(attributes)
        case .editFile(let path, let old, let new):
            add("editFile")
            add(path)
            add(old)
            add(new)
        case .move(let path, let newPath):
            add("move")
            add(path)
            add(newPath)
        case .setPermissions(let permissions):
            add("setPermissions")
            add(permissions.path)
            add(Int(permissions.mode))
            add(Int(permissions.owner))
            add(permissions.group.map { Int($0) } ?? -1)
            add(permissions.includesContents ? 1 : 0)
        case .deleteFile(let path, let old, let attributes):
            add("deleteFile")
            add(path)
            add(old)
            add(attributes)
        case .deleteDirectory(let path, let attributes):
            add("deleteDirectory")
            add(path)
            add(attributes)
        case .removeFile(let path):
            add("removeFile")
            add(path)
        case .removeDirectory(let path):
            add("removeDirectory")
            add(path)
        }
    }

    private mutating func add(_ attributes: ChangeSet.Attributes) {
        for number in [attributes.mode, attributes.owner, attributes.group] { add(Int(number)) }
    }
}

/// Reads fields one after the other; nil once something does not fit.
private struct FieldReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func field() -> ByteString? {
        guard let colon = rest.prefix(12).firstIndex(of: 0x3A),
            let length = Int(String(decoding: rest[..<colon], as: UTF8.self)), length >= 0,
            rest.distance(from: colon, to: rest.endIndex) > length + 1
        else { return nil }
        let start = colon + 1
        guard rest[start + length] == 0x2C else { return nil }
        defer { rest = rest[(start + length + 1)...] }
        return ByteString(rest[start..<(start + length)])
    }

    mutating func number() -> Int? { field().flatMap { Int($0.text) } }

    mutating func list<Element>(_ element: (inout FieldReader) -> Element?) -> [Element]? {
        guard let count = number(), count >= 0 else { return nil }
        var elements: [Element] = []
        for _ in 0..<count {
            guard let next = element(&self) else { return nil }
            elements.append(next)
        }
        return elements
    }

    mutating func changeSet() -> ChangeSet? {
        guard let title = field(), let preparation = list({ $0.step() }),
            let commit = list({ $0.step() }), commit.count <= 1,
            let completion = list({ $0.step() })
        else { return nil }
        return ChangeSet(
            title: title, preparation: preparation, commit: commit.first, completion: completion)
    }

    private mutating func step() -> ChangeSet.Step? {
        guard let word = field(), let path = field() else { return nil }
        switch word {
        case "makeDirectory":
            return unsigned().map { .makeDirectory(path: path, mode: $0) }
        case "createFile":
            guard let contents = field(), let attributes = attributes() else { return nil }
            return .createFile(path: path, contents: contents, attributes: attributes)
        case "deleteFile":
            guard let old = field(), let attributes = attributes() else { return nil }
            return .deleteFile(path: path, old: old, attributes: attributes)
        case "deleteDirectory":
            return attributes().map { .deleteDirectory(path: path, attributes: $0) }
        case "editFile":
            guard let old = field(), let new = field() else { return nil }
            return .editFile(path: path, old: old, new: new)
        case "move":
            return field().map { .move(path: path, newPath: $0) }
        case "setPermissions":
            guard let mode = unsigned(), let owner = unsigned(), let group = number(),
                let includesContents = number()
            else { return nil }
            return .setPermissions(
                .init(
                    path: path, mode: mode, owner: owner, group: UInt32(exactly: group),
                    includesContents: includesContents == 1))
        case "removeFile": return .removeFile(path: path)
        case "removeDirectory": return .removeDirectory(path: path)
        default: return nil
        }
    }

    private mutating func attributes() -> ChangeSet.Attributes? {
        guard let mode = unsigned(), let owner = unsigned(), let group = unsigned() else {
            return nil
        }
        return .init(mode: mode, owner: owner, group: group)
    }

    private mutating func unsigned() -> UInt32? { number().flatMap { UInt32(exactly: $0) } }
}
