// How the tests of configurations ask the reader.

@testable import FilterProxy

/// Both bothAddresses that every configuration must have.
let bothAddresses = "listen = \"127.0.0.1:10025\"\nnext_hop = \"127.0.0.1:10026\"\n"

func readConfiguration(_ text: String) throws(ConfigurationFault) -> FilterConfiguration {
    try ConfigurationReader.read(file: "f", text: text)
}

/// What the reader says of a text, without the name of the file.
func faults(_ text: String) -> [String] {
    do {
        _ = try readConfiguration(text)
        return []
    } catch {
        return error.messages.map { String($0.dropFirst(2)) }
    }
}
