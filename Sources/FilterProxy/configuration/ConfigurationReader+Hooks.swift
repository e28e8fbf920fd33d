// The hooks of a configuration: what all have, and what each type has.

import Bytes
import HostAccess
import TOMLReading

extension ConfigurationReader {
    /// All hooks in their order.
    func hooks() -> [HookConfiguration] {
        var hooks: [HookConfiguration] = []
        for table in top.tables("hook") {
            guard let hook = hook(table) else { continue }
            if hooks.contains(where: { $0.name == hook.name }) {
                table.complain(
                    "name", "another hook is called \"\(hook.name)\" too",
                    mend: "give each a name of its own")
            }
            hooks.append(hook)
        }
        return hooks
    }

    private func hook(_ table: TOMLTableReader) -> HookConfiguration? {
        guard let type = table.choice("type", of: HookConfiguration.TypeName.self) else {
            if !table.has("type") { table.complainMissing("type", example: "\"clamd\"") }
            // Without a type nobody knows which other keys it may have.
            table.acceptAllKeys()
            return nil
        }
        let name = name("name", of: table) ?? type.rawValue
        var hook = HookConfiguration(name: name, kind: kind(type, table))
        // Header fields need no look at the message, so they have no limits.
        guard type != .header else { return hook }
        // A day: longer than any message waits for a filter.
        if let timeout = table.seconds("timeout", in: 1...86_400) {
            hook.limits.timeoutSeconds = timeout
        }
        if let size = table.bytes("size_limit", in: 1...(1 << 40)) { hook.limits.sizeBytes = size }
        if let count = table.integer("concurrency", in: 1...10_000) {
            hook.limits.concurrency = count
        }
        if let policy = table.choice("on_failure", of: FailurePolicy.self) {
            hook.limits.onFailure = policy
        }
        return hook
    }

    private func kind(
        _ type: HookConfiguration.TypeName, _ table: TOMLTableReader
    ) -> HookConfiguration.Kind {
        switch type {
        case .header: .header(header(table))
        case .command: .command(command(table))
        case .clamd: .clamd(clamd(table))
        case .spamd: .spamd(spamd(table))
        case .rspamd: .rspamd(rspamd(table))
        }
    }

    // Header fields.

    private func header(_ table: TOMLTableReader) -> HeaderSettings {
        var settings = HeaderSettings()
        if table.boolean("trace") ?? false { settings.add.append(.trace) }
        for (index, line) in (table.strings("add") ?? []).enumerated() {
            do throws(FieldTemplate.Fault) {
                settings.add.append(try FieldTemplate(line: line))
            } catch {
                table.complain("add", at: index, error.words, mend: error.mend)
            }
        }
        for (index, name) in (table.strings("remove") ?? []).enumerated() {
            if HeaderField.isName(name) {
                settings.remove.append(name)
            } else {
                table.complain(
                    "remove", at: index, "\"\(name)\" is no name of a header field",
                    mend: "write the name alone, such as \"X-Mailer\"")
            }
        }
        let isIdle = settings == HeaderSettings()
        if isIdle, !table.has("add"), !table.has("remove") {
            table.complainMissing("add", example: "[\"X-Filtered: ${queue_id}\"]")
        }
        return settings
    }

    // A command.

    private func command(_ table: TOMLTableReader) -> CommandSettings {
        var settings = CommandSettings(command: program(table))
        if let ends = table.choice("line_ends", of: CommandSettings.LineEnds.self) {
            settings.lineEnds = ends
        }
        if let limit = table.bytes("output_limit", in: 0...(1 << 24)) {
            settings.outputBytes = limit
        }
        exitCodes(table.table("exit_codes"), &settings.exitCodes)
        return settings
    }

    private func program(_ table: TOMLTableReader) -> [String] {
        guard let words = table.strings("command") else {
            if !table.has("command") {
                table.complainMissing("command", example: "[\"/usr/local/libexec/my-filter\"]")
            }
            return ["/"]
        }
        guard let program = words.first else {
            table.complain("command", "is empty", mend: "write the program's path first")
            return ["/"]
        }
        if !program.hasPrefix("/") {
            table.complain(
                "command", at: 0, "\"\(program)\" is relative, and no shell looks for it",
                mend: "write a path that begins with /, each argument as a string of its own")
        } else if let files, !isProgram(program, files) {
            table.complain(
                "command", at: 0, "there is no program \(program)",
                mend: "install it, or make it executable: chmod +x")
        }
        return words
    }

    private func isProgram(_ path: String, _ files: any FileReading) -> Bool {
        // What cannot be looked at cannot be run either.
        guard let found = try? files.status(of: ByteString(path), followingLinks: true) else {
            return false
        }
        return found.kind == .regular && found.mode & 0o111 != 0
    }

    private func exitCodes(
        _ table: TOMLTableReader, _ codes: inout CommandSettings.ExitCodes
    ) {
        var meanings: [Int: String] = [:]
        func read(_ key: String, _ codes: inout [Int]) {
            codes = table.integers(key, in: 0...255) ?? codes
            for code in codes {
                if let other = meanings.updateValue(key, forKey: code) {
                    table.complain(
                        key, "exit code \(code) means \(other), too",
                        mend: "let each code mean one thing")
                }
            }
        }
        read("pass", &codes.pass)
        read("reject", &codes.reject)
        read("tempfail", &codes.tempfail)
        read("hold", &codes.hold)
        read("discard", &codes.discard)
    }

    // Services.

    private func clamd(_ table: TOMLTableReader) -> ClamdSettings {
        var settings = ClamdSettings()
        if let address = address("address", of: table) { settings.address = address }
        if let action = table.choice("action", of: FoundAction.self) { settings.action = action }
        return settings
    }

    private func spamd(_ table: TOMLTableReader) -> SpamdSettings {
        var settings = SpamdSettings()
        if let address = address("address", of: table) { settings.address = address }
        settings.user = name("user", of: table)
        let scores = -1000.0...1000.0
        settings.holdScore = table.number("hold_score", in: scores)
        settings.rejectScore = table.number("reject_score", in: scores)
        settings.discardScore = table.number("discard_score", in: scores)
        if let tags = table.boolean("tag") { settings.tags = tags }
        return settings
    }

    private func rspamd(_ table: TOMLTableReader) -> RspamdSettings {
        var settings = RspamdSettings()
        if let address = address("address", of: table) { settings.address = address }
        settings.password = table.string("password")
        if let action = table.choice("action", of: FoundAction.self) { settings.action = action }
        if let tags = table.boolean("tag") { settings.tags = tags }
        if settings.action == .tag, !settings.tags {
            table.complain(
                "tag", "false does not go with action = \"tag\"", mend: "change one of them")
        }
        return settings
    }
}
