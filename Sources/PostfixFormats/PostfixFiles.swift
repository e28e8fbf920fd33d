// The list of all files and directories of a Postfix installation: $meta_directory/postfix-files.
//
// Only what the file says; owners, modes and existence of real files are looked at elsewhere.
// Lines are `path:type:owner:group:mode:flags`, "-" or nothing stands for an empty field, missing
// fields at the end are fine, and only lines that begin with `$` count: the rest is comment.

package import Bytes

/// The entries of a postfix-files.
package struct PostfixFiles: Sendable {
    /// In the order of the file, which matters to who creates or changes them.
    package let entries: [Entry]

    /// One file or directory of the installation.
    package struct Entry: Hashable, Sendable {
        /// With `$name` unexpanded, as all fields; it always begins with one.
        package var path: ByteString
        package var type: FileType
        /// The user's name; for links of both kinds the path they lead to.
        package var owner: ByteString
        /// Empty if the group is to stay as it is.
        package var group: ByteString
        /// In octal digits.
        package var mode: ByteString
        package var flags: Flags

        /// True if all instances use the same file: set-permissions of a secondary skips it.
        package var isShared: Bool {
            !["$config_directory", "$queue_directory", "$data_directory"].contains { prefix in
                path.hasPrefix(prefix)
            }
        }

        /// The name of a sub-directory of `$queue_directory`; nil for anything else.
        package var queueSubdirectory: ByteString? {
            let prefix: ByteString = "$queue_directory/"
            guard type == .directory, path.hasPrefix(prefix) else { return nil }
            return path.dropFirst(prefix.count)
        }
    }

    /// What kind of file an entry is about.
    package enum FileType: Hashable, Sendable {
        case directory
        case regularFile
        case hardLink
        case symbolicLink
        /// The stock post-install(1) refuses to work with such an entry.
        case unknown(ByteString)
    }

    /// What is to be done with a file, and when.
    package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// `p`: an existing file is not replaced at installation.
        package static let preserve = Flags(rawValue: 1)
        /// `u`: owner, group and mode are set at upgrade.
        package static let update = Flags(rawValue: 2)
        /// `c`: a missing directory is created.
        package static let create = Flags(rawValue: 4)
        /// `r`: owner and group are applied recursively.
        package static let recursive = Flags(rawValue: 8)
        /// `o`: the file is no longer part of Postfix.
        package static let obsolete = Flags(rawValue: 16)
        /// `1` or `i`: optional for all but the default instance.
        package static let optional = Flags(rawValue: 32)
    }

    /// Reads the file; nothing in it is an error.
    package init(_ text: ByteString) {
        var entries: [Entry] = []
        for line in Self.joinedLines(text) where line.first == UInt8(ascii: "$") {
            let fields = line.split(
                separator: UInt8(ascii: ":"), maxSplits: 6, omittingEmptySubsequences: false)
            func field(_ index: Int) -> ByteString {
                let field = index < fields.count ? ByteString(fields[index]) : ""
                return field == "-" ? "" : field
            }
            entries.append(
                Entry(
                    path: field(0), type: FileType(field(1)), owner: field(2), group: field(3),
                    mode: field(4), flags: Flags(letters: field(5))))
        }
        self.entries = entries
    }

    /// The lines as the `read` of a shell gives them: a backslash at the end joins two.
    private static func joinedLines(_ text: ByteString) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var isContinued = false
        for line in text.bytes.split(separator: UInt8(ascii: "\n")) {
            let continues = line.last == UInt8(ascii: "\\")
            let content = continues ? line.dropLast() : line
            if isContinued, let start = lines.popLast() {
                lines.append((start + content)[...])
            } else {
                lines.append(content)
            }
            isContinued = continues
        }
        return lines
    }
}

extension PostfixFiles.FileType {
    fileprivate init(_ letter: ByteString) {
        switch letter {
        case "d": self = .directory
        case "f": self = .regularFile
        case "h": self = .hardLink
        case "l": self = .symbolicLink
        default: self = .unknown(letter)
        }
    }
}

extension PostfixFiles.Flags {
    fileprivate init(letters: ByteString) {
        self = []
        for letter in letters.bytes {
            switch letter {
            case UInt8(ascii: "p"): insert(.preserve)
            case UInt8(ascii: "u"): insert(.update)
            case UInt8(ascii: "c"): insert(.create)
            case UInt8(ascii: "r"): insert(.recursive)
            case UInt8(ascii: "o"): insert(.obsolete)
            case UInt8(ascii: "1"), UInt8(ascii: "i"): insert(.optional)
            default: break
            }
        }
    }
}
