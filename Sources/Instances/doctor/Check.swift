// One check of the doctor: what it is called, why it matters, and the function that looks.
//
// Each check is a file of its own in checks/; it must not look at anything but the snapshot, and
// must be silent about what cannot be known from it.

package import Bytes

/// A check of a host's instances.
package struct Check: Sendable {
    /// Stable: people put it into scripts.
    package let id: ByteString
    /// What is wrong when it finds something, in a few words.
    package let title: ByteString
    /// How bad its findings are, as a rule.
    package let severity: Finding.Severity
    /// The manual that has more.
    package let reference: ByteString
    /// Why it is a mistake.
    package let why: ByteString
    /// What the mistake looks like.
    package let example: ByteString
    /// How to mend it.
    package let mend: ByteString
    private let look: @Sendable (Snapshot, MailFlow) -> [Sighting]

    init(
        id: ByteString, title: ByteString, severity: Finding.Severity, reference: ByteString,
        why: ByteString, example: ByteString, mend: ByteString,
        look: @escaping @Sendable (Snapshot) -> [Sighting]
    ) {
        self.init(
            id: id, title: title, severity: severity, reference: reference, why: why,
            example: example, mend: mend, follow: { snapshot, _ in look(snapshot) })
    }

    /// A check that asks where mail goes as well.
    init(
        id: ByteString, title: ByteString, severity: Finding.Severity, reference: ByteString,
        why: ByteString, example: ByteString, mend: ByteString,
        follow: @escaping @Sendable (Snapshot, MailFlow) -> [Sighting]
    ) {
        self.id = id
        self.title = title
        self.severity = severity
        self.reference = reference
        self.why = why
        self.example = example
        self.mend = mend
        look = follow
    }

    /// What is wrong in the snapshot, in no particular order.
    func findings(
        in snapshot: Snapshot, _ flow: MailFlow, positions: [ByteString: Int]
    ) -> [Finding] {
        look(snapshot, flow).map { sighting in
            let places = sighting.directories.compactMap { positions[$0] }.sorted()
            return Finding(
                id: id, severity: sighting.severity ?? severity,
                instances: places.map { snapshot.instances[$0].member.displayName },
                place: sighting.place, message: sighting.message, mend: sighting.mend,
                reference: reference, positions: places)
        }
    }
}
