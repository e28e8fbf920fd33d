// Why there can be no rehearsal.

package import Bytes
package import HostAccess

/// Why a rehearsal as a whole did not come about.
package enum RehearsalFailure: Error, Hashable, Sendable {
    /// The tree that it lives in could not be made.
    case stage(ByteString)
    /// A program of the system did not do what it has to.
    case program(ByteString, said: ByteString)
    case notRun(ProcessError)
    /// A socket of the outside could not be made.
    case socket(ByteString, SystemError)
    /// What was to be rehearsed could not be done.
    case change(ByteString)

    /// The failure as a sentence fragment.
    package var sentence: ByteString {
        switch self {
        case .stage(let reason): "no copy of the host can be made: \(reason)"
        case .program(let line, let said): said.isEmpty ? "\(line): failed" : "\(line): \(said)"
        case .notRun(let error): error.sentence
        case .socket(let place, let error): "\(place): \(error.text)"
        case .change(let reason): reason
        }
    }

    /// What mends it: the package of a program that is missing.
    package var hint: ByteString? {
        guard case .notRun(.cannotStart(let program, .notFound)) = self else { return nil }
        switch program {
        case "ip": return "apt-get install iproute2"
        case "mount": return "apt-get install mount"
        case "unshare": return "apt-get install util-linux"
        default: return nil
        }
    }
}
