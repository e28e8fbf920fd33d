// The command status on a host in memory: its table, its notes, its JSON, and its exit status.

import Bytes
import HostAccess
import TestSupport
import Testing

/// The time at which the hosts in memory are looked at.
private let now = FixedClock().nowSeconds

/// A host with a primary that runs, and two secondaries that are stopped.
private func host() -> InMemoryHost {
    let host = hostWithPostfix()
    host.addRegisteredInstances(
        ["postfix-out", "postfix-in"],
        extra: "multi_instance_group = mta\ninet_interfaces = 127.0.0.1\n")
    host.files.addFile("/etc/services", "smtp 25/tcp mail\n")
    host.files.addFile("/proc/stat", "cpu 1 2 3\nbtime \(now - 100_000)\nprocesses 4\n")
    host.files.addFile("/proc/net/tcp", kernelTable(["00000000:0019"]))
    host.files.addFile("/proc/net/tcp6", kernelTable(["00000000000000000000000000000000:0019"]))
    host.files.addFile("/var/log/mail.log", "")
    run("postfix", processID: 4711, sinceSeconds: now - 7300, host)
    return host
}

private func kernelTable(_ sockets: [ByteString]) -> ByteString {
    sockets.reduce("  sl  local_address rem_address   st\n") { table, socket in
        table + "   0: \(socket) 00000000:0000 0A 00000000:00000000\n"
    }
}

/// Lets the master(8) of an instance run.
private func run(
    _ name: ByteString, processID: Int, sinceSeconds: Int, _ host: InMemoryHost
) {
    host.files.lockElsewhere("/var/spool/\(name)/pid/master.pid", holder: processID)
    // The name may hold blanks and parentheses, and the start is field 22, in hundredths.
    let ticks = (sinceSeconds - (now - 100_000)) * 100
    host.files.addFile(
        "/proc/\(processID)/stat",
        "\(processID) (ma) ster) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 \(ticks) 19 20\n")
}

/// A message in a queue, that came so many seconds ago.
private func addMessage(_ path: ByteString, ageSeconds: Int, _ host: InMemoryHost) {
    let arrival: ByteString = "\(now - ageSeconds) 5"
    host.files.addFile(path, "T" + ByteString([UInt8(arrival.count)]) + arrival, mode: 0o700)
}

@Suite struct `The command status` {
    private func lines(_ answer: Answer) -> [ByteString] { answer.output.split { $0 == 0x0A } }

    @Test func `shows a row for each instance`() {
        let host = host()
        addMessage("/var/spool/postfix/active/4D3B21A2B3", ageSeconds: 65, host)
        addMessage("/var/spool/postfix/deferred/4/4D3B21A2B4", ageSeconds: 93_600, host)
        addMessage("/var/spool/postfix-in/maildrop/4D3B21A2B5", ageSeconds: 5, host)
        let answer = host.postilion("status")
        #expect(answer.status == 0 && answer.errors == "")
        let left: [ByteString] = [
            "INSTANCE     GROUP  ENABLED  STATE     PID  UP     LISTENERS     ",
            "-            -      yes      running  4711  2h 1m  *:25          ",
            "postfix-out  mta    no       stopped     -  -      127.0.0.1:25  ",
            "postfix-in   mta    no       stopped     -  -      127.0.0.1:25  ",
        ]
        let right: [ByteString] = [
            "MAILDROP  ACTIVE  DEFERRED  OLDEST",
            "       0       1         1   1d 2h",
            "       0       0         0       -",
            "       1       0         0      5s",
        ]
        #expect(lines(answer) == zip(left, right).map { $0 + $1 })
    }

    @Test func `says below the table what is wrong, and fails`() {
        let host = host()
        host.files.addFile("/proc/net/tcp", kernelTable(["0100007F:0050"]))
        host.files.addFile(
            "/etc/postfix-out/main.cf",
            "multi_instance_name = postfix-out\nmulti_instance_enable = yes\n"
                + "queue_directory = /var/spool/postfix-out\ndata_directory = /var/lib/out\n")
        host.files.remove("/etc/postfix-in/main.cf")
        let answer = host.postilion("status")
        #expect(answer.status == 1)
        #expect(
            lines(answer).suffix(3) == [
                "-: nothing listens on 0.0.0.0:25, though it is configured",
                "postfix-out: is enabled, but does not run",
                "/etc/postfix-in: open /etc/postfix-in/main.cf: No such file or directory",
            ])
        #expect(lines(answer)[1].text.contains("!*:25 *:25"))
        // What is asked of the others is answered as if the broken one were not there.
        host.files.addFile("/proc/net/tcp", kernelTable(["00000000:0019"]))
        #expect(host.postilion("status", "-").status == 0)
    }

    @Test func `shows what each instance logged last of trouble`() {
        let host = host()
        host.files.addFile(
            "/var/log/mail.log",
            """
            Nov 05 09:01:02 mail postfix/smtpd[1]: warning: hostname: not known
            Nov 05 09:01:03 mail postfix-out/submission/smtpd[2]: fatal: no SASL
            Nov 05 09:01:04 mail postfix/qmgr[3]: 4D3B21A2B3: removed
            Nov 05 09:01:05 mail postfix-other/qmgr[3]: panic: of somebody else

            """)
        let answer = host.postilion("status")
        // What was logged is no fault: it may be long mended.
        #expect(answer.status == 0)
        #expect(
            lines(answer).suffix(2) == [
                "-: logged Nov 05 09:01:02 postfix/smtpd: warning: hostname: not known",
                "postfix-out: logged Nov 05 09:01:03 postfix-out/submission/smtpd: fatal: no SASL",
            ])
    }

    @Test func `finds the instance by the names of single services`() {
        let host = host()
        let relay: ByteString = "relay unix - - n - - smtp -o syslog_name="
        host.files.addFile("/etc/postfix/master.cf", "\(relay)postfix/$service_name\n")
        host.files.addFile("/etc/postfix-out/master.cf", "\(relay)postfix/$service_name\n")
        host.files.addFile("/etc/postfix-in/master.cf", "\(relay)postfix/in/$service_name\n")
        host.files.addFile(
            "/var/log/mail.log",
            """
            Nov 05 09:01:01 mail postfix/smtpd[1]: warning: one
            Nov 05 09:01:02 mail postfix/in/relay/smtp[1]: warning: two
            Nov 05 09:01:03 mail postfix/relay/smtp[2]: error: three

            """)
        let two: ByteString =
            "postfix-in: logged Nov 05 09:01:02 postfix/in/relay/smtp: warning: two"
        let three: ByteString =
            "logged Nov 05 09:01:03 postfix/relay/smtp: error: three"
            + " (others log by that name, too)"
        #expect(
            lines(host.postilion("status")).suffix(2) == ["-, postfix-out: " + three, two])
        // What is not asked for has its names all the same.
        #expect(lines(host.postilion("status", "out")).last == "postfix-out: " + three)
        #expect(lines(host.postilion("status", "in")).last == two)
    }

    @Test func `says what cannot be seen, once for all instances`() {
        let host = host()
        host.files.readFaults["/var/log/mail.log"] = .accessDenied
        for name: ByteString in ["postfix", "postfix-out"] {
            host.files.addDirectory("/var/spool/\(name)/maildrop")
            host.files.readFaults["/var/spool/\(name)/maildrop"] = .accessDenied
        }
        let answer = host.postilion("status")
        #expect(answer.status == 0)
        #expect(
            lines(answer).suffix(2) == [
                "cannot see queues: list /var/spool/postfix/maildrop: Permission denied"
                    + " (and 1 more)",
                "cannot see the log: read /var/log/mail.log: Permission denied (and 2 more)",
            ])
        #expect(lines(answer)[1].hasSuffix("*:25               ?         ?       ?"))
    }

    @Test func `opens few files of a big queue, and says that the age is a bound`() {
        let host = host()
        for number in 10_000..<10_600 {
            addMessage("/var/spool/postfix/deferred/\(number)", ageSeconds: 7200, host)
        }
        #expect(lines(host.postilion("status", "-"))[1].hasSuffix("  0       600     >2h"))
        // Long names tell the time themselves: 4SVLCh is now, and 4SVLBZ is (C - B) * 52 + (h - Z)
        // seconds before that.
        let long = hostWithPostfix()
        for number in 10_000..<10_600 {
            long.files.addFile("/var/spool/postfix/deferred/4SVLBZ0sf8z\(number)")
        }
        #expect(lines(long.postilion("status", "-"))[1].hasSuffix("  0       600     58s"))
    }

    @Test func `tells programs all of it, and why something is not known`() {
        let host = host()
        addMessage("/var/spool/postfix/hold/4D3B21A2B3", ageSeconds: 65, host)
        host.files.readFaults["/var/log/mail.log"] = .accessDenied
        let line = host.postilion("status", "--json", "-").output.text
        for member in [
            #""name":null"#, #""enabled":true"#, #""state":"running","state_reason":null"#,
            #""pid":4711,"started_at":1699992700,"uptime_seconds":7300"#,
            #"{"service":"smtp","command":"smtpd","address":"::","port":25,"bound":true,"#,
            #""hold":{"messages":1,"oldest_at":1699999935,"oldest_age_seconds":65,"#
                + #""oldest_is_certain":true}"#,
            #""corrupt":{"messages":0,"oldest_at":null"#,
            #""last_problem":null,"#
                + #""last_problem_reason":"read /var/log/mail.log: Permission denied""#,
            #""faults":[],"seen_at":1700000000}"#,
        ] {
            #expect(line.contains(member), "\(member) in \(line)")
        }
        host.files.remove("/etc/postfix-in/main.cf")
        let broken = host.postilion("status", "--json", "/etc/postfix-in")
        #expect(broken.status == 1)
        #expect(broken.output.text.contains(#""state":"broken","state_reason":"#))
        #expect(broken.output.text.contains(#""faults":[{"id":"broken","message":"open /etc/"#))
    }

    @Test func `marks what runs outside of the services of systemd`() {
        let host = host()
        host.addSystemd()
        let unit = "postfix@-.service"
        host.files.addFile("/proc/4711/cgroup", "0::/system.slice/system-postfix.slice/\(unit)\n")
        let regular = host.postilion("status", "-")
        #expect(lines(regular).count == 2 && lines(regular)[1].text.contains(" running "))
        #expect(
            host.postilion("status", "--json", "-").output.text.contains(
                #""unit":"\#(unit)","runs_in_unit":"\#(unit)","runs_in_unit_reason":null"#))

        host.files.addFile("/proc/4711/cgroup", "0::/user.slice/session-3.scope\n")
        let stray = host.postilion("status", "-")
        // It runs all the same, and the doctor tells why that is not good.
        #expect(stray.status == 0)
        #expect(lines(stray)[1].text.contains(" !running "))
        #expect(lines(stray).last == "-: runs in session-3.scope, not in postfix@-.service")
        host.files.addFile("/proc/4711/cgroup", "0::/\n")
        #expect(
            lines(host.postilion("status", "-")).last == "-: runs, but not in postfix@-.service")
        host.files.remove("/proc/4711/cgroup")
        #expect(
            host.postilion("status", "--json", "-").output.text.contains(
                #""runs_in_unit":null,"runs_in_unit_reason":"open /proc/4711/cgroup: No such"#))
    }

    @Test(arguments: [30, 40, 60, 79, 100, 200])
    func `keeps within a terminal, its colours too`(columns: Int) {
        let host = host()
        let long = ByteString([UInt8](repeating: 0x78, count: 92))
        host.addRegisteredInstances(["postfix-\(long)"])
        host.output.outputColumns = columns
        let coloured = host.postilion("status").output.text
        #expect(coloured.contains("\u{1B}[32mrunning\u{1B}[0m") || columns < 40)
        var bare = host
        bare.environment.append("NO_COLOR=1")
        let rows = lines(bare.postilion("status")).map(\.text)
        #expect(rows.count == 3 && rows.allSatisfy { $0.count <= columns })
        #expect(!rows.contains { $0.contains("\u{1B}") })
        #expect(rows[2].hasPrefix(columns < 60 ? "postfix" : "postfix-xxxxx"))
        // What cannot be told by its columns has less of them.
        #expect(rows[0].contains("GROUP") == (columns >= 79))
    }

    @Test func `cuts no names where no terminal is`() {
        let host = host()
        let name = "postfix-" + ByteString([UInt8](repeating: 0x78, count: 92))
        host.addRegisteredInstances([name])
        #expect(lines(host.postilion("status"))[2].hasPrefix("\(name)  -      no       stopped"))
    }
}
