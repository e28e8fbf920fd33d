// The installed Postfix: where its programs are and what its built-in defaults are.
//
// Defaults come from the installed postconf(1), never from here. Its answer is kept in a cache
// that is valid for this very file of the program, so that a listing needs no child process.

package import Bytes
package import HostAccess
package import PostfixFormats

/// The Postfix that is installed on the host.
package struct Installation: Sendable {
    package let defaults: ParameterDefaults
    /// The compiled-in configuration directory: the primary instance's.
    package let configDirectory: ByteString
    /// The host's name, from which some defaults are computed.
    package let hostName: ByteString

    package init(defaults: ParameterDefaults, hostName: ByteString) {
        self.defaults = defaults
        self.hostName = hostName
        configDirectory = defaults.unexpandedValue(of: "config_directory") ?? "/etc/postfix"
    }

    /// The directory of the cache; only root writes there.
    package static let cacheDirectory: ByteString = "/var/cache/postilion"
    private static let cachePath: ByteString = "/var/cache/postilion/postconf-defaults"

    /// 1 MiB: Postfix 3.11 has some 1,100 parameters in 60 KiB.
    private static let limitBytes = 1 << 20

    /// Finds the installed Postfix and its defaults.
    package static func observe(_ host: Host) throws(ObservationFailure) -> Installation {
        // A program installed beside postconf(1) belongs to that Postfix; others are for
        // the usual one. PATH is not asked: it may be a stranger's.
        let places = [host.programDirectory, "/usr/sbin", "/usr/local/sbin"].compactMap { $0 }
        for place in places {
            let program: ByteString = "\(place)/postconf"
            guard let found = try? host.files.status(of: program, followingLinks: true),
                found.kind == .regular
            else { continue }  // A place that cannot be looked at has no Postfix for us.
            return Installation(
                defaults: try defaults(of: program, found, host), hostName: host.nodeName)
        }
        throw .postfixNotFound(lookedIn: places)
    }

    private static func defaults(
        of program: ByteString, _ found: FileStatus, _ host: Host
    ) throws(ObservationFailure) -> ParameterDefaults {
        let identity = identityLine(program, found, host)
        if let cached = cached(identity, host) { return cached }
        if let all = ask(program, names: [], host) {
            // A cache that cannot be written costs five milliseconds the next time, nothing else.
            try? store(identity + all, host)
            return ParameterDefaults(all)
        }
        // Without a network, as early in a boot, some defaults do not exist; these always do.
        guard let needed = ask(program, names: neededNames, host) else {
            throw .defaultsUnavailable(program: program)
        }
        return ParameterDefaults(needed)
    }

    /// The parameters that no manager of instances can do without, in the order of postconf(1).
    private static let neededNames: [ByteString] = [
        "alternate_config_directories", "command_directory", "config_directory",
        "daemon_directory", "data_directory", "import_environment", "mail_owner", "maillog_file",
        "maillog_file_prefixes", "meta_directory", "multi_instance_directories",
        "multi_instance_enable",
        "multi_instance_group", "multi_instance_name", "multi_instance_wrapper",
        "postmulti_control_commands", "postmulti_start_commands", "postmulti_stop_commands",
        "queue_directory", "setgid_group", "shlib_directory", "smtputf8_enable",
        "syslog_facility", "syslog_name",
    ]

    /// The answer of `postconf -d`, or nil if it fails.
    private static func ask(
        _ program: ByteString, names: [ByteString], _ host: Host
    ) -> ByteString? {
        // Names that are asked for are the second try: then postconf may say what is wrong.
        let command = ChildCommand(
            program: program, arguments: [program, "-d"] + names,
            environment: ["PATH=/usr/bin:/bin"], isQuiet: names.isEmpty)
        guard
            let answer = try? host.processes.capture(
                command, limitBytes: limitBytes, limitSeconds: 30),
            answer.status.isSuccess
        else { return nil }
        return answer.output
    }

    /// The first line of the cache: what the defaults depend on.
    private static func identityLine(
        _ program: ByteString, _ found: FileStatus, _ host: Host
    ) -> ByteString {
        var line: ByteString = "postconf-defaults 1 \(host.nodeName) \(program)"
        let numbers = [
            Int(found.device), Int(found.inode), found.sizeBytes, found.modified.seconds,
            found.modified.nanoseconds, found.changed.seconds, found.changed.nanoseconds,
        ]
        for number in numbers { line += " \(number)" }
        return line + "\n"
    }

    private static func cached(_ identity: ByteString, _ host: Host) -> ParameterDefaults? {
        // No cache, or one that cannot be read, is the usual first run.
        guard let file = try? host.files.read(cachePath, limitBytes: limitBytes),
            file.status.owner == 0, file.status.mode & 0o022 == 0,
            file.bytes.starts(with: identity.bytes)
        else { return nil }
        return ParameterDefaults(ByteString(file.bytes[identity.count...]))
    }

    private static func store(_ text: ByteString, _ host: Host) throws {
        guard host.accounts.effectiveUser == 0 else { return }
        if try host.files.status(of: cacheDirectory, followingLinks: false) == nil {
            try host.files.makeDirectory(cacheDirectory, mode: 0o755)
        }
        let replacement = FileReplacement(
            contents: text, expected: .anything,
            attributes: .given(mode: 0o644, owner: 0, group: 0))
        try host.files.replace(cachePath, with: replacement)
    }
}
