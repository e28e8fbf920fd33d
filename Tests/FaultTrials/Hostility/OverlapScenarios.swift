// Directories that a new instance must not have, because they are somebody else's.

import Bytes

/// Situations of create and import beside postfix-out, whose real places are links, too.
enum OverlapScenarios {
    static let all = taken.flatMap { creating($0) + importing($0) } + selfOverlap + free

    /// Makes links by which the same directories can be named otherwise.
    static let links = """
        rm -rf /srv/to-*; ln -s /var/spool/postfix-out /srv/to-queue; ln -s /var /srv/to-var
        ln -s /etc/postfix /srv/to-config; ln -s / /srv/to-root
        """

    private static let taken = [
        "/var/spool/postfix-out", "/var/spool/postfix-out/", "/var/spool//postfix-out",
        "/var/spool/./postfix-out", "/var/spool/../spool/postfix-out",
        "/var/spool/postfix-out/deferred", "/var/spool/postfix-out/new/deep",
        "/var/spool/postfix-out/.", "/var/spool/postfix-new/../postfix-out",
        "/var/lib/postfix-out", "/var/lib/postfix-out/sub", "/etc/postfix-out",
        "/etc/postfix-out/queue", "/etc/postfix", "/etc/postfix/queue", "/var/spool/postfix",
        "/var/spool/postfix/deferred/new", "/var/lib/postfix", "/usr/lib/postfix/sbin",
        "/usr/lib/postfix", "/srv/to-queue", "/srv/to-queue/new", "/srv/to-var/spool/postfix-out",
        "/srv/to-config", "/srv/to-config/new", "/srv/to-root/var/lib/postfix-out",
        "/srv/to-root", "/srv/to-var", "/", "//", "/..", "/bin", "/boot", "/dev", "/dev/shm",
        "/etc", "/home", "/lib", "/opt", "/proc", "/proc/self", "/root", "/run", "/sbin", "/srv",
        "/sys", "/sys/kernel", "/tmp", "/usr", "/usr/bin", "/usr/sbin", "/usr/share", "/var",
        "/var/cache", "/var/lib", "/var/log", "/var/mail", "/var/spool", "/var/tmp",
        "/etc/passwd", "/etc/passwd/queue", "/dev/null/queue",
    ]

    private static func creating(_ path: String) -> [Scenario] {
        ["config_directory", "queue_directory", "data_directory"].map { parameter in
            Scenario(
                name: "create with \(parameter)=\(path)", prepare: links,
                arguments: [
                    "-e", "create", "-I", "postfix-x", ByteString("\(parameter)=\(path)"),
                ],
                outcome: .refused)
        }
    }

    private static func importing(_ path: String) -> [Scenario] {
        ["queue_directory", "data_directory"].map { parameter in
            Scenario(
                name: "import with \(parameter) = \(path)",
                prepare: links + "\n" + stray
                    + "sed -i 's,^\(parameter) *=.*,\(parameter) = \(path),' $main",
                arguments: ["-e", "import", "-I", "postfix-x"], outcome: .refused)
        }
    }

    /// An instance that is all right, but not registered.
    private static let stray = """
        main=/etc/postfix-x/main.cf
        cp -a /etc/postfix-out /etc/postfix-x
        sed -i 's,postfix-out,postfix-x,' $main\n
        """

    /// An instance must not use one directory twice.
    private static let selfOverlap = [
        Scenario(
            name: "create with one directory for queue and data",
            arguments: [
                "-e", "create", "-I", "postfix-x", "queue_directory=/srv/x",
                "data_directory=/srv/x",
            ],
            outcome: .refused),
        Scenario(
            name: "create with one directory for queue and data, spelt in two ways",
            prepare: "mkdir -p /srv/y; ln -sfn /srv/y /srv/z",
            arguments: [
                "-e", "create", "-I", "postfix-x", "queue_directory=/srv/y",
                "data_directory=/srv/z",
            ],
            outcome: .refused, cleanUp: "rm -rf /srv/y /srv/z"),
    ]

    /// What looks alike but is nobody's.
    private static let free: [Scenario] =
        [
            "/var/spool/postfix-outer", "/var/spool/postfix-ou", "/srv/to-var/spool/postfix-x",
            "/srv/deep/down/postfix-x",
        ].map { path in
            Scenario(
                name: "create with queue_directory=\(path)", prepare: links,
                arguments: [
                    "-e", "create", "-I", "postfix-x", ByteString("queue_directory=\(path)"),
                ],
                outcome: .done, check: "[ -d \(path)/deferred ]", cleanUp: "rm -rf /srv/deep")
        }
}
