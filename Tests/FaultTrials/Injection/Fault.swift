// What can be made to go wrong at one system call, as options of strace(1).

import Bytes

/// One fault at one call.
struct Fault {
    enum Effect: Hashable {
        /// The process is sent this signal before the call; SIGKILL keeps the call from happening.
        case signal(String)
        /// The call fails with this error.
        case error(String)
        /// The call and every other changing call after it fail with this error.
        case errorForGood(String)
    }

    var call: SystemCall
    var effect: Effect

    /// The errors of a full, a broken, a read-only and a forbidden file system.
    static let errors = ["ENOSPC", "EIO", "EROFS", "EACCES"]

    var name: String {
        switch effect {
        case .signal(let signal): "\(signal) at \(call.name) \(call.number)"
        case .error(let error): "\(error) at \(call.name) \(call.number)"
        case .errorForGood(let error): "\(error) from \(call.name) \(call.number) on"
        }
    }

    /// True if the program cannot notice what happens to it.
    var kills: Bool { effect == .signal("SIGKILL") }

    /// The command that runs another one with this fault; `calls` are all of its changing calls.
    func tracer(among calls: [SystemCall]) -> [ByteString] {
        var command: [ByteString] = ["/usr/bin/strace", "-f", "-o", "/dev/null"]
        // To signal and to fail calls strace must stop at them only, which is what it is told here.
        let names = Set(calls.map(\.name)).union([call.name])
        command += ["-e", ByteString("trace=\(names.sorted().joined(separator: ","))")]
        switch effect {
        case .signal(let signal):
            command += inject(call.name, "signal=\(signal)", "\(call.number)")
        case .error(let error):
            command += inject(call.name, "error=\(error)", "\(call.number)")
        case .errorForGood(let error):
            // Opening for reading goes on, unless it is the opening itself that fails.
            for name in names.sorted() where name == call.name || !name.hasPrefix("open") {
                let first = call.earlier[name, default: 0] + 1
                command += inject(name, "error=\(error)", "\(first)+")
            }
        }
        return command
    }

    private func inject(_ name: String, _ what: String, _ when: String) -> [ByteString] {
        ["-e", ByteString("inject=\(name):\(what):when=\(when)")]
    }
}
