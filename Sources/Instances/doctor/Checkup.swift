// All checks in one list, and what they find together.

package import Bytes

/// The doctor: every check, over one snapshot.
package enum Checkup {
    /// All findings, the gravest first, then by instance in start order, then by check.
    package static func findings(in snapshot: Snapshot) -> [Finding] {
        // A directory that is registered twice is one instance: its first place counts.
        let positions = Dictionary(
            snapshot.instances.enumerated().map { ($1.member.configDirectory, $0) },
            uniquingKeysWith: min)
        let flow = MailFlow(snapshot)
        return all.flatMap { $0.findings(in: snapshot, flow, positions: positions) }
            .sorted(by: isBefore)
    }

    /// The check that tells of a configuration that cannot be read.
    package static let unreadable: ByteString = Check.instanceUnreadable.id

    /// The check of that id, or nil if there is none.
    package static func check(_ id: ByteString) -> Check? { all.first { $0.id == id } }

    private static func isBefore(_ left: Finding, _ right: Finding) -> Bool {
        if left.severity != right.severity { return left.severity < right.severity }
        let (first, second) = (left.positions.first ?? 0, right.positions.first ?? 0)
        if first != second { return first < second }
        if left.id != right.id { return left.id < right.id }
        if left.place.file != right.place.file {
            return left.place.file ?? "" < right.place.file ?? ""
        }
        if left.place.line != right.place.line {
            return left.place.line ?? 0 < right.place.line ?? 0
        }
        return left.message < right.message
    }

    /// Every check there is, in the order of --list.
    package static let all: [Check] = [
        // The registry and the instances as such.
        .instanceUnreadable, .instanceDuplicateName, .instanceNameless, .nameNotPortable,
        .directoryShared, .directoryUnsafe, .registryNoWrapper, .registryNotPortable, .groupSplit,
        .syslogNameAmbiguous, .syslogNamePrefix, .compatibilityLevel,
        // Listeners and who may use them.
        .listenerOverlap, .openReinjection, .xclientLeftOpen, .anvilOnReinjection,
        .localSubmissionOpen, .localSubmissionDead,
        // Where mail goes.
        .nextHopDead, .listenerDisabled, .flowCycle, .startOrder, .hostnameLoop, .heloNameLeak,
        .relayDenied, .xforwardNotAuthorized, .xforwardLost, .filterTimeout,
        .recipientLimitMismatch, .messageSizeMismatch, .fallbackLoop, .fallbackSlowFront,
        .outboundSourceLoopback, .bindAddressAbsent, .contentFilterInMulti, .parentDomainMatch,
        .queueLifetime, .softBounceLeftOn,
        // Files and values.
        .parameterUnknown, .parameterRepeated, .expansionBroken, .maillogPostlog,
        .tableMissing, .tableStale, .tlsCertificate,
        // What runs.
        .chrootIncomplete, .activeQueuePressure, .queueFilesystemLow, .unitDisagrees,
    ]
}
