// What an operator can set of each type of hook, as values. The hooks themselves are in hooks/.

/// One hook of a configuration.
package struct HookConfiguration: Equatable, Sendable {
    /// What the log and replies call it.
    package var name: String
    package var limits = HookLimits()
    package var kind: Kind

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// A type of hook, with what only that type has.
    package enum Kind: Equatable, Sendable {
        case header(HeaderSettings)
        case command(CommandSettings)
        case clamd(ClamdSettings)
        case spamd(SpamdSettings)
        case rspamd(RspamdSettings)
    }

    /// The types by their names in a configuration.
    package enum TypeName: String, CaseIterable, Sendable {
        case header, command, clamd, spamd, rspamd
    }
}

/// Header fields to add and to take out.
package struct HeaderSettings: Equatable, Sendable {
    /// The fields to put in front of messages, the last one on top.
    package var add: [FieldTemplate] = []
    /// The names of the fields to take out of what comes in.
    package var remove: [String] = []

    package init() {}
}

/// A program to run for each message.
package struct CommandSettings: Equatable, Sendable {
    /// The program's absolute path and its arguments.
    package var command: [String]
    package var lineEnds = LineEnds.crlf
    package var exitCodes = ExitCodes()
    /// More output than so many bytes is a failure.
    package var outputBytes = 65_536

    package init(command: [String]) { self.command = command }

    /// How the lines end that the program reads.
    package enum LineEnds: String, CaseIterable, Sendable {
        case crlf, lf
    }

    /// What the program's exit status means; all that are not named here are failures.
    package struct ExitCodes: Equatable, Sendable {
        package var pass = [0]
        /// EX_DATAERR, EX_UNAVAILABLE and EX_NOPERM of sysexits.h, as in Postfix's own filters.
        package var reject = [65, 69, 77]
        /// EX_TEMPFAIL.
        package var tempfail = [75]
        package var hold: [Int] = []
        package var discard: [Int] = []

        package init() {}
    }
}

/// What is done with a message that a service has found bad.
package enum FoundAction: String, CaseIterable, Equatable, Sendable {
    case reject, hold, discard
    /// It goes on with header fields that say what was found.
    case tag
}

/// The virus scanner of ClamAV.
package struct ClamdSettings: Equatable, Sendable {
    package var address = ServerAddress.path("/run/clamav/clamd.ctl")
    package var action = FoundAction.reject

    package init() {}
}

/// The daemon of SpamAssassin.
package struct SpamdSettings: Equatable, Sendable {
    package var address = ServerAddress.host("127.0.0.1", port: 783)
    /// Whose preferences count; nil leaves that to the daemon.
    package var user: String?
    /// From this score on, what is done; nil is never.
    package var rejectScore: Double?
    package var holdScore: Double?
    package var discardScore: Double?
    /// Whether messages get header fields that tell score and tests.
    package var tags = true

    package init() {}
}

/// The rspamd filter.
package struct RspamdSettings: Equatable, Sendable {
    /// Its normal worker, not the controller or the proxy.
    package var address = ServerAddress.host("127.0.0.1", port: 11_333)
    package var password: String?
    /// What is done where rspamd says reject.
    package var action = FoundAction.reject
    /// Whether its changes of header fields are made.
    package var tags = true

    package init() {}
}
