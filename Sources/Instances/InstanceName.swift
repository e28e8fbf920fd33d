// Instance and group names: what may be assigned, and how a person may write them.

package import Bytes

/// The value of multi_instance_name: postfix-wrapper(5), postmulti(1).
package struct InstanceName: Hashable, Sendable {
    /// The whole name.
    package let text: ByteString

    /// What every assigned name begins with, so that it cannot be taken for a system file.
    package static let prefix: ByteString = "postfix-"

    /// A name as it stands in a main.cf, whatever it is.
    package init(recorded text: ByteString) { self.text = text }

    /// A name that may be given to an instance.
    package init(assigning text: ByteString) throws(NameRefusal) {
        guard hasSafeCharacters(text) else { throw .unsafeInstanceName(text) }
        guard !text.contains(0x2F) else { throw .slashInInstanceName(text) }
        guard text.hasPrefix(Self.prefix) else { throw .instanceNameWithoutPrefix(text) }
        self.text = text
    }

    /// The name without "postfix-", if it has that prefix.
    package var short: ByteString {
        text.hasPrefix(Self.prefix) ? text.dropFirst(Self.prefix.count) : text
    }
}

/// The value of multi_instance_group: postfix-wrapper(5).
package struct GroupName: Hashable, Sendable {
    package let text: ByteString

    /// A group as it stands in a main.cf, whatever it is.
    package init(recorded text: ByteString) { self.text = text }

    /// A group that may be given to an instance.
    package init(assigning text: ByteString) throws(NameRefusal) {
        guard hasSafeCharacters(text) else { throw .unsafeGroupName(text) }
        self.text = text
    }
}

/// Why a name may not be assigned.
package enum NameRefusal: Error, Hashable, Sendable {
    case unsafeInstanceName(ByteString)
    case slashInInstanceName(ByteString)
    case instanceNameWithoutPrefix(ByteString)
    case unsafeGroupName(ByteString)
}

/// True if the name has only letters, digits and the punctuation that is safe in scripts.
private func hasSafeCharacters(_ text: ByteString) -> Bool {
    let punctuation = Set("!@%-_=+:./".utf8)
    return !text.isEmpty
        && text.bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: punctuation.contains(byte)
            }
        }
}
