// Reads a configuration from TOML, and says everything that is wrong with it at once.
//
// Whether programs and directories are there is asked of the file system where one is given;
// nothing else of the host is looked at, and nothing is changed.

import Bytes
package import HostAccess
import SMTPProtocol
package import TOMLReading

/// Reads configurations.
package struct ConfigurationReader {
    let top: TOMLTableReader
    let files: (any FileReading)?

    /// Reads the text of a configuration.
    package static func read(
        file: String, text: String, files: (any FileReading)? = nil
    ) throws(ConfigurationFault) -> FilterConfiguration {
        let document: TOMLDocument
        do {
            document = try TOMLDocument(file: file, text: text)
        } catch {
            throw ConfigurationFault(problems: [error])
        }
        let reader = ConfigurationReader(top: TOMLTableReader(document), files: files)
        let configuration = reader.read()
        let problems = reader.top.finish()
        guard problems.isEmpty else { throw ConfigurationFault(problems: problems) }
        return configuration
    }

    /// All keys that a configuration can have, those of tables as `table.key`.
    ///
    /// Found by reading: a file with a hook of each type.
    package static var knownKeys: Set<String> {
        let hooks = HookConfiguration.TypeName.allCases
            .map { "[[hook]]\ntype = \"\($0.rawValue)\"\n" }
        // Nothing in this text can fail to be read.
        guard let document = try? TOMLDocument(file: "", text: hooks.joined()) else { return [] }
        let reader = ConfigurationReader(top: TOMLTableReader(document), files: nil)
        _ = reader.read()
        return Set(reader.top.askedPaths)
    }

    private func read() -> FilterConfiguration {
        let (listen, nextHop) = addresses()
        var configuration = FilterConfiguration(listen: listen, nextHop: nextHop)
        if let name = name("name", of: top) { configuration.name = name }
        if let user = name("user", of: top) { configuration.user = ByteString(user) }
        if let threads = top.integer("threads", in: 1...64) { configuration.threads = threads }
        readLimits(into: &configuration)
        readTimeouts(into: &configuration)
        readSpool(into: &configuration)
        let log = top.table("log")
        if let format = log.choice("format", of: LogSettings.Format.self) {
            configuration.log.format = format
        }
        if let level = log.choice("level", of: LogSettings.Level.self) {
            configuration.log.level = level
        }
        configuration.hooks = hooks()
        return configuration
    }

    private func readLimits(into configuration: inout FilterConfiguration) {
        let limits = top.table("limits")
        func take(_ value: Int?, _ place: WritableKeyPath<FilterConfiguration, Int>) {
            if let value { configuration[keyPath: place] = value }
        }
        take(limits.integer("sessions", in: 1...100_000), \.limits.sessions)
        take(limits.integer("backlog", in: 1...65_535), \.limits.backlog)
        take(limits.bytes("message_size", in: 0...(1 << 40)), \.policy.messageSizeLimit)
        // RFC 5321 has 512 bytes for a command line, and extensions that make it longer.
        take(limits.bytes("command_line", in: 1024...65_536), \.policy.commandLineLimit)
        // RFC 5321 has 1000 bytes for a line of text.
        let contentLine = limits.bytes("content_line", in: 0...(1 << 30))
        if let contentLine, (1..<998).contains(contentLine) {
            limits.complain(
                "content_line", "\(contentLine) would refuse sound mail",
                mend: "use 998 or more, or 0 for no limit")
        }
        take(contentLine, \.policy.contentLineLimit)
        take(limits.integer("errors", in: 1...1000), \.policy.errorLimit)
    }

    private func readTimeouts(into configuration: inout FilterConfiguration) {
        let table = top.table("timeouts")
        func take(_ key: String, _ place: WritableKeyPath<Timeouts, Seconds>) {
            guard let seconds = table.seconds(key, in: 1...86_400) else { return }
            configuration.timeouts[keyPath: place] = Seconds(seconds)
        }
        take("connect", \.connect)
        take("greeting", \.greeting)
        take("command", \.command)
        take("data", \.data)
        take("content", \.content)
        take("end_of_content", \.endOfContent)
        if let cache = table.seconds("connection_cache", in: 0...3600) {
            configuration.reuse.cache = Seconds(cache)
        }
        if let reuse = table.seconds("connection_reuse", in: 1...86_400) {
            configuration.reuse.reuse = Seconds(reuse)
        }
        if let drain = table.seconds("drain", in: 0...3600) {
            configuration.limits.drainSeconds = drain
        }
    }

    private func readSpool(into configuration: inout FilterConfiguration) {
        let spool = top.table("spool")
        if let directory = absolutePath("directory", of: spool) {
            let path = ByteString(directory)
            if let files, kind(of: path, files) != .directory {
                spool.complain(
                    "directory", "there is no directory \(directory)", mend: "make it: mkdir")
            }
            configuration.spoolDirectory = path
        }
        if let memory = spool.bytes("memory", in: 0...(1 << 30)) {
            configuration.spoolMemoryBytes = memory
        }
    }

    // What several parts need.

    /// A word that may stand in a log line or reply: letters, digits and `.`, `_`, `-`.
    func name(_ key: String, of table: TOMLTableReader) -> String? {
        guard let name = table.string(key) else { return nil }
        let isWord = name.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
                || $0 == "." || $0 == "_" || $0 == "-"
        }
        guard isWord, (1...64).contains(name.utf8.count) else {
            table.complain(
                key, "\"\(name)\" is no name",
                mend: "use 1 to 64 letters, digits, dots, hyphens and underscores")
            return nil
        }
        return name
    }

    func absolutePath(_ key: String, of table: TOMLTableReader) -> String? {
        guard let path = table.string(key) else { return nil }
        guard path.hasPrefix("/") else {
            table.complain(
                key, "\"\(path)\" is relative", mend: "write a path that begins with /")
            return nil
        }
        return path
    }

    func kind(of path: ByteString, _ files: any FileReading) -> FileStatus.Kind? {
        // What cannot be looked at cannot be used either: it is not there for us.
        try? files.status(of: path, followingLinks: true)?.kind
    }
}

/// What is wrong with a configuration.
package struct ConfigurationFault: Error, Equatable, Sendable {
    /// In the order of lines, never empty.
    package let problems: [TOMLProblem]

    /// One line per problem that names the place, the fault and the mend.
    package var messages: [String] { problems.map(\.description) }
}
