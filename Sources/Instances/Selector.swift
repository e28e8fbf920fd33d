// How a person names instances on the command line of postilion, and what the words mean here.

package import Bytes

extension Selection {
    /// Reads a selector: a full or short name, "-" for the primary, "@group", or the absolute path
    /// of a configuration directory.
    package init(selector word: ByteString) {
        if word.hasPrefix("@") {
            self = .group(word.dropFirst(1))
        } else if word.count > 1, word.hasPrefix("/"), word.hasSuffix("/") {
            self = .instance(ByteString(word.bytes.dropLast()))
        } else {
            self = .instance(word)
        }
    }
}

extension InstanceSet {
    /// The members that any of the selectors means, in start order; all if there is no selector.
    ///
    /// - Throws: The first selector that means none.
    package func selected(by selectors: [ByteString]) throws(UnknownSelector) -> [Member] {
        try members.selected(by: selectors)
    }
}

extension [InstanceSet.Member] {
    /// The members that any of the selectors means, in start order; all if there is no selector.
    ///
    /// - Throws: The first selector that means none.
    package func selected(by selectors: [ByteString]) throws(UnknownSelector) -> Self {
        if selectors.isEmpty { return self }
        var chosen: Set<InstanceSet.Member> = []
        for word in selectors {
            let selection = Selection(selector: word)
            let meant = filter { $0.isMeant(by: selection) }
            if meant.isEmpty { throw UnknownSelector(word: word, similar: similar(to: word)) }
            chosen.formUnion(meant)
        }
        return filter(chosen.contains)
    }

    /// The names and groups that the word may be a slip of, the nearest ones only.
    private func similar(to word: ByteString) -> [ByteString] {
        var known: [ByteString] = []
        for case .instance(let instance) in self {
            if let name = instance.name { known += [name.text, name.short] }
            if let group = instance.group { known.append("@\(group.text)") }
        }
        return nearMisses(of: word, among: known)
    }
}

extension InstanceSet.Member {
    /// True if the selection means this member.
    package func isMeant(by selection: Selection) -> Bool {
        switch self {
        case .instance(let instance): selection.matches(instance)
        case .broken(let broken): selection.matches(broken)
        }
    }

    /// The name that output shows: the instance's own, "-" for a nameless primary, else the
    /// directory.
    package var displayName: ByteString {
        switch self {
        case .instance(let instance): instance.displayName
        case .broken(let broken): broken.configDirectory
        }
    }
}

extension Instance {
    /// The name that output shows and that works as a selector.
    package var displayName: ByteString { name?.text ?? (isPrimary ? "-" : configDirectory) }
}

/// A selector that means no instance.
package struct UnknownSelector: Error, Hashable, Sendable {
    package let word: ByteString
    /// What the person may have meant.
    package let similar: [ByteString]

    package init(word: ByteString, similar: [ByteString]) {
        self.word = word
        self.similar = similar
    }
}
