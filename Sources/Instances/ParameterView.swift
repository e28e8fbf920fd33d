// One instance's parameters as its Postfix programs see them: main.cf over the built-in defaults.

package import Bytes
package import PostfixFormats

/// The parameters of one instance, main.cf first, then the defaults of the installed Postfix.
package struct ParameterView: ParameterSource {
    package let mainCF: MainCF
    package let configDirectory: ByteString
    private let defaults: ParameterDefaults

    package init(mainCF: MainCF, configDirectory: ByteString, defaults: ParameterDefaults) {
        self.mainCF = mainCF
        self.configDirectory = configDirectory
        self.defaults = defaults
    }

    package func unexpandedValue(of name: ByteString) -> ByteString? {
        // Postfix programs set this one from where they read main.cf, whatever main.cf says.
        if name == "config_directory" { return configDirectory }
        return mainCF.value(of: name) ?? defaults.unexpandedValue(of: name)
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
}
