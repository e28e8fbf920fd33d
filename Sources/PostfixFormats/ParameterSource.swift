// Where the expansion of `$name` looks values up.

package import Bytes

/// Something that knows parameters by name: a main.cf, the defaults, or both in layers.
package protocol ParameterSource {
    /// The value as written, `$name` and all; nil if there is no such parameter.
    func unexpandedValue(of name: ByteString) -> ByteString?
}

extension MainCF: ParameterSource {
    package func unexpandedValue(of name: ByteString) -> ByteString? { value(of: name) }
}

/// Two sources of which the first takes precedence, as main.cf does over the defaults.
package struct LayeredParameters<Upper: ParameterSource, Lower: ParameterSource>: ParameterSource {
    private let upper: Upper
    private let lower: Lower

    /// Puts one source over another.
    package init(_ upper: Upper, over lower: Lower) {
        self.upper = upper
        self.lower = lower
    }

    package func unexpandedValue(of name: ByteString) -> ByteString? {
        upper.unexpandedValue(of: name) ?? lower.unexpandedValue(of: name)
    }
}
