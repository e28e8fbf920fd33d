// What differs in meaning between the configurations of two instances: neither the order of lines
// and services, nor how a value is written, nor whether a default is spelt out.

package import Bytes
import PostfixFormats

/// A name that means something else in two instances.
package struct ConfigDifference: Hashable, Sendable {
    package var name: ByteString
    /// The value as written, or nil if there is no such service or setting.
    package var left: ByteString?
    package var right: ByteString?

    package init(name: ByteString, left: ByteString?, right: ByteString?) {
        self.name = name
        self.left = left
        self.right = right
    }
}

extension ConfiguredInstance {
    /// What differs from another instance: parameters by name, then services in order.
    package func differences(from other: ConfiguredInstance) -> [ConfigDifference] {
        let names = Set(setNames).union(other.setNames).sorted()
        return names.compactMap { parameterDifference($0, other) } + serviceDifferences(other)
    }

    private func parameterDifference(
        _ name: ByteString, _ other: ConfiguredInstance
    ) -> ConfigDifference? {
        let left = parameters.unexpandedValue(of: name)
        let right = other.parameters.unexpandedValue(of: name)
        if let left, let right {
            if left.meaning == right.meaning { return nil }
            // A value that cannot be expanded is compared as it is written.
            let isSame =
                ((try? parameters.value(of: name)) ?? left).meaning
                == ((try? other.parameters.value(of: name)) ?? right).meaning
            if isSame { return nil }
        }
        return ConfigDifference(name: name, left: left, right: right)
    }

    private func serviceDifferences(_ other: ConfiguredInstance) -> [ConfigDifference] {
        let (left, right) = (servicesByName, other.servicesByName)
        let names = left.order + right.order.filter { left.services[$0] == nil }
        return names.flatMap { name -> [ConfigDifference] in
            guard let ours = left.services[name], let theirs = right.services[name] else {
                return [
                    ConfigDifference(
                        name: name, left: left.services[name]?.formatted(folded: false),
                        right: right.services[name]?.formatted(folded: false))
                ]
            }
            return ours.differences(from: theirs).map { difference in
                var named = difference
                named.name = "\(name)/\(difference.name)"
                return named
            }
        }
    }

    /// The services by "name/type"; of several with one name Postfix takes the first.
    private var servicesByName: (order: [ByteString], services: [ByteString: MasterService]) {
        var order: [ByteString] = []
        var services: [ByteString: MasterService] = [:]
        for entry in masterCF.value?.entries ?? [] {
            let name = entry.service.label
            if services[name] != nil { continue }
            order.append(name)
            services[name] = entry.service
        }
        return (order, services)
    }
}

extension MasterService {
    fileprivate func differences(from other: MasterService) -> [ConfigDifference] {
        var differences: [ConfigDifference] = []
        func note(_ name: ByteString, _ left: ByteString?, _ right: ByteString?) {
            if left?.meaning != right?.meaning {
                differences.append(ConfigDifference(name: name, left: left, right: right))
            }
        }
        for field in Field.allCases where meaning(of: field) != other.meaning(of: field) {
            note(field.name, self[field], other[field])
        }
        let (left, right) = (settings, other.settings)
        for name in Set(left.keys).union(right.keys).sorted() {
            note(name, left[name], right[name])
        }
        let (ours, theirs) = (otherArguments, other.otherArguments)
        if ours != theirs { note("arguments", ours, theirs) }
        return differences
    }

    /// A field with the defaults of master(5) spelt out, as far as they are always the same.
    private func meaning(of field: Field) -> ByteString {
        switch (field, self[field]) {
        case (.private, "-"), (.unprivileged, "-"): "y"
        case (.wakeup, "-"): "0"
        default: self[field]
        }
    }

    private var settings: [ByteString: ByteString] {
        var settings: [ByteString: ByteString] = [:]
        for (name, value) in parameters { settings[name] = value }
        return settings
    }

    /// The arguments that are no settings.
    private var otherArguments: ByteString {
        var service = self
        for (name, _) in parameters { service.removeParameter(name) }
        return service.arguments.reduce("") { $0.isEmpty ? $1 : "\($0) \($1)" }
    }
}

extension ByteString {
    /// The text with each run of white space as one blank: nowhere in Postfix is that more.
    fileprivate var meaning: ByteString {
        split { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
            .reduce("") { $0.isEmpty ? $1 : "\($0) \($1)" }
    }
}
