// Hostile surroundings: environment, limits, descriptors, file systems.

import Bytes

/// Situations that `enable` and `create` must come through, or refuse without a trace.
enum SurroundingsScenarios {
    static let all = environment + limits + descriptors + fileSystems

    private static let create: [ByteString] = ["-e", "create", "-I", "postfix-x"]

    /// A child must be run, because the cache is gone and an account is unknown.
    private static let cold = """
        rm -rf /var/cache/postilion
        postconf -e setgid_group=nobody-knows
        """

    /// Programs that would betray that they were run.
    private static let traps = """
        rm -rf /tmp/traps /tmp/canary; mkdir /tmp/traps
        for name in postconf getent postfix postlog postmulti-script sh bash mkdir rm mv cp sed \\
            grep chown chmod rmdir id touch; do
            printf '#!/bin/bash -p\\n: >/tmp/canary\\n' >/tmp/traps/$name
        done
        chmod -R 755 /tmp/traps
        cp /tmp/traps/sh /tmp/traps/profile\n
        """

    private static let noCanary = "[ ! -e /tmp/canary ] || { rm /tmp/canary; echo ran; exit 1; }"
    private static let made = """
        \(noCanary)
        postmulti -i x -x true && [ -f /etc/postfix-x/master.cf ] \\
            && [ "$(stat -c %a /etc/postfix-x /var/lib/postfix-x /etc/postfix-x/main.cf \\
                /var/spool/postfix-x/maildrop | xargs)" = "755 700 644 730" ]
        """

    // MARK: environment

    private static let path: ByteString = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"

    /// Each must change nothing; two of them Postfix itself lets refuse.
    private static let environment: [Scenario] =
        ([
            ("PATH leads to traps", ["PATH=/tmp/traps"]),
            ("PATH is empty", ["PATH="]), ("no environment but one name", ["X=1"]),
            ("IFS", [path, "IFS=/"]), ("BASH_ENV", [path, "BASH_ENV=/tmp/traps/profile"]),
            ("ENV", [path, "ENV=/tmp/traps/profile"]), ("SHELLOPTS", [path, "SHELLOPTS=noexec"]),
            ("LD_PRELOAD", [path, "LD_PRELOAD=/tmp/traps/none.so"]),
            ("LD_LIBRARY_PATH", [path, "LD_LIBRARY_PATH=/tmp/traps"]),
            ("LD_AUDIT", [path, "LD_AUDIT=/tmp/traps/none.so"]),
            ("a shell function", [path, "BASH_FUNC_getent%%=() { : >/tmp/canary; }"]),
            ("TZ", [path, "TZ=:/../../../dev/zero"]), ("LC_ALL", [path, "LC_ALL=../../../x"]),
            ("MAIL_LOGTAG is long and odd", [path, "MAIL_LOGTAG=\n%n%s\u{1B}[31m" + long]),
            ("MAIL_VERBOSE", [path, "MAIL_VERBOSE="]), ("MAIL_DEBUG", [path, "MAIL_DEBUG="]),
            ("SUDO_USER is odd", [path, "SUDO_USER=a\nb" + long]),
            ("a variable twice", [path, "X=1", "X=2", "=", "nonsense"]),
            ("a thousand variables", [path] + (1...1000).map { "V\($0)=\($0)" }),
        ] as [(String, [ByteString])]).flatMap { name, variables in
            [
                Scenario(
                    name: name, prepare: traps, arguments: create, environment: variables,
                    outcome: .done, check: made),
                Scenario(
                    name: "\(name), cold", prepare: traps + cold, arguments: create,
                    environment: variables, outcome: .refused, says: ["setgid_group"],
                    check: noCanary + "; rm -rf /tmp/traps"),
            ]
        } + [
            Scenario(
                name: "MAIL_CONFIG names another place", arguments: create,
                environment: [path, "MAIL_CONFIG=/etc/postfix-out"], outcome: .refused,
                says: ["MAIL_CONFIG"]),
            Scenario(
                name: "MAIL_CONFIG names a command", prepare: traps, arguments: create,
                environment: [path, "MAIL_CONFIG=$(touch /tmp/canary)"], outcome: .refused,
                check: noCanary),
        ]

    private static let long = ByteString(Array(repeating: 0x61, count: 5000))

    // MARK: limits

    private static func shell(_ text: String) -> [ByteString] {
        ["/bin/sh", "-c", ByteString(text + "; exec \"$@\""), "sh"]
    }

    private static let limits: [Scenario] =
        [1, 2, 8, 30, 60].map { blocks in
            Scenario(
                name: "files of at most \(blocks) blocks", arguments: create,
                tracer: shell("ulimit -f \(blocks)"), outcome: .doneOrRefused, check: usable)
        }
        + [3, 4, 5, 6, 8, 10].map { count in
            Scenario(
                name: "at most \(count) descriptors", arguments: create,
                tracer: shell("ulimit -n \(count)"), outcome: .doneOrRefused, check: usable)
        } + [
            Scenario(
                name: "umask 777", arguments: create, tracer: shell("umask 777"), outcome: .done,
                check: made),
            Scenario(
                name: "umask 0", arguments: create, tracer: shell("umask 0"), outcome: .done,
                check: made),
            Scenario(
                name: "the working directory is gone", arguments: create,
                tracer: shell("mkdir /tmp/gone; cd /tmp/gone; rmdir /tmp/gone"), outcome: .done,
                check: made),
            Scenario(
                name: "all signals are ignored", arguments: create,
                tracer: shell("trap '' HUP INT QUIT PIPE TERM CHLD"), outcome: .done, check: made),
            Scenario(
                name: "another user", arguments: create,
                tracer: [
                    "/usr/bin/setpriv", "--reuid=postfix", "--regid=postfix", "--clear-groups",
                ],
                outcome: .refused),
        ]

    private static let usable = "postmulti -l >/dev/null && postmulti -x true"

    // MARK: descriptors

    private static let descriptors: [Scenario] =
        ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"].map { closed in
            Scenario(
                name: "started with \(closed)", arguments: create,
                tracer: shell("exec \(closed)"), outcome: .done,
                check: made + "\n! grep -l 'postmulti: ' /etc/postfix-x/* /etc/postfix/main.cf")
        } + [
            Scenario(
                name: "standard error is full", arguments: create,
                tracer: shell("exec 2>/dev/full"), outcome: .done, check: made),
            Scenario(
                name: "standard output is full", arguments: ["-l"],
                tracer: shell("exec >/dev/full"), outcome: .refused, says: ["No space left"]),
            Scenario(
                name: "standard output is a closed pipe", arguments: create,
                tracer: shell("exec >/proc/self/fd/2"), outcome: .done, check: made),
        ]

    // MARK: file systems

    private static let fileSystems: [Scenario] =
        ["/etc", "/etc/postfix", "/var", "/var/lib", "/var/spool", "/run"].map { place in
            Scenario(
                name: "\(place) is read-only",
                prepare: "mount --bind \(place) \(place); mount -o remount,ro,bind \(place)",
                arguments: create, outcome: .refused, says: ["Read-only file system"],
                cleanUp: "umount \(place)")
        } + [
            Scenario(
                name: "/var/cache is read-only",
                prepare: "rm -rf /var/cache/postilion; mount --bind /var/cache /var/cache; "
                    + "mount -o remount,ro,bind /var/cache",
                arguments: create, outcome: .done, check: made, cleanUp: "umount /var/cache")
        ]
        + ["/var/lib/postilion", "/run/postilion"].flatMap { place in
            ["nr_inodes=1", "size=4k"].map { limit in
                Scenario(
                    name: "\(place) is full (\(limit))",
                    prepare: "rm -rf \(place); mkdir -p \(place); "
                        + "mount -t tmpfs -o \(limit) full \(place); "
                        + "head -c 4096 /dev/zero >\(place)/filler || :",
                    arguments: create,
                    outcome: place == "/run/postilion" ? .doneOrRefused : .refused,
                    cleanUp: "umount \(place)")
            }
        }
        + [10, 20, 40].map { inodes in
            Scenario(
                name: "the new queue's file system takes \(inodes) more files",
                prepare: "mkdir /srv/small; mount -t tmpfs -o nr_inodes=\(inodes) small /srv/small",
                arguments: create + ["queue_directory=/srv/small/q"], outcome: .doneOrRefused,
                check: "\(usable); [ -e /etc/postfix-x ] || [ ! -e /srv/small/q ]",
                cleanUp: "umount /srv/small; rmdir /srv/small")
        }
}
