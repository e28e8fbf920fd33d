// Facts about the host that only checks ask for, each seen once. What was not looked at is unknown.

package import Bytes

/// What checks need to know of the host as a whole.
package struct HostFacts: Sendable {
    /// Whether the program of multi_instance_wrapper is there and may be run.
    package var wrapperIsExecutable: Observed<Bool> = .notLookedAt
    /// The kinds of lookup tables that the installed Postfix has.
    package var tableTypes: Observed<Set<ByteString>> = .notLookedAt
    /// The real paths of the directories that all instances share, by parameter.
    package var sharedDirectories: [ByteString: ByteString] = [:]
    /// The program that fills the jail of an instance before its start, as Debian has it.
    package var jailFiller: ByteString?
    /// The one who looks is root, to whom nothing is hidden.
    package var isSeenByRoot = true
    /// The host's names of ports.
    package var serviceNames = ServiceNames("")
    /// Programs may use addresses that the host does not have now, as one of a pair that takes
    /// an address over from the other.
    package var usesForeignAddresses = false
    /// The content filter as its configuration tells of it; nil if there is none.
    package var contentFilter: Observed<ContentFilter?> = .known(nil)
    /// systemd runs the host.
    package var hasSystemd = false

    package init() {}
}

extension Observed {
    /// For what nobody has looked at yet.
    package static var notLookedAt: Observed { .unknown(reason: "not looked at") }
}
