// Whether an instance's master(8) runs, from the lock that it holds, and in which systemd unit.
// Starts and signals nothing.

import Bytes
import HostAccess
import Instances

/// Looks at processes through the pid files of instances and the kernel's own files, proc(5).
struct ProcessObserver {
    private let files: any FileReading
    /// When the host started, in seconds since 1970; nil if the kernel does not tell.
    private let bootSeconds: Int?

    /// 4 MiB: a line for each processor and a number for each interrupt.
    private static let limitBytes = 1 << 22
    /// The unit in which the kernel tells times to programs, on every Linux.
    private static let ticksPerSecond = 100

    init(_ files: any FileReading) {
        self.files = files
        // Without it the process is still known, only not since when it runs.
        let statistics = try? files.read("/proc/stat", limitBytes: Self.limitBytes)
        bootSeconds = statistics.flatMap { contents in
            let lines = ByteString(contents.bytes).split { $0 == 0x0A }
            return lines.first { $0.hasPrefix("btime ") }.flatMap { Int($0.dropFirst(6).text) }
        }
    }

    /// The state of the instance with that queue directory.
    func state(queueDirectory: ByteString) -> Observed<ProcessState> {
        let path: ByteString = "\(queueDirectory)/pid/master.pid"
        do throws(FileError) {
            guard try files.isLocked(path) else { return .known(.stopped) }
            let words = ByteString(try files.read(.first(bytes: 64), of: path))
                .split { $0 == 0x20 || $0 == 0x0A }
            guard let number = words.first.flatMap({ Int($0.text) }) else {
                return .unknown(reason: "\(path) is locked, but has no process number")
            }
            return .known(.running(processID: number, sinceSeconds: startSeconds(of: number)))
        } catch {
            return .unknown(reason: error.sentence)
        }
    }

    /// The unit that a process belongs to, from its control group: cgroups(7).
    func unit(of process: Int) -> Observed<ByteString?> {
        do throws(FileError) {
            // 64 KiB: a line for each hierarchy.
            let contents = try files.read("/proc/\(process)/cgroup", limitBytes: 1 << 16)
            // The second of the three fields names systemd's own hierarchy, or is empty in the one
            // for all. There may be both, of which systemd uses either.
            let lines = ByteString(contents.bytes).split { $0 == 0x0A }.filter { line in
                line.hasPrefix("0::") || line.text.contains(":name=systemd:")
            }
            if lines.isEmpty {
                return .unknown(reason: "process \(process) is in no control group")
            }
            let units = lines.compactMap { line in
                line.split { $0 == 0x2F }.dropFirst()
                    .last { $0.hasSuffix(".service") || $0.hasSuffix(".scope") }
            }
            return .known(units.first)
        } catch {
            return .unknown(reason: error.sentence)
        }
    }

    /// When a process started; nil if it is gone or not to be seen.
    private func startSeconds(of process: Int) -> Int? {
        guard let bootSeconds,
            let contents = try? files.read("/proc/\(process)/stat", limitBytes: Self.limitBytes),
            // The second field, the name, may hold anything but ends with the last parenthesis.
            let nameEnd = contents.bytes.lastIndex(of: 0x29)
        else { return nil }
        let fields = ByteString(contents.bytes[(nameEnd + 1)...]).split { $0 == 0x20 }
        // Field 22 of proc(5); the first one after the name is field 3.
        guard fields.count > 19, let ticks = Int(fields[19].text) else { return nil }
        return bootSeconds + ticks / Self.ticksPerSecond
    }
}
