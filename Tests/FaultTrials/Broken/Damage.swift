// The ways in which one instance's configuration can be damaged.

import Bytes

/// One kind of damage, done to the instance in /etc/postfix-bad.
struct Damage {
    enum Severity {
        /// The instance cannot be used.
        case fatal
        /// Postfix can still use the instance, and so must we.
        case harmless
    }

    var name: String
    var severity: Severity
    /// Shell text that does the damage; `$main` is the instance's main.cf.
    var script: String
    /// A program that every command runs under.
    var tracer: [ByteString] = []
    /// The instance as multi_instance_directories names it.
    var directory: ByteString = "/etc/postfix-bad"

    /// All kinds.
    static let all: [Damage] = unreadable + unintelligible + conflicting + harmless

    private static let unreadable = [
        fatal("directory is missing", "rm -r /etc/postfix-bad"),
        fatal("main.cf is missing", "rm $main"),
        Damage(
            name: "main.cf cannot be read (EIO)", severity: .fatal, script: ":",
            tracer: [
                "/usr/bin/strace", "-f", "-o", "/dev/null", "-P", "/etc/postfix-bad/main.cf",
                "-e", "trace=read,pread64", "-e", "inject=read,pread64:error=EIO",
            ]),
        fatal("main.cf is a directory", "rm $main; mkdir $main"),
        fatal("main.cf is a pipe", "rm $main; mkfifo $main"),
        fatal("main.cf is a link to /dev/zero", "ln -sf /dev/zero $main"),
        fatal("main.cf is a loop of links", "ln -sf main.cf $main"),
        fatal("main.cf is a link to nothing", "ln -sf nothing $main"),
    ]

    private static let unintelligible = [
        fatal("main.cf is empty", ": >$main"),
        fatal("main.cf is cut off", "sed -i '/^queue_directory/,$d' $main; printf queue_d >>$main"),
        fatal("a line lacks its equals sign", "echo nonsense >>$main"),
        fatal(
            "a ${ is not closed",
            "sed -i 's/^multi_instance_name.*/multi_instance_name = postfix-${bad/' $main"),
        fatal(
            "a parameter names itself",
            "sed -i 's/^multi_instance_name.*/multi_instance_name = $multi_instance_name/' $main"),
        fatal("a boolean is neither", "echo multi_instance_enable = maybe >>$main"),
        fatal("main.cf is binary", "head -c 4096 /bin/sh >$main"),
        fatal("main.cf has a NUL byte", "printf 'queue_\\0directory = x\\n' >>$main"),
        fatal(
            "main.cf begins with a byte order mark",
            "printf '\\357\\273\\277' >$main.new; cat $main >>$main.new; "
                + "mv $main.new $main"),
    ]

    private static let conflicting = [
        Damage(
            name: "directory is relative", severity: .fatal,
            script: "sed -i 's,/etc/postfix-bad,etc/postfix-bad,' /etc/postfix/main.cf",
            directory: "etc/postfix-bad"),
        fatal(
            "name of another instance",
            "sed -i 's/^multi_instance_name.*/multi_instance_name = postfix-a/' $main"),
        fatal(
            "queue directory of another instance",
            "sed -i 's,^queue_directory.*,queue_directory = /var/spool/postfix-a,' $main"),
        fatal(
            "data directory of another instance",
            "sed -i 's,^data_directory.*,data_directory = /var/lib/postfix-a,' $main"),
    ]

    private static let harmless = [
        works("master.cf is missing", "rm /etc/postfix-bad/master.cf"),
        works(
            "queue directory is relative",
            "sed -i 's,^queue_directory.*,queue_directory = spool/bad,' $main"),
        works("queue directory is missing", "rm -r /var/spool/postfix-bad"),
        works(
            "100 MB of comments",
            "yes '# A comment, and nothing but a comment, in a line of eighty characters or so.' "
                + "| head -c 100000000 >>$main; echo >>$main"),
        works("bytes that are not UTF-8", "printf '# \\377\\ngecos = \\344\\366\\n' >>$main"),
        works("lines end in CR LF", "printf 'smtpd_banner = x\\r\\n' >>$main"),
        works(
            "registered twice",
            "sed -i 's,/etc/postfix-bad,& &,' /etc/postfix/main.cf"),
        works(
            "commas between the directories",
            "sed -i '/^multi_instance_dir/s# /#, /#g' /etc/postfix/main.cf"),
    ]

    private static func fatal(_ name: String, _ script: String) -> Damage {
        Damage(name: name, severity: .fatal, script: script)
    }

    private static func works(_ name: String, _ script: String) -> Damage {
        Damage(name: name, severity: .harmless, script: script)
    }

    /// Does the damage.
    func apply(on bench: Bench) throws {
        try Bench.shell("main=/etc/postfix-bad/main.cf\n\(script)")
        bench.ageConfiguration()
    }
}
