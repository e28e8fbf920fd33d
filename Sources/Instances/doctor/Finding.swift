// What a check has found, as a value. Words for terminals and JSON are made by the command.

package import Bytes

/// Something wrong with the instances of a host, and how to mend it.
package struct Finding: Hashable, Sendable {
    /// The check that found it, such as "listener-overlap".
    package var id: ByteString
    package var severity: Severity
    /// The names of the instances concerned, in start order.
    package var instances: [ByteString]
    package var place: Place
    /// One sentence: subject, fact, value.
    package var message: ByteString
    /// One command that can be pasted into a shell; nil if only a person can decide.
    package var mend: ByteString?
    /// Where more is to be read.
    package var reference: ByteString
    /// Where its instances stand among those of the snapshot.
    package var positions: [Int]

    /// How bad a finding is.
    package enum Severity: Int, Comparable, Sendable, CaseIterable {
        /// Mail is lost, refused or loops, or a command fails.
        case error
        /// It will bite.
        case warning
        /// Worth knowing.
        case note

        package static func < (left: Severity, right: Severity) -> Bool {
            left.rawValue < right.rawValue
        }

        /// The word that output uses.
        package var word: ByteString { ByteString(String(describing: self)) }
    }

    /// Where the mistake stands.
    package struct Place: Hashable, Sendable {
        package var file: ByteString?
        /// Counted from 1.
        package var line: Int?
        package var parameter: ByteString?

        package init(
            file: ByteString? = nil, line: Int? = nil, parameter: ByteString? = nil
        ) {
            self.file = file
            self.line = line
            self.parameter = parameter
        }
    }
}

/// What a check says of one mistake; the checkup adds what is the same for all of the check.
struct Sighting {
    /// The configuration directories of the instances concerned.
    var directories: [ByteString]
    var place: Finding.Place
    var message: ByteString
    var mend: ByteString?
    /// How bad it is, where that is not as the check says.
    var severity: Finding.Severity?

    init(
        of instances: [InstanceSnapshot], at place: Finding.Place, _ message: ByteString,
        mend: ByteString?, severity: Finding.Severity? = nil
    ) {
        directories = instances.map(\.member.configDirectory)
        self.place = place
        self.message = message
        self.mend = mend
        self.severity = severity
    }
}
