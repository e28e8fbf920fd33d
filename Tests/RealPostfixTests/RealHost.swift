// A host with a real Postfix and our postmulti, in a sandbox, that takes commands one by one.
//
// It must not know any scenario; it tells what the commands said and what was logged.
//
// With POSTILION_KEEP=DIR what a host wrote is kept there.

import Bytes
import Foundation
import Glibc
import TestSupport

/// A running sandbox with a shell in it that plays what it is sent.
actor RealHost {
    /// What a command said.
    struct Answer: Sendable {
        var output: ByteString
        var errors: ByteString
        var status: Int

        /// The lines of the output.
        var lines: [String] { output.text.split(separator: "\n").map(String.init) }
    }

    /// A host that does not do what any host does.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// No command of a scenario takes longer, even on a machine with much else to do.
    private static let commandDeadlineSeconds = 180

    /// Opens a shell on what the host has left; empty if that is not kept.
    let shellCommand: String
    private let directory: String
    private let log: LogSocket
    private let requests: Int32
    private let replies: Int32
    private let end = DispatchSemaphore(value: 0)
    private var commands = 0

    /// Starts the host: one Postfix that knows no instances, and our postmulti in its place.
    init(named name: String) throws {
        let parent = TestedPostfix.kept ?? "/tmp"
        let directory = "\(parent)/postilion-host-\(getpid())-\(name)"
        self.directory = directory
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        log = try LogSocket(path: "\(directory)/log")
        requests = try Self.pipe("\(directory)/requests")
        replies = try Self.pipe("\(directory)/replies")
        let server = "\(directory)/server.sh"
        try Data(Self.server.bytes).write(to: URL(fileURLWithPath: server))

        var sandbox = Sandbox()
        sandbox.root = TestedPostfix.root
        sandbox.hostName = "host.example.test"
        sandbox.logSocket = log.path
        sandbox.deadlineSeconds = 600
        sandbox.binds = [
            .init(directory, at: "/mnt", writable: true),
            .init(TestedPostfix.postmulti, at: "/usr/sbin/postmulti"),
        ]
        if TestedPostfix.hasPostilion {
            sandbox.binds.append(.init(TestedPostfix.postilion, at: "/usr/sbin/postilion"))
        }
        if TestedPostfix.hasFilter {
            sandbox.binds.append(
                .init(TestedPostfix.filter, at: "/usr/sbin/postilion-filter"))
        }
        if TestedPostfix.kept != nil {
            let upper = "\(directory)/upper"
            try FileManager.default.createDirectory(
                atPath: upper, withIntermediateDirectories: true)
            sandbox.upper = upper
        }
        shellCommand = sandbox.shellCommand
        let (started, end) = (sandbox, end)
        Thread.detachNewThread {
            _ = try? started.run(["sh", "/mnt/server.sh"])
            end.signal()
        }
    }

    /// Runs shell text on the host.
    func run(_ text: ByteString) async throws -> Answer {
        commands += 1
        let path = "\(directory)/\(commands)"
        try Data(text.bytes).write(to: URL(fileURLWithPath: path + ".sh"))
        try send(commands)
        let (descriptor, expected) = (replies, "\(commands)\n")
        let reply = try await Self.onThread { try Self.line(from: descriptor) }
        guard reply == expected else { throw Failure(description: "no reply to: \(text.text)") }
        func content(_ kind: String) throws -> ByteString {
            ByteString([UInt8](try Data(contentsOf: URL(fileURLWithPath: path + kind))))
        }
        let status = try content(".status").text.trimmingCharacters(in: .newlines)
        return Answer(
            output: try content(".out"), errors: try content(".err"), status: Int(status) ?? -1)
    }

    /// Waits until shell text succeeds; false if it never does.
    func wait(until text: ByteString, seconds: Int = 30) async throws -> Bool {
        let loop: ByteString = """
            end=$(($(date +%s) + \(seconds)))
            until (\(text)) >/dev/null 2>&1; do
                [ $(date +%s) -lt $end ] || exit 1
                sleep 0.05
            done
            """
        return try await run(loop).status == 0
    }

    /// What was logged so far, each as `tag[17]: text` without the time.
    var logged: [String] {
        log.messages.map { message in
            let text = message.text.drop { $0 != ">" }
            return String(text.dropFirst(17))
        }
    }

    /// Ends the host and everything that runs on it.
    func stop() async {
        try? send(0)
        let end = end
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                end.wait()
                continuation.resume()
            }
        }
        _ = log.finish()
        close(requests)
        close(replies)
        if TestedPostfix.kept == nil {
            try? FileManager.default.removeItem(atPath: directory)
        } else {
            print("a shell on what is left: \(shellCommand)")
        }
    }

    /// Plays one script after the other until it is told number 0.
    private static let server: ByteString = """
        export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
        unset MAIL_CONFIG
        exec 3<>/mnt/requests
        while read -r number <&3 && [ "$number" != 0 ]; do
            timeout \(commandDeadlineSeconds) sh "/mnt/$number.sh" \
                >"/mnt/$number.out" 2>"/mnt/$number.err" </dev/null 3<&-
            echo $? >"/mnt/$number.status"
            echo "$number" >/mnt/replies
        done

        """

    /// Makes a named pipe and opens it for both directions, so that opening never waits.
    private static func pipe(_ path: String) throws -> Int32 {
        let made = unsafe mkfifo(path, 0o600)
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard made == 0, descriptor >= 0 else {
            throw Failure(description: "no pipe \(path): errno \(errno)")
        }
        return descriptor
    }

    private func send(_ number: Int) throws {
        let bytes = Array("\(number)\n".utf8)
        guard unsafe write(requests, bytes, bytes.count) == bytes.count else {
            throw Failure(description: "the host takes no commands")
        }
    }

    private static func line(from descriptor: Int32) throws -> String {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let deadline = Int32(commandDeadlineSeconds + 10) * 1000
        guard unsafe poll(&waiting, 1, deadline) == 1 else { return "" }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// Waiting for a host must not hold up one of the few threads of the test runner.
    private static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }
}
