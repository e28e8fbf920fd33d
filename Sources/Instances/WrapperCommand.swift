// How a postfix(1) command is carried out over several instances: postfix-wrapper(5).

package import Bytes

/// The words that a multi-instance manager must treat specially, from the primary's main.cf.
package struct CommandWords: Hashable, Sendable {
    package var start: [ByteString]
    package var stop: [ByteString]
    package var control: [ByteString]

    package init(start: [ByteString], stop: [ByteString], control: [ByteString]) {
        self.start = start
        self.stop = stop
        self.control = control
    }

    /// How instances are visited for a command.
    package func iteration(for word: ByteString) -> WrapperIteration {
        if start.contains(word) { return .init(isReversed: false, whenDisabled: .check) }
        if stop.contains(word) { return .init(isReversed: true, whenDisabled: .skip) }
        if control.contains(word) { return .init(isReversed: false, whenDisabled: .skip) }
        return .init(isReversed: false, whenDisabled: .run)
    }
}

/// The order of the instances, and what is done with those that are not enabled.
package struct WrapperIteration: Hashable, Sendable {
    package var isReversed: Bool
    package var whenDisabled: WhenDisabled

    /// What becomes of an instance that is not enabled.
    package enum WhenDisabled: Hashable, Sendable {
        /// The command runs all the same.
        case run
        /// "check" runs in place of the command's first word.
        case check
        /// The instance is left out, as if it did not exist.
        case skip
    }

    package init(isReversed: Bool, whenDisabled: WhenDisabled) {
        self.isReversed = isReversed
        self.whenDisabled = whenDisabled
    }
}
