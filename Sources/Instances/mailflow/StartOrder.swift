// In which order instances start and stop: whoever takes mail in must have somewhere to hand it to.

/// The waves in which instances start; they stop in the reverse order.
package struct StartOrder: Hashable, Sendable {
    /// Indices of the snapshot's instances; those of one wave may start at the same time.
    package let waves: [[Int]]

    /// Puts sinks before sources.
    ///
    /// - Parameters:
    ///   - instances: The instances to order, in their registration order, which decides where
    ///     mail goes round in circles.
    ///   - flow: The ways of mail between them.
    package init(_ instances: [Int], _ flow: MailFlow) {
        var waiting = instances
        var waves: [[Int]] = []
        while !waiting.isEmpty {
            let blocked = Set(waiting)
            var wave = waiting.filter { flow.sinks(of: $0).isDisjoint(with: blocked) }
            // Everybody waits for somebody: the first one of the circle begins.
            if wave.isEmpty { wave = [waiting[0]] }
            waves.append(wave)
            waiting.removeAll(where: wave.contains)
        }
        self.waves = waves
    }
}
