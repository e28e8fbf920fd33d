// Names and paths that try to be something else: commands, options, lists, other places.

import Bytes

/// Situations of a host with postfix-out; nothing of these words may be run or go astray.
enum HostileWordScenarios {
    static let all = names.flatMap(named) + paths.flatMap(placed) + links

    /// Words as a hostile caller would write them; the file canary must never be made.
    private static let words: [ByteString] = [
        ";touch /tmp/canary", "$(touch /tmp/canary)", "`touch /tmp/canary`", "|touch /tmp/canary",
        "&touch /tmp/canary", "a b", "a\tb", "a\nb", "a\nmulti_instance_enable = yes", "a,b", "*",
        "?", "[a-z]", "{a,b}", "~", "$HOME", "${x}", "$$", "\\", "'", "\"", "#", "=", "a=b", ">x",
        "<x", "!", "%s%n", ByteString([0x61, 0xFF, 0xFE]), ByteString([0x61, 0x07, 0x1B, 0x5B]),
        ByteString([0x61, 0xC3, 0xA4]), ByteString(Array(repeating: 0x61, count: 300)),
        ByteString(Array(repeating: 0x61, count: 5000)),
    ]

    private static let names: [ByteString] =
        ["", "-", "--", "-e", "-rf", ".", "..", "../x", "/", "/etc/postfix", "postfix-", "x"]
        + words.map { "postfix-\($0)" } + words

    private static let paths: [ByteString] =
        ["", "relative", "./x", "../x", "-rf"] + words.map { "/srv/x\($0)" }
        + ["/srv/-rf", "/srv/--", "/srv/..", "/srv/x/../../etc/postfix", "/srv/x/.", "/srv//x"]

    private static let noCanary = "[ ! -e /tmp/canary ] || { rm /tmp/canary; echo ran; exit 1; }"

    /// Whatever was made must be whole, also for Postfix itself, and no list may have been split.
    private static let wholeAndAlone = """
        \(noCanary)
        lines=$(postmulti -l | wc -l) && [ $lines -le 4 ] || { postmulti -l; exit 1; }
        [ $lines -eq 3 ] || postmulti -x /bin/sh -c '
            [ -f "$config_directory/master.cf" ] || { echo "no master.cf"; exit 1; }
            queue=$(postconf -h queue_directory)
            [ "$queue" = "$queue_directory" ] || { echo "another queue: $queue"; exit 1; }
            [ -d "$queue/deferred" ] || { echo "no queue: $queue"; exit 1; }' 2>&1
        """

    private static func named(_ name: ByteString) -> [Scenario] {
        let shown = shown(name)
        let uses: [(String, [ByteString])] = [
            ("create -I", ["-e", "create", "-I", name]),
            ("create -G", ["-e", "create", "-I", "postfix-x", "-G", name]),
            ("assign -I", ["-e", "assign", "-i", "out", "-I", name]),
            ("assign -G", ["-e", "assign", "-i", "out", "-G", name]),
            ("enable -i", ["-e", "enable", "-i", name]),
            ("destroy -i", ["-e", "destroy", "-i", name]),
            ("-l -i", ["-l", "-i", name]), ("-l -g", ["-l", "-g", name]),
            ("-x -i", ["-i", name, "-x", "true"]),
        ]
        return uses.map { use, arguments in
            Scenario(
                name: "\(use) \(shown)", arguments: arguments, outcome: .doneOrRefused,
                check: wholeAndAlone, cleanUp: "rm -rf /srv/x*")
        }
    }

    private static func placed(_ path: ByteString) -> [Scenario] {
        ["config_directory", "queue_directory", "data_directory"].map { parameter in
            Scenario(
                name: "\(parameter)=\(shown(path))",
                arguments: ["-e", "create", "-I", "postfix-x", "\(parameter)=\(path)"],
                outcome: .doneOrRefused, check: wholeAndAlone,
                cleanUp: "rm -rf /srv/* /srv/..?*")
        }
    }

    /// Links on the way and at the end of paths.
    private static let links = [
        Scenario(
            name: "main.cf of the new place is a link to a file of somebody else",
            prepare: "mkdir /etc/postfix-x; echo secret >/srv/f; "
                + "ln -s /srv/f /etc/postfix-x/main.cf",
            arguments: ["-e", "create", "-I", "postfix-x"], outcome: .refused,
            check: "[ \"$(cat /srv/f)\" = secret ]", cleanUp: "rm /srv/f"),
        Scenario(
            name: "the unfinished main.cf is a link to a file of somebody else",
            prepare: "mkdir /etc/postfix-x; echo secret >/srv/f; "
                + "ln -s /srv/f /etc/postfix-x/main.cf.tmp",
            arguments: ["-e", "create", "-I", "postfix-x"], outcome: .refused,
            check: "[ \"$(cat /srv/f)\" = secret ]", cleanUp: "rm /srv/f"),
        Scenario(
            name: "the unfinished main.cf is a hard link to a file of somebody else",
            prepare: "echo secret >/etc/f; ln /etc/f /etc/postfix/main.cf.tmp",
            arguments: ["-e", "create", "-I", "postfix-x"], outcome: .refused,
            check: "[ \"$(cat /etc/f)\" = secret ]", cleanUp: "rm /etc/f"),
        Scenario(
            name: "the new queue directory is a link to nothing",
            prepare: "ln -s /srv/nothing /var/spool/postfix-x",
            arguments: ["-e", "create", "-I", "postfix-x"], outcome: .doneOrRefused,
            check: wholeAndAlone, cleanUp: "rm -rf /srv/nothing"),
        Scenario(
            name: "the new queue directory is a loop of links",
            prepare: "ln -s postfix-x /var/spool/postfix-x",
            arguments: ["-e", "create", "-I", "postfix-x"], outcome: .refused),
        Scenario(
            name: "the lock is a link to a file of somebody else",
            prepare: "echo secret >/srv/f; mkdir -p /run/postilion; rm -f /run/postilion/lock; "
                + "ln -s /srv/f /run/postilion/lock",
            arguments: ["-e", "enable", "-i", "out"], outcome: .refused,
            check: "[ \"$(cat /srv/f)\" = secret ]",
            cleanUp: "rm /srv/f /run/postilion/lock"),
        Scenario(
            name: "the journal is a pipe",
            prepare: "mkdir -p /var/lib/postilion; mkfifo /var/lib/postilion/journal",
            arguments: ["-e", "enable", "-i", "out"], outcome: .refused,
            cleanUp: "rm /var/lib/postilion/journal"),
        Scenario(
            name: "the journal is damaged",
            prepare: "echo nonsense >/var/lib/postilion/journal",
            arguments: ["-e", "enable", "-i", "out"], outcome: .refused, says: ["journal"],
            cleanUp: "rm /var/lib/postilion/journal"),
        Scenario(
            name: "the journal is somebody else's",
            prepare: "echo nonsense >/var/lib/postilion/journal; "
                + "chown postfix /var/lib/postilion/journal",
            arguments: ["-e", "enable", "-i", "out"], outcome: .refused, says: ["journal"],
            cleanUp: "rm /var/lib/postilion/journal"),
    ]

    /// The word in one short line.
    private static func shown(_ word: ByteString) -> String {
        let text = word.bytes.map { byte in
            (0x20...0x7E).contains(byte)
                ? String(UnicodeScalar(byte)) : "\\\(String(byte, radix: 8))"
        }.joined()
        return "'\(text.prefix(30))\(text.count > 30 ? "…" : "")'"
    }
}
