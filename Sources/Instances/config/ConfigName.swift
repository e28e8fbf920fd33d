// What a word on the command line names: a parameter of main.cf, or a field or parameter of
// services in master.cf.

package import Bytes
package import PostfixFormats

/// Something that can be asked for and set in the files of an instance.
package enum ConfigName: Hashable, Sendable {
    /// A parameter of main.cf.
    case parameter(ByteString)
    /// A field of services, as `postconf -F` names it: "smtp/inet/chroot".
    case field(ServicePattern, MasterService.Field)
    /// A parameter for services alone, as `postconf -P` names it: "smtp/inet/myhostname".
    case option(ServicePattern, ByteString)

    /// Reads a name; nil if it can be none.
    package init?(_ word: ByteString) {
        guard word.contains(0x2F) else {
            guard !word.isEmpty, !word.bytes.contains(where: Self.endsName) else { return nil }
            self = .parameter(word)
            return
        }
        guard let (pattern, detail) = ServicePattern.withDetail(word),
            !detail.bytes.contains(where: Self.endsName)
        else { return nil }
        self =
            MasterService.Field(name: detail).map { .field(pattern, $0) }
            ?? .option(pattern, detail)
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [0x23, 0x24, 0x2C, 0x3D, 0x7B, 0x7D].contains(byte)
    }
}

extension ConfigName: CustomStringConvertible {
    package var description: String {
        switch self {
        case .parameter(let name): name.text
        case .field(let pattern, let field):
            "\(pattern.name)/\(pattern.type)/\(field.name)"
        case .option(let pattern, let name): "\(pattern.name)/\(pattern.type)/\(name)"
        }
    }
}

/// Names, and the values they are to have, or that they are to be removed.
package struct ConfigEdit: Hashable, Sendable {
    /// One name and its new value; nil removes it.
    package struct Item: Hashable, Sendable {
        package var name: ConfigName
        package var value: ByteString?

        package init(_ name: ConfigName, _ value: ByteString?) {
            self.name = name
            self.value = value
        }
    }

    package var items: [Item]
    /// What looks like a mistake is done all the same.
    package var isForced: Bool

    package init(_ items: [Item], isForced: Bool = false) {
        self.items = items
        self.isForced = isForced
    }
}
