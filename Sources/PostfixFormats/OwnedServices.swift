// Services of master.cf that belong to somebody: a comment above each says so, and why.
//
// What a service must be is said in part only: fields that nobody asks for stay as they are.

package import Bytes

/// A service that is to be in master.cf, and why.
package struct OwnedService: Hashable, Sendable {
    package var name: ByteString
    package var type: ByteString
    /// The fields that are asked for, the command without its arguments among them; master(5)'s
    /// defaults for others of a new service.
    package var fields: [MasterService.Field: ByteString]
    /// The parameters that its command gets with -o; nil leaves its arguments alone.
    package var options: [MainCF.Assignment]?
    package var reason: ByteString?

    package init(
        _ name: ByteString, _ type: ByteString, fields: [MasterService.Field: ByteString],
        options: [MainCF.Assignment]? = nil, reason: ByteString? = nil
    ) {
        self.name = name
        self.type = type
        self.fields = fields
        self.options = options
        self.reason = reason
    }

    /// What tells it from others.
    package var pattern: ServicePattern { ServicePattern(name, type) }
}

extension MasterCF {
    /// The services that have the mark.
    package var ownedServices: [ServicePattern] {
        let lines = text.physicalLines
        return entries.compactMap { entry in
            guard entry.firstLine >= 2, OwnershipMark.isMark(lines[entry.firstLine - 2]) else {
                return nil
            }
            return ServicePattern(entry.service[.service], entry.service[.type])
        }
    }

    /// The file with exactly these services owned, and some that stand there commented out.
    ///
    /// New services come to the end, in the order given. What is owned and not
    /// wanted any more goes.
    package func owning(
        _ services: [OwnedService], without unwanted: [ServicePattern]
    ) throws(EditFault) -> MasterCF {
        let gone = ownedServices.filter { pattern in
            !services.contains { $0.pattern == pattern }
        }
        var result = removingWithMarks(gone)
        let present = unwanted.filter { result.service($0.name, $0.type) != nil }
        if !present.isEmpty { result = try result.commentingOut(present) }
        for service in services {
            result = try result.owning(service)
        }
        return result
    }

    private func owning(_ wanted: OwnedService) throws(EditFault) -> MasterCF {
        let found = entries.first {
            $0.service[.service] == wanted.name && $0.service[.type] == wanted.type
        }
        guard let found else { return try appending(wanted) }
        do throws(MasterServiceFault) {
            let service = try wanted.applied(to: found.service)
            let new = service.formatted(folded: true)
            if new == found.service.formatted(folded: true) { return self }
            return replacing(found, by: try formatted(service).bytes)
        } catch {
            throw .service(line: found.firstLine, error)
        }
    }

    private func removingWithMarks(_ patterns: [ServicePattern]) -> MasterCF {
        var result = self
        // From the end, so that the lines of the others stay where they are.
        for entry in entries.reversed() {
            let isMeant = patterns.contains {
                $0.matches(entry.service[.service], entry.service[.type])
            }
            if isMeant { result = result.replacing(entry, by: [], withMark: true) }
        }
        return result
    }

    /// Puts text in the place of a service's lines; comments between them come behind it, and all
    /// others stay where they are, because the next service's mark may be among them.
    private func replacing(
        _ entry: Entry, by new: [UInt8], withMark: Bool = false
    ) -> MasterCF {
        var lines = text.physicalLines
        let range = (entry.firstLine - 1)...(entry.lastLine - 1)
        let comments = lines[range].filter { line in
            let content = line.drop { $0.isSpace }
            return content.first.map { $0 == UInt8(ascii: "#") } ?? true
        }
        lines.replaceSubrange(range, with: [new[...]] + comments)
        if withMark, entry.firstLine >= 2, OwnershipMark.isMark(lines[entry.firstLine - 2]) {
            lines.remove(at: entry.firstLine - 2)
        }
        return MasterCF(ByteString(Array(lines.joined())))
    }

    private func appending(_ service: OwnedService) throws(EditFault) -> MasterCF {
        let line = entries.last?.lastLine ?? 1
        do throws(MasterServiceFault) {
            let defaults: ByteString =
                "\(service.name) \(service.type) - - - - - \(service.fields[.command] ?? "?")"
            var new = try MasterService(defaults)
            for field in MasterService.Field.allCases {
                if let value = service.fields[field] { try new.set(field, to: value) }
            }
            for option in service.options ?? [] {
                new.setParameter(option.name, to: option.value)
            }
            let mark = OwnershipMark(reason: service.reason).line
            var text = ByteString(Array(text.physicalLines.joined()))
            text += "\(mark)\n\(try formatted(new))"
            return MasterCF(text)
        } catch {
            throw .service(line: line, error)
        }
    }

    private func formatted(_ service: MasterService) throws(MasterServiceFault) -> ByteString {
        let text = service.formatted(folded: true)
        guard service.isWritable else {
            throw .invalid(field: .command, value: service.commandLine, text: text)
        }
        return text.hasSuffix("\n") ? text : text + "\n"
    }
}

extension OwnedService {
    /// A service made what it is to be.
    fileprivate func applied(
        to old: MasterService
    ) throws(MasterServiceFault) -> MasterService {
        var service = old
        for field in MasterService.Field.allCases where field != .command {
            if let value = fields[field] { try service.set(field, to: value) }
        }
        if let command = fields[.command] {
            // With arguments it says all that is run; without, those that are there may stay.
            let isWhole = command.contains(UInt8(ascii: " "))
            if isWhole || service[.command] != command { try service.set(.command, to: command) }
        }
        if let options {
            let wanted = Set(options.map(\.name))
            for (name, _) in service.parameters where !wanted.contains(name) {
                service.removeParameter(name)
            }
            for option in options { service.setParameter(option.name, to: option.value) }
        }
        return service
    }
}
