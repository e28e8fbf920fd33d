// One instance's parameters as its Postfix programs see them: main.cf over the built-in defaults.

package import Bytes
package import PostfixFormats

/// The parameters of one instance, main.cf first, then the defaults of the installed Postfix.
package struct ParameterView: ParameterSource {
    package let mainCF: MainCF
    package let configDirectory: ByteString
    private let defaults: ParameterDefaults
    private let hostName: ByteString

    /// - Parameters:
    ///   - mainCF: The instance's main.cf.
    ///   - configDirectory: Where it was read from.
    ///   - defaults: The built-in defaults of the installed Postfix.
    ///   - hostName: The host's name, from which some defaults are computed.
    package init(
        mainCF: MainCF, configDirectory: ByteString, defaults: ParameterDefaults,
        hostName: ByteString
    ) {
        self.mainCF = mainCF
        self.configDirectory = configDirectory
        self.defaults = defaults
        self.hostName = hostName
    }

    /// The same instance with another main.cf.
    package func with(_ mainCF: MainCF) -> ParameterView {
        ParameterView(
            mainCF: mainCF, configDirectory: configDirectory, defaults: defaults,
            hostName: hostName)
    }

    package func unexpandedValue(of name: ByteString) -> ByteString? {
        if let value = mainCF.value(of: name) { return value }
        switch name {
        case "config_directory": return configDirectory
        case "myhostname", "mydomain":
            // These two depend on each other and on main.cf.
            return HostNameDefaults(mainCF, hostName: hostName).unexpandedValue(of: name)
        default: return defaults.unexpandedValue(of: name)
        }
    }

    /// The fully expanded value, as `postconf -x` prints it; empty if nothing defines it.
    package func value(of name: ByteString) throws(ExpansionError) -> ByteString {
        guard let raw = unexpandedValue(of: name) else { return "" }
        guard raw.contains(0x24) else { return raw }
        return try ParameterExpansion.expand(raw, in: self)
    }

    /// The elements of a list parameter, separated by commas and white space.
    package func list(of name: ByteString) throws(ExpansionError) -> [ByteString] {
        ParameterList.split(try value(of: name))
    }

    /// True if the installed Postfix has a parameter of that name.
    package func hasDefault(_ name: ByteString) -> Bool {
        defaults.unexpandedValue(of: name) != nil
    }

    /// The names of all parameters of the installed Postfix.
    package var defaultNames: [ByteString] { defaults.names }

    /// True if the default of some parameter refers to the name, as those of renamed ones do.
    package func defaultsRefer(to name: ByteString) -> Bool { defaults.refer(to: name) }
}
