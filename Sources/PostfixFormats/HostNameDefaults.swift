// The defaults of myhostname and mydomain, which Postfix computes from each other and main.cf.
//
// `postconf -d` shows what they are for an empty main.cf; with a main.cf that sets one of them, or
// makes the other depend on it, they differ. Other computed defaults, as that of mynetworks, need
// the host's network and are not known here.

package import Bytes

/// The defaults of `myhostname` and `mydomain` for one main.cf on one host.
package struct HostNameDefaults: ParameterSource {
    private let main: MainCF
    private let hostName: ByteString

    /// Takes the main.cf and the host's name as gethostname(2) gives it.
    package init(_ main: MainCF, hostName: ByteString) {
        self.main = main
        self.hostName = hostName
    }

    package func unexpandedValue(of name: ByteString) -> ByteString? {
        switch name {
        case "myhostname": myhostname
        case "mydomain": mydomain
        default: nil
        }
    }

    private var myhostname: ByteString {
        if hostName.contains(dot) { return hostName }
        return "\(hostName).\(setting("mydomain") ?? fallbackDomain)"
    }

    private var mydomain: ByteString {
        let host = setting("myhostname") ?? myhostname
        guard let start = host.bytes.firstIndex(of: dot) else { return fallbackDomain }
        return host.dropFirst(start + 1)
    }

    /// What main.cf says, expanded as far as main.cf goes, without defaults.
    private func setting(_ name: ByteString) -> ByteString? {
        guard let text = main.value(of: name) else { return nil }
        // Postfix dies of an error here; so will whoever expands the parameter itself.
        return try? ParameterExpansion.expand(text, in: main)
    }
}

private let dot = UInt8(ascii: ".")
/// Compiled into all releases; `postconf -d` shows it only where the host's name has no dot.
private let fallbackDomain: ByteString = "localdomain"
