// The shell text that plays one row inside a sandbox.
//
// It must need only what the smallest Debian has: sh, coreutils, find, logger and script.

import Bytes
import TestSupport

/// Writes shell text; the sandbox shows its directory as `TrialScript.bench`.
struct TrialScript {
    var row: ParityRow

    /// Where the run's own directory is seen inside.
    static let bench = "/mnt"
    /// Where the stock program is seen, whatever is in its place.
    static let stock = "/opt/stock/postmulti"

    /// The steps' scripts by file name, and `trial.sh` that plays them all.
    var files: [String: ByteString] {
        var files: [String: ByteString] = [
            "trial.sh": trial, "input": row.input, "record": Self.recorder,
        ]
        for (index, step) in row.steps.enumerated() { files["\(index + 1).sh"] = text(of: step) }
        return files
    }

    /// Makes the host for a starting state.
    static func making(_ state: StartingState) -> ByteString {
        "set -e; umask 022\n\(PristineHost.settle)\(state.script)\n\(arrange)\nsettle\n"
    }

    /// Brings settings that postconf(1) has added in random order into one order.
    private static let arrange: ByteString = #"""
        for file in /etc/postfix*/main.cf; do
            names='multi_instance_[a-z]*|(alternate_config|queue|data)_director(ies|y)'
            names="^($names|authorized_submit_users|master_service_disable) ="
            (grep -Ev "$names" "$file"; grep -E "$names" "$file" | sort || :) >/tmp/arranged
            cat /tmp/arranged >"$file"
        done
        """#

    private var trial: ByteString {
        var text: ByteString = """
            cd /; umask 022; export SHELL=/bin/sh; stock=\(Self.stock)
            \(PristineHost.settle)
            (set -e; PATH=${stock%/*}:$PATH
            \(row.preparation)
            ) >/mnt/prepare.txt 2>&1 </dev/null || { cat /mnt/prepare.txt >&2; exit 97; }
            mkdir /mnt/files
            logger -t trial begins

            """
        for number in 1...row.steps.count {
            text += "settle\n"
            text +=
                row.offTerminal
                ? "sh /mnt/\(number).sh 2>/mnt/\(number).err\n"
                : "script -qec 'sh /mnt/\(number).sh' /dev/null >/mnt/\(number).err </dev/null\n"
        }
        return text + "logger -t trial ends\n" + Self.survey
    }

    private func text(of step: Step) -> ByteString {
        var words: [ByteString] = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
        words += row.environment
        switch step {
        case .postmulti(let arguments): words += ["postmulti"] + arguments
        case .shell(let text): words += ["sh", "-c", text]
        }
        let name = ByteString("${0%.sh}")
        let command = words.map { $0.quotedForShell.bytes }.joined(separator: " ".utf8)
        return "\(ByteString(Array(command))) </mnt/input >\(name).out\necho $? >\(name).status\n"
    }

    /// A stand-in for a child: tells its own arguments and environment.
    private static let recorder: ByteString = """
        #!/bin/sh
        printf 'program [%s]\\n' "$0"
        for argument; do printf 'argument [%s]\\n' "$argument"; done
        env -0 | sort -z | tr '\\0' '\\n'

        """

    /// Writes down names and contents; what ours keeps for itself is no part of it.
    private static let survey: ByteString = """
        places=$(ls -d /etc /var/spool /var/lib/postfix* /var/mta* 2>/dev/null)
        find $places -path /var/lib/postilion -prune -o \\
            \\( -type f -path '/etc/*' -printf '%p\\t%y %m %u:%g %s\\0' \\) -o \\
            -printf '%p\\t%y %m %u:%g %l\\0' >/mnt/tree
        find $places -type f \\( -name main.cf -o -name master.cf \\) \\
            -exec cp --parents -t /mnt/files {} +

        """
}

extension ByteString {
    /// The string as one word of sh(1), whatever bytes are in it.
    var quotedForShell: ByteString {
        var quoted: [UInt8] = [UInt8(ascii: "'")]
        for byte in bytes {
            if byte == UInt8(ascii: "'") {
                quoted += Array("'\\''".utf8)
            } else {
                quoted.append(byte)
            }
        }
        return ByteString(quoted + [UInt8(ascii: "'")])
    }
}
