// Why the program cannot start, and with which exit status it says so.

import Bytes
import HostAccess

/// A start that failed.
struct StartFailure: Error {
    /// The lines to say, each naming the place and the mend.
    let messages: [String]
    /// The exit status, in the habit of sysexits(3).
    let status: Int32

    static func badConfiguration(_ messages: [String]) -> StartFailure {
        StartFailure(messages: messages, status: 78)
    }

    /// The file cannot be read at all, so that there is no line to name.
    static func unreadableConfiguration(_ error: FileError) -> StartFailure {
        let mend =
            switch error {
            case .system(_, _, .notFound): "write it, or name another file with --config"
            case .system(_, _, .accessDenied): "let the user read it that this filter runs as"
            default: "name a file with --config that can be read"
            }
        return badConfiguration(["\(error.sentence.text); \(mend)"])
    }

    static func notPermitted(_ message: String) -> StartFailure {
        StartFailure(messages: [message], status: 77)
    }

    static func unavailable(_ message: String) -> StartFailure {
        StartFailure(messages: [message], status: 69)
    }
}
