// Which instance a line of the mail log is from, by the names under which its services log.

package import Bytes
package import PostfixFormats

/// The names under which the instances of a host log, and whose they are.
package struct LogNames: Sendable {
    /// The configuration directories of those that log by a name.
    private var owners: [ByteString: Set<ByteString>] = [:]
    /// The last master.cf, and its services with a name of their own: many instances have the same.
    private var last: (text: ByteString, services: [MasterService]) = ("", [])

    package init() {}

    /// Adds the names of an instance: syslog_name of main.cf, and those of single services.
    package mutating func add(_ parameters: ParameterView, _ services: MasterCF?) {
        // What cannot be expanded is a name of nobody; Postfix dies of it.
        if let name = try? parameters.value(of: "syslog_name") {
            owners[name, default: []].insert(parameters.configDirectory)
        }
        guard let services else { return }
        if services.text != last.text {
            last = (services.text, services.entries.map(\.service).filter(\.setsLogName))
        }
        for service in last.services {
            let view = ServiceParameters(service: service, main: parameters)
            guard let raw = view.unexpandedValue(of: "syslog_name"),
                let name = try? ParameterExpansion.expand(raw, in: view)
            else { continue }
            owners[name, default: []].insert(parameters.configDirectory)
        }
    }

    /// The instances that a line may be from: those with the longest name that it begins with.
    package func owners(of line: LogLine) -> Set<ByteString> {
        line.names.lazy.compactMap { owners[$0] }.first ?? []
    }
}

extension MasterService {
    fileprivate var setsLogName: Bool { parameters.contains { $0.name == "syslog_name" } }
}
