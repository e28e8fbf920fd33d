// A real systemd as process 1 of namespaces of its own within a scenario's host.
//
// It has no targets but empty ones and no journal: what units of Postfix need, and no more. It
// must not know any scenario. Its control group is the only thing outside of the sandbox that it
// makes; that goes with it.

import Bytes
import Glibc
import TestSupport

/// Shell texts that boot systemd on a scenario's host and end it again.
struct BootedSystemd {
    /// Boots, and makes the command `inside`, which runs a command where that systemd is.
    let boot: ByteString
    /// Ends it and all that runs in it.
    let end: ByteString

    private let controlGroup: String

    init(named name: String) {
        let controlGroup = "postilion-\(getpid())-\(name)"
        self.controlGroup = controlGroup
        boot = """
            set -e
            mkdir -p /sys/fs/cgroup /etc/systemd/system
            mount -t cgroup2 cgroup2 /sys/fs/cgroup
            mkdir /sys/fs/cgroup/\(controlGroup)
            rm -rf /etc/systemd/system/*
            for name in sysinit basic shutdown scenario; do
                printf '[Unit]\\nDefaultDependencies=no\\n' >/etc/systemd/system/$name.target
            done
            for name in .service .socket -dev-log.socket -audit.socket; do
                ln -s /dev/null /etc/systemd/system/systemd-journald$name
            done
            cat >/usr/sbin/inside <<'END'
            #!/bin/sh
            exec nsenter --target "$(pgrep -P "$(cat /run/booted)")" \\
                --pid --mount --cgroup --root --wd=/ "$@"
            END
            cat >/usr/sbin/boot <<'END'
            #!/bin/sh
            set -e
            mount -t sysfs sysfs /sys
            mount -t cgroup2 cgroup2 /sys/fs/cgroup
            mount -t tmpfs -o mode=755 run /run
            mount -t proc proc /proc
            exec env -i container=sandbox PATH=$PATH /lib/systemd/systemd \\
                --unit=scenario.target --log-target=null --show-status=0 \\
                --default-standard-output=null
            END
            chmod 755 /usr/sbin/inside /usr/sbin/boot
            (
                echo 0 >/sys/fs/cgroup/\(controlGroup)/cgroup.procs
                exec unshare --pid --mount --cgroup --fork --kill-child /usr/sbin/boot
            ) >/var/log/boot 2>&1 </dev/null &
            echo $! >/run/booted
            end=$(($(date +%s) + 20))
            until [ "$(inside systemctl is-system-running 2>/dev/null)" = running ]; do
                if [ $(date +%s) -ge $end ]; then
                    inside systemctl is-system-running 2>&1 | cat - /var/log/boot >&2
                    exit 1
                fi
                sleep 0.1
            done
            """
        end = """
            kill -KILL $(cat /run/booted)
            # A dead process that nobody has waited for yet counts as being there.
            end=$(($(date +%s) + 20))
            while pgrep -x 'systemd|unshare' >/dev/null && [ $(date +%s) -lt $end ]; do
                sleep 0.1
            done
            rm -rf /etc/systemd/system/* /usr/sbin/inside /usr/sbin/boot
            """
    }

    /// Removes the control group, in which nothing may run any more.
    func removeControlGroup() {
        let removal = ChildProcess(
            "/usr/bin/unshare",
            [
                "--mount", "sh", "-c",
                """
                mount -t cgroup2 cgroup2 /mnt && cd /mnt || exit
                for attempt in 1 2 3 4 5 6 7 8 9 10; do
                    find \(ByteString(controlGroup)) -depth -type d -exec rmdir {} + && break
                    sleep 0.2
                done
                """,
            ])
        // A group that stays does no harm; what failed in the scenario is what is to be told.
        _ = try? removal.run()
    }

    /// Why systemd cannot be booted here; nil if it can.
    static let obstacle: String? = {
        if let reason = TestedPostfix.obstacle(withPostilion: true) { return reason }
        let trial = BootedSystemd(named: "trial")
        defer { trial.removeControlGroup() }
        var sandbox = Sandbox()
        sandbox.root = TestedPostfix.root
        guard let answer = try? sandbox.run(["sh", "-c", trial.boot + "\n" + trial.end]) else {
            return "no sandbox can be made here"
        }
        return answer.succeeded ? nil : "systemd does not boot here: \(answer.errors.text)"
    }()
}
