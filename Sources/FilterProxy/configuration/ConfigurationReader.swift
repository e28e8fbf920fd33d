// Reads a configuration from TOML.

import TOMLKit

/// Reads configurations.
package enum ConfigurationReader {
    /// Reads the text of a configuration.
    package static func read(_ text: String) throws(ConfigurationFault) -> FilterConfiguration {
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch {
            throw ConfigurationFault(message: "\(error)")
        }
        guard let listen = table["listen"]?.string.flatMap({ NextHopAddress($0) }),
            let nextHop = table["next_hop"]?.string.flatMap({ NextHopAddress($0) })
        else { throw ConfigurationFault(message: "listen and next_hop are required") }
        return FilterConfiguration(listen: [listen], nextHop: nextHop)
    }
}

/// What is wrong with a configuration.
package struct ConfigurationFault: Error, Equatable, Sendable {
    /// One line that names the place and the mend.
    package let message: String
}
