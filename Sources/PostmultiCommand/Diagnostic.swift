// One thing to say to the operator, with its severity and its origin.

import Bytes
import HostAccess

/// A message in Postfix's manner: "postmulti: fatal: No matching instances".
struct Diagnostic: Hashable {
    var severity: LogSeverity
    var text: ByteString
    var origin: Origin = .program

    /// Which of the two stock programs would have said it, which decides the tag.
    enum Origin: Hashable {
        case program
        case script
    }

    static func fatal(_ text: ByteString, origin: Origin = .program) -> Diagnostic {
        Diagnostic(severity: .fatal, text: text, origin: origin)
    }

    static func error(_ text: ByteString) -> Diagnostic {
        Diagnostic(severity: .error, text: text)
    }

    static func warning(_ text: ByteString, origin: Origin = .program) -> Diagnostic {
        Diagnostic(severity: .warning, text: text, origin: origin)
    }
}

/// A failure that ends the program with exit status 1 after it was said.
struct Fatal: Error {
    /// What there is to say, the fatal one last.
    let diagnostics: [Diagnostic]

    init(_ text: ByteString) { diagnostics = [.fatal(text)] }

    init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
