// Edits of master.cf, byte for byte what `postconf -M`, `-F` and `-P` with `-e`, `-#` and `-X`
// make of the file.
//
// As there, a service that is changed is written anew in normal form, and comments between its
// lines, and up to the next service, then come to stand in front of it.

package import Bytes

/// Names services by name and type, of which either may be `*`.
package struct ServicePattern: Hashable, Sendable {
    package let name: ByteString
    package let type: ByteString

    /// Takes the parts as they are.
    package init(_ name: ByteString, _ type: ByteString) {
        self.name = name
        self.type = type
    }

    /// Reads `name/type`; nil if it is anything else.
    package init?(_ argument: ByteString) {
        guard let parts = Self.parts(of: argument), parts.count == 2 else { return nil }
        self.init(parts[0], parts[1])
    }

    /// Reads `name/type/detail`, the detail being a field or a parameter; nil for anything else.
    package static func withDetail(
        _ argument: ByteString
    ) -> (pattern: ServicePattern, detail: ByteString)? {
        guard let parts = parts(of: argument), parts.count == 3, parts[2] != "*" else {
            return nil
        }
        return (ServicePattern(parts[0], parts[1]), parts[2])
    }

    private static func parts(of argument: ByteString) -> [ByteString]? {
        if argument.bytes.first == UInt8(ascii: "/") { return nil }
        let parts = argument.split { $0 == UInt8(ascii: "/") }
        // Part of a name cannot be left open.
        return parts.allSatisfy { $0 == "*" || !$0.contains(UInt8(ascii: "*")) } ? parts : nil
    }

    /// True if a service of that name and type is meant.
    package func matches(_ name: ByteString, _ type: ByteString) -> Bool {
        (self.name == "*" || self.name == name) && (self.type == "*" || self.type == type)
    }
}

extension MasterCF {
    /// Why a master.cf cannot be edited; postconf(1) dies of it and leaves the file as it is.
    package enum EditFault: Error, Hashable, Sendable {
        /// A logical line begins with fewer than two words.
        case nameAndTypeApart(line: Int)
        /// The name of a service has a `=`.
        case serviceName(line: Int, ByteString)
        /// The type of a service has a `=` or a `/`.
        case serviceType(line: Int, ByteString)
        /// The service to be changed is none.
        case service(line: Int, MasterServiceFault)
        /// The service has a word with blanks and braces that do not match; this postconf(1) would
        /// write, to be read back as something else.
        case unwritable(service: ByteString)
    }

    /// A change of one thing in the services that a pattern names.
    package enum ServiceChange: Hashable, Sendable {
        case setField(MasterService.Field, to: ByteString)
        case setParameter(ByteString, to: ByteString)
        case removeParameter(ByteString)

        fileprivate func apply(to service: inout MasterService) throws(MasterServiceFault) {
            switch self {
            case .setField(let field, let value): try service.set(field, to: value)
            case .setParameter(let name, let value): service.setParameter(name, to: value)
            case .removeParameter(let name): service.removeParameter(name)
            }
        }
    }

    /// The file with services put in the place of others, or appended: `postconf -M -e`.
    ///
    /// Each replaces the first service that its pattern matches or that has its own name and type;
    /// further ones are removed.
    package func setting(
        _ services: [(pattern: ServicePattern, service: MasterService)]
    ) throws(EditFault) -> MasterCF {
        let texts = try services.map { _, service throws(EditFault) in try Self.text(of: service) }
        var isPlaced = services.map { _ in false }
        var result = try edited { name, type, block throws(EditFault) in
            var replacement: [UInt8]?
            for (index, (pattern, service)) in services.enumerated() {
                let isSame = ServicePattern(service[.service], service[.type]).matches(name, type)
                guard pattern.matches(name, type) || isSame else { continue }
                let text = isPlaced[index] ? nil : texts[index]
                replacement = text ?? replacement ?? []
                isPlaced[index] = true
            }
            return replacement.map { block.replaced(by: $0) }
        }
        for (text, isPlaced) in zip(texts, isPlaced) where !isPlaced { result += ByteString(text) }
        return MasterCF(result)
    }

    /// The file with fields or parameters of services changed: `postconf -F -e`, `-P -e`, `-P -X`.
    ///
    /// A pattern that matches nothing changes nothing.
    package func changing(
        _ changes: [(pattern: ServicePattern, change: ServiceChange)]
    ) throws(EditFault) -> MasterCF {
        let result = try edited { name, type, block throws(EditFault) in
            let changes = changes.filter { $0.pattern.matches(name, type) }
            if changes.isEmpty { return nil }
            var service: MasterService
            do throws(MasterServiceFault) {
                service = try MasterService(line: ByteString(block.content.asCString))
                for (_, change) in changes { try change.apply(to: &service) }
            } catch {
                throw .service(line: block.firstLine, error)
            }
            return block.comments + (try Self.text(of: service))
        }
        return MasterCF(result)
    }

    /// The file with services commented out: `postconf -M -#`.
    package func commentingOut(_ patterns: [ServicePattern]) throws(EditFault) -> MasterCF {
        let result = try edited { name, type, block throws(EditFault) in
            guard patterns.contains(where: { $0.matches(name, type) }) else { return nil }
            return block.lines.flatMap { line in
                line.isContent ? [UInt8(ascii: "#")] + line : Array(line)
            }
        }
        return MasterCF(result)
    }

    /// The file without services: `postconf -M -X`.
    package func removing(_ patterns: [ServicePattern]) throws(EditFault) -> MasterCF {
        let result = try edited { name, type, block throws(EditFault) in
            guard patterns.contains(where: { $0.matches(name, type) }) else { return nil }
            return block.comments
        }
        return MasterCF(result)
    }

    private static func text(of service: MasterService) throws(EditFault) -> [UInt8] {
        let text = service.formatted(folded: true)
        if !service.isWritable { throw .unwritable(service: text) }
        return text.bytes
    }

    /// Copies the file and replaces the lines of services; nil leaves one as it is.
    private func edited(
        _ replacement: (
            _ name: ByteString, _ type: ByteString, _ block: Block
        ) throws(EditFault) -> [UInt8]?
    ) throws(EditFault) -> ByteString {
        var result: [UInt8] = []
        for block in blocks {
            guard let (name, type) = try block.nameAndType() else {
                result += block.lines.joined()
                continue
            }
            result += try replacement(name, type, block) ?? Array(block.lines.joined())
        }
        return ByteString(result)
    }

    private var blocks: [Block] {
        var blocks = [Block(firstLine: 1)]
        for (index, line) in text.physicalLines.enumerated() {
            if line.isContent, line.first?.isSpace == false {
                blocks.append(Block(firstLine: index + 1))
            }
            blocks[blocks.count - 1].lines.append(line)
        }
        return blocks
    }
}

/// The lines from the start of a service up to the next one; the first block has no service.
private struct Block {
    var firstLine: Int
    var lines: [ArraySlice<UInt8>] = []

    /// All that is no comment, without the last newline: an unclosed brace would take that into a
    /// word.
    var content: ArraySlice<UInt8> {
        Array(lines.filter { $0.isContent }.joined())[...].trimmed
    }
    var comments: [UInt8] { Array(lines.filter { !$0.isContent }.joined()) }

    /// All that is no comment replaced; comments stay behind it.
    func replaced(by text: [UInt8]) -> [UInt8] { text + comments }

    func nameAndType() throws(MasterCF.EditFault) -> (name: ByteString, type: ByteString)? {
        guard let line = lines.first, line.isContent, line.first?.isSpace == false else {
            return nil
        }
        let words = ByteString(line.asCString).split { $0.isWordSeparator }
        guard words.count >= 2 else { throw .nameAndTypeApart(line: firstLine) }
        let equals = UInt8(ascii: "=")
        if words[0].contains(equals) { throw .serviceName(line: firstLine, words[0]) }
        if words[1].contains(equals) || words[1].contains(UInt8(ascii: "/")) {
            throw .serviceType(line: firstLine, words[1])
        }
        return (words[0], words[1])
    }
}

extension ArraySlice<UInt8> {
    /// True for a physical line that is neither blank nor a comment.
    fileprivate var isContent: Bool {
        guard let first = first(where: { !$0.isSpace }) else { return false }
        return first != UInt8(ascii: "#")
    }
}
