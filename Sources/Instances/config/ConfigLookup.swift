// What parameters and services are set to, and where: for get and origin.

package import Bytes
import PostfixFormats

/// A name with its value in one instance.
package struct ConfigValue: Hashable, Sendable {
    package var name: ByteString
    package var value: ByteString
    package var origin: Origin

    package init(name: ByteString, value: ByteString, origin: Origin) {
        self.name = name
        self.value = value
        self.origin = origin
    }

    /// Where a value comes from.
    package enum Origin: Hashable, Sendable {
        /// A line of a file, counted from 1.
        case file(path: ByteString, line: Int)
        /// Nothing sets it: it is Postfix's own.
        case builtIn
    }
}

/// Why a name has no value.
package enum ConfigLookupFailure: Error, Hashable, Sendable {
    /// Postfix has no such parameter, and main.cf neither.
    case unknownParameter(similar: [ByteString])
    case noSuchService(similar: [ByteString])
    /// The service has no such setting of its own.
    case notSetForService
    case masterCFUnreadable(reason: ByteString)
    case badExpansion(problem: ByteString)
}

extension ConfiguredInstance {
    /// The values of all names that main.cf sets, in the order of the names.
    package var setNames: [ByteString] {
        Set(parameters.mainCF.entries.map(\.name)).sorted()
    }

    /// The values that a name stands for: one of main.cf, or one of each service that is meant.
    ///
    /// - Parameter isExpanded: References to other parameters are replaced by their values.
    package func values(
        of name: ConfigName, isExpanded: Bool
    ) throws(ConfigLookupFailure) -> [ConfigValue] {
        switch name {
        case .parameter(let name): return [try value(of: name, isExpanded: isExpanded)]
        case .field(let pattern, let field):
            return try services(pattern).map { entry in
                ConfigValue(
                    name: label(entry, field.name),
                    value: field == .command ? entry.service.commandLine : entry.service[field],
                    origin: .file(path: masterPath, line: entry.firstLine))
            }
        case .option(let pattern, let name):
            var values: [ConfigValue] = []
            for entry in try services(pattern) {
                // The last one counts, as when the daemon reads its arguments.
                guard let setting = entry.service.parameters.last(where: { $0.name == name })
                else { continue }
                values.append(
                    ConfigValue(
                        name: label(entry, name),
                        value: isExpanded
                            ? try expanded(setting.value, in: entry.service) : setting.value,
                        origin: .file(path: masterPath, line: entry.firstLine)))
            }
            if values.isEmpty { throw .notSetForService }
            return values
        }
    }

    /// The places where services have a value of their own for a parameter of main.cf.
    package func overrides(of name: ByteString) -> [ConfigValue] {
        (masterCF.value?.entries ?? []).compactMap { entry in
            entry.service.parameters.last { $0.name == name }.map { setting in
                ConfigValue(
                    name: label(entry, name), value: setting.value,
                    origin: .file(path: masterPath, line: entry.firstLine))
            }
        }
    }

    /// The lines of main.cf that set the parameter in vain, because a later one does, too.
    package func overruled(_ name: ByteString) -> [ConfigValue] {
        parameters.mainCF.entries.filter { $0.name == name }.dropLast().map { entry in
            ConfigValue(
                name: name, value: entry.value,
                origin: .file(path: mainPath, line: entry.firstLine))
        }
    }

    private func value(
        of name: ByteString, isExpanded: Bool
    ) throws(ConfigLookupFailure) -> ConfigValue {
        guard let raw = parameters.unexpandedValue(of: name) else {
            throw .unknownParameter(
                similar: nearMisses(of: name, among: parameters.defaultNames + setNames))
        }
        let origin = parameters.mainCF.entry(of: name).map { entry in
            ConfigValue.Origin.file(path: mainPath, line: entry.firstLine)
        }
        let isLeft = !isExpanded || Self.namesOfTemplates.contains(name)
        return ConfigValue(
            name: name, value: isLeft ? raw : try expanded(raw, in: nil),
            origin: origin ?? .builtIn)
    }

    /// Parameters in which "$" stands for facts about a message, or for itself: Postfix expands
    /// them only when it uses them, and postconf(1) never.
    private static let namesOfTemplates: Set<ByteString> = [
        "command_execution_directory", "default_rbl_reply", "forward_path", "luser_relay",
        "mailbox_command", "postscreen_expansion_filter", "postscreen_reject_footer",
        "smtpd_expansion_filter", "smtpd_reject_footer",
    ]

    private func expanded(
        _ value: ByteString, in service: MasterService?
    ) throws(ConfigLookupFailure) -> ByteString {
        do {
            guard let service else {
                return try ParameterExpansion.expand(value, in: parameters)
            }
            let layers = LayeredParameters(ServiceSettings(service), over: parameters)
            return try ParameterExpansion.expand(value, in: layers)
        } catch {
            throw .badExpansion(problem: error.problems.first?.wording ?? "")
        }
    }

    private func services(
        _ pattern: ServicePattern
    ) throws(ConfigLookupFailure) -> [MasterCF.Entry] {
        guard let services = masterCF.value else {
            throw .masterCFUnreadable(reason: masterCF.reason ?? "")
        }
        let entries = services.entries.filter { entry in
            pattern.matches(entry.service[.service], entry.service[.type])
        }
        if !entries.isEmpty { return entries }
        let names = services.entries.map { label($0, nil) }
        throw .noSuchService(
            similar: nearMisses(of: "\(pattern.name)/\(pattern.type)", among: names))
    }

    private func label(_ entry: MasterCF.Entry, _ detail: ByteString?) -> ByteString {
        let service = entry.service.label
        return detail.map { "\(service)/\($0)" } ?? service
    }
}

/// The `-o` settings of one service.
private struct ServiceSettings: ParameterSource {
    private let settings: [ByteString: ByteString]

    init(_ service: MasterService) {
        var settings: [ByteString: ByteString] = [:]
        for (name, value) in service.parameters { settings[name] = value }
        self.settings = settings
    }

    func unexpandedValue(of name: ByteString) -> ByteString? { settings[name] }
}
