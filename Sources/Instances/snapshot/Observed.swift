// A fact that could be seen, or the reason why not.

package import Bytes

/// A fact about the host, or why it is not known: not permitted, not there, not readable.
package enum Observed<Value: Sendable>: Sendable {
    case known(Value)
    case unknown(reason: ByteString)

    /// The fact, or nil if it is not known.
    package var value: Value? {
        if case .known(let value) = self { value } else { nil }
    }

    /// Why the fact is not known, or nil if it is.
    package var reason: ByteString? {
        if case .unknown(let reason) = self { reason } else { nil }
    }
}

extension Observed: Equatable where Value: Equatable {}
extension Observed: Hashable where Value: Hashable {}
