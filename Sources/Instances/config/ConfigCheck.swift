// Looks for mistakes in an edit before it is made: names that nothing reads, values that cannot be
// expanded, kinds of tables that this Postfix does not have.

import Bytes
import PostfixFormats

/// The checks of one instance's new configuration against its old one.
struct ConfigCheck {
    private let new: ConfiguredInstance
    private let before: ConfiguredInstance
    private let used: UsedNames

    init(_ new: ConfiguredInstance, before: ConfiguredInstance) {
        self.new = new
        self.before = before
        used = UsedNames(new.parameters, new.masterCF.value)
    }

    /// Checks one thing that was set; what was removed can break only what refers to it.
    func check(
        _ item: ConfigEdit.Item, tableTypes: Observed<Set<ByteString>>
    ) throws(ConfigRefusal) {
        switch item.name {
        case .field: return
        case .parameter(let name), .option(_, let name):
            guard let value = item.value else { break }
            try checkKnown(name)
            try checkExpansion(item.name, value)
            try checkTables(name, value, tableTypes)
        }
        for entry in new.parameters.mainCF.entries { try checkStillExpands(entry) }
    }

    private func checkKnown(_ name: ByteString) throws(ConfigRefusal) {
        let (old, parameters) = (before.parameters, new.parameters)
        if parameters.hasDefault(name) || used.contain(name)
            || old.mainCF.value(of: name) != nil || parameters.defaultsRefer(to: name)
        {
            return
        }
        throw .unknownParameter(
            instance: new.displayName, name: name,
            similar: nearMisses(of: name, among: parameters.defaultNames))
    }

    private func checkExpansion(
        _ name: ConfigName, _ value: ByteString
    ) throws(ConfigRefusal) {
        do {
            _ = try ParameterExpansion.expand(value, in: new.parameters)
        } catch {
            throw .badExpansion(
                instance: new.displayName, name: ByteString(name.description),
                problem: error.problems.first?.wording ?? "")
        }
    }

    /// Makes sure that a value of main.cf that could be expanded before can be still.
    private func checkStillExpands(_ entry: MainCF.Entry) throws(ConfigRefusal) {
        do {
            _ = try new.parameters.value(of: entry.name)
        } catch {
            // One that was broken before is no fault of this edit.
            guard (try? before.parameters.value(of: entry.name)) != nil else { return }
            throw .badExpansion(
                instance: new.displayName, name: entry.name,
                problem: error.problems.first?.wording ?? "")
        }
    }

    private func checkTables(
        _ name: ByteString, _ value: ByteString, _ tableTypes: Observed<Set<ByteString>>
    ) throws(ConfigRefusal) {
        // Without an answer of postconf(1) nothing is known to be wrong.
        guard let types = tableTypes.value else { return }
        for type in TableWords(parameter: name, value: value).types where !types.contains(type) {
            throw .unknownTableType(
                instance: new.displayName, name: name, type: type,
                similar: nearMisses(of: type, among: Array(types)))
        }
    }
}

/// The words of a value that name tables.
struct TableWords {
    /// The kinds of tables, such as "hash", each as often as it is named.
    let types: [ByteString]

    init(parameter: ByteString, value: ByteString) {
        let words = Self.words(of: value)
        var types: [ByteString] = []
        for (index, word) in words.enumerated() {
            let isAccess =
                index > 0 && words[index - 1].hasPrefix("check_")
                && words[index - 1].hasSuffix("_access")
            let isTable = isAccess || Self.holdsTables(parameter) || Self.hasTablePath(word)
            if isTable { types += Self.types(of: word) }
        }
        self.types = types
    }

    /// True if all words with a colon in the parameter's value are tables.
    private static func holdsTables(_ parameter: ByteString) -> Bool {
        let endings: [ByteString] = ["_maps", "_map", "_database", "_checks"]
        return endings.contains(where: parameter.hasSuffix)
    }

    /// True for the kinds that lie in files, wherever they stand.
    private static func hasTablePath(_ word: ByteString) -> Bool {
        let fileTypes: [ByteString] = [
            "hash:/", "btree:/", "lmdb:/", "cdb:/", "dbm:/", "sdbm:/", "texthash:/", "cidr:/",
            "regexp:/", "pcre:/",
        ]
        return fileTypes.contains(where: word.hasPrefix)
    }

    /// The kind of a table, and that of the one behind a proxy.
    private static func types(of word: ByteString) -> [ByteString] {
        guard let colon = word.bytes.firstIndex(of: 0x3A) else { return [] }
        let type = ByteString(word.bytes[..<colon])
        // What a parameter stands for, or a negated pattern, is not looked into.
        guard !type.isEmpty, type.bytes.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x5F })
        else { return [] }
        return type == "proxy" ? [type] + types(of: word.dropFirst(colon + 1)) : [type]
    }

    /// The words outside braces, in which tables such as inline: hold other things.
    private static func words(of value: ByteString) -> [ByteString] {
        var words: [ByteString] = []
        var word: [UInt8] = []
        var depth = 0
        for byte in value.bytes + [0x20] {
            if byte == 0x7B { depth += 1 }
            if byte == 0x7D { depth = max(0, depth - 1) }
            if depth == 0, [0x20, 0x09, 0x0A, 0x0D, 0x2C].contains(byte) {
                if !word.isEmpty { words.append(ByteString(word)) }
                word = []
            } else {
                word.append(byte)
            }
        }
        return words
    }
}
