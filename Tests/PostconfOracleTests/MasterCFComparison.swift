// Asks postconf(1) and our reader and edits of master.cf the same questions.

import Bytes
import PostfixFormats
import TestSupport

/// Asks postconf and us the same things about one file.
struct MasterCFComparison {
    let postconf: Postconf
    let scratch: Scratch
    let edits: [[ByteString]]

    init(postconf: Postconf, edits: [[ByteString]]) throws {
        self.postconf = postconf
        self.edits = edits
        scratch = try Scratch()
        try scratch.write("", as: "main.cf")
    }

    /// The first thing in which we and postconf differ, in words; nil if there is none.
    func difference(on file: ByteString) throws -> String? {
        try scratch.write(file, as: "master.cf")
        let master = MasterCF(file)
        let answer = try postconf.ask(scratch, ["-M"])
        let theirs = answer.messages.filter {
            $0.hasPrefix("fatal: ") || $0.hasPrefix("warning: master.cf: ")
                || $0.text.contains("must not start with whitespace")
        }
        let ours = messages(of: master)
        if ours != theirs { return describe("problems", ours, theirs) }
        if answer.status == .exited(0) {
            let unfolded = master.entries.map { $0.service.formatted(folded: false) }
            if let found = compare("-M", unfolded, answer) { return found }
            let rest: [(ByteString, [ByteString])] = [
                ("-Mf", master.entries.map { $0.service.formatted(folded: true) }),
                ("-F", fieldLines(of: master)), ("-P", parameterLines(of: master)),
            ]
            for (option, ours) in rest {
                let answer = try postconf.ask(scratch, [option])
                if let found = compare(option.text, ours, answer) { return found }
            }
        }
        for edit in edits {
            let ours = edited(master, edit)?.text
            let theirs = try postconf.edit(file, as: "master.cf", in: scratch, edit)
            if ours != theirs {
                let title = edit.map { String(reflecting: $0.text) }.joined(separator: " ")
                return describe(title, ours?.lines ?? ["refused"], theirs?.lines ?? ["refused"])
            }
        }
        return nil
    }

    private func messages(of master: MasterCF) -> [ByteString] {
        let path: ByteString = "\(scratch.path)/master.cf"
        var messages: [ByteString] = []
        for problem in master.problems {
            messages.append(problem.wording(path: path).asMessage)
            if problem.isFatal { return messages }
        }
        return messages
    }

    private func compare(_ title: String, _ ours: [ByteString], _ answer: Answer) -> String? {
        let ours = ours.reduce("", +)
        return ours == answer.output ? nil : describe(title, ours.lines, answer.output.lines)
    }

    private func fieldLines(of master: MasterCF) -> [ByteString] {
        master.entries.flatMap { entry in
            MasterService.Field.allCases.map { field in
                let service = entry.service
                let value = field == .command ? service.commandLine : service[field]
                return "\(service[.service])/\(service[.type])/\(field.name) = \(value)\n"
            }
        }
    }

    /// Services of the same name and type share their parameters, as far as -P goes, from the first
    /// on that has some.
    private func parameterLines(of master: MasterCF) -> [ByteString] {
        var parameters: [ByteString: [ByteString: ByteString]] = [:]
        func key(_ service: MasterService) -> ByteString {
            "\(service[.service])/\(service[.type])"
        }
        for entry in master.entries {
            for (name, value) in entry.service.parameters {
                parameters[key(entry.service), default: [:]][name] = value
            }
        }
        var seen = Set<ByteString>()
        return master.entries.flatMap { entry in
            let key = key(entry.service)
            if !entry.service.parameters.isEmpty { seen.insert(key) }
            if !seen.contains(key) { return [] as [ByteString] }
            return (parameters[key] ?? [:]).sorted { $0.key < $1.key }.map { name, value in
                ("\(key)/\(name) = \(value)" as ByteString).withSingleBlanks + "\n"
            }
        }
    }

    /// Our edit for the same arguments; nil if we refuse.
    private func edited(_ master: MasterCF, _ edit: [ByteString]) -> MasterCF? {
        let arguments = edit.dropFirst(2)
        do {
            switch edit[0] {
            case "-M#": return try master.commentingOut(arguments.map(pattern))
            case "-MX": return try master.removing(arguments.map(pattern))
            case "-Me":
                return try master.setting(
                    arguments.map { argument in
                        let pair = try MainCF.Assignment(argument: argument)
                        return (try pattern(pair.name), try MasterService(pair.value))
                    })
            default: return try master.changing(arguments.map { try change($0, edit[0]) })
            }
        } catch {
            return nil
        }
    }

    private struct Refused: Error {}

    private func pattern(_ argument: ByteString) throws -> ServicePattern {
        guard let pattern = ServicePattern(argument) else { throw Refused() }
        return pattern
    }

    private func change(
        _ argument: ByteString, _ options: ByteString
    ) throws -> (ServicePattern, MasterCF.ServiceChange) {
        if options == "-PX" {
            guard let parts = ServicePattern.withDetail(argument) else { throw Refused() }
            return (parts.pattern, .removeParameter(parts.detail))
        }
        let pair = try MainCF.Assignment(argument: argument)
        guard let parts = ServicePattern.withDetail(pair.name) else { throw Refused() }
        if options == "-Pe" {
            return (parts.pattern, .setParameter(parts.detail, to: pair.value))
        }
        guard let field = MasterService.Field(name: parts.detail) else { throw Refused() }
        // postconf refuses this without looking at the file, we when it comes to the service.
        if field != .command && pair.value.contains(0x20) { throw Refused() }
        return (parts.pattern, .setField(field, to: pair.value))
    }
}
