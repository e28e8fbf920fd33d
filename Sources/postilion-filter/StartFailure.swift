// Why the program cannot start, and with which exit status it says so.

/// A start that failed.
struct StartFailure: Error {
    /// The lines to say, each naming the place and the mend.
    let messages: [String]
    /// The exit status, in the habit of sysexits(3).
    let status: Int32

    static func badConfiguration(_ messages: [String]) -> StartFailure {
        StartFailure(messages: messages, status: 78)
    }

    static func notPermitted(_ message: String) -> StartFailure {
        StartFailure(messages: [message], status: 77)
    }

    static func unavailable(_ message: String) -> StartFailure {
        StartFailure(messages: [message], status: 69)
    }
}
