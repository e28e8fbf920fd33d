// What a power cut would leave: looks whether everything is told to the disk in the right order.
//
// It must not judge file systems: it asks for what POSIX lets every one of them need.

import Bytes
import TestSupport

/// The order of writing, synchronising and renaming in every action.
struct DurabilityTrials {
    let bench: Bench

    /// Plays all actions.
    func play(_ scope: Scope) throws -> Tally {
        var tally = Tally("power cut: synchronised before it is relied on")
        for action in scope.chosen(try LifecycleAction.all(on: bench), name: \.name) {
            try bench.reset(to: action.start)
            bench.ageConfiguration()
            let answer = try bench.postmulti(
                action.arguments,
                tracer: [
                    "/usr/bin/strace", "-f", "-y", "-s", "512", "-o", "/tmp/trace", "-e",
                    "trace=write,fsync,fdatasync,?rename,renameat,?renameat2,?mkdir,mkdirat",
                ])
            var disk = UnsureDisk()
            for line in try Disk.content(of: "/tmp/trace").text.split(separator: "\n") {
                disk.read(line)
            }
            let found = answer.succeeded ? disk.complaints : ["\(answer.ending)"]
            tally.add(action.name, Set(found).sorted())
        }
        return tally
    }
}

/// What is not sure to be on the disk while a program runs.
private struct UnsureDisk {
    private var files: Set<String> = []
    /// Directories with entries that may be lost.
    private var directories: Set<String> = []
    private(set) var complaints: [String] = []

    /// Takes in one call, as `strace -f -y` tells it.
    mutating func read(_ line: Substring) {
        guard line.hasSuffix("= 0") || line.contains("write("),
            let parenthesis = line.firstIndex(of: "(")
        else { return }
        let name = line[..<parenthesis].split(separator: " ").last ?? ""
        let arguments = line[parenthesis...]
        switch name {
        case "write":
            if let file = Self.descriptors(arguments).first, file.hasPrefix("/") {
                files.insert(file)
            }
        case "fsync", "fdatasync":
            for path in Self.descriptors(arguments) {
                files.remove(path)
                directories.remove(path)
            }
        case "mkdir", "mkdirat":
            if let path = Self.paths(arguments).first { directories.insert(path.parent) }
        default:
            let paths = Self.paths(arguments)
            if paths.count == 2 { rename(paths[0], to: paths[1]) }
        }
    }

    private mutating func rename(_ old: String, to new: String) {
        if files.remove(old) != nil { complaints.append("\(new) is renamed before it is written") }
        // A registration relies on everything else, the journal's end on the whole action.
        if new == "/etc/postfix/main.cf" || old.hasSuffix("/journal") {
            complaints += (files.union(directories)).filter { $0.isInstances }
                .map { "\(new) relies on \($0)" }
        }
        directories.insert(new.parent)
    }

    /// The paths behind the descriptors: `3</etc/postfix>`.
    private static func descriptors(_ arguments: Substring) -> [String] {
        arguments.split(separator: "<").dropFirst()
            .compactMap { $0.split(separator: ">").first.map(String.init) }
    }

    /// The paths of calls that take names, below an open directory or not.
    private static func paths(_ arguments: Substring) -> [String] {
        let names = arguments.split(separator: "\"", omittingEmptySubsequences: false)
        return stride(from: 1, to: names.count, by: 2).map { index in
            let name = String(names[index])
            if name.hasPrefix("/") { return name }
            let directory = descriptors(names[index - 1]).last ?? ""
            return "\(directory)/\(name)"
        }
    }
}

extension String {
    fileprivate var parent: String {
        lastIndex(of: "/").map { String(self[..<$0]) } ?? ""
    }

    /// True for what belongs to instances, as opposed to logs, locks and caches.
    fileprivate var isInstances: Bool {
        ["/etc", "/var/spool", "/var/lib"].contains { self == $0 || hasPrefix("\($0)/") }
    }
}
