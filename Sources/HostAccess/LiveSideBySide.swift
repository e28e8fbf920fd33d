// Runs several child processes at once and tells their news as it comes.

import Bytes
import Glibc
import LinuxHeaders

extension LiveProcessRunner {
    package func runSideBySide(
        _ commands: [ChildCommand], atOnce: Int, limitSeconds: Int,
        onEvent: (Int, ChildEvent) -> Void
    ) {
        var waiting = commands.indices.makeIterator()
        var running: [RunningChild] = []
        var isDrained = false
        while true {
            while !isDrained, running.count < max(1, atOnce) {
                guard let index = waiting.next() else {
                    isDrained = true
                    break
                }
                do throws(ProcessError) {
                    running.append(
                        try RunningChild(
                            index, commands[index], spawner: self, limitSeconds: limitSeconds))
                } catch {
                    onEvent(index, .failed(error))
                }
            }
            if running.isEmpty { return }
            RunningChild.waitForNews(of: running)
            for child in running { child.pass(on: onEvent) }
            running.removeAll(where: \.isOver)
        }
    }
}

/// A child that runs beside others.
private final class RunningChild {
    private let index: Int
    private let command: ChildCommand
    private let process: pid_t
    private let output: Pipe
    private let errors: Pipe
    private var openEnds: [(descriptor: Int32, isError: Bool)]
    /// Becomes readable when the child ends; below zero on kernels before 5.3, which have none.
    private let end: Int32
    private let limitSeconds: Int
    private var deadlineMilliseconds: Int
    private var isStopped = false
    private(set) var isOver = false

    /// How long a child that was asked to end may take: time to clean up, not to go on.
    private static let graceMilliseconds = 2000

    init(
        _ index: Int, _ command: ChildCommand, spawner: LiveProcessRunner, limitSeconds: Int
    ) throws(ProcessError) {
        self.index = index
        self.command = command
        self.limitSeconds = limitSeconds
        output = try Pipe(for: command)
        errors = try Pipe(for: command)
        process = try spawner.spawnSearching(
            command,
            Redirection(input: true, output: output.writeEnd, error: errors.writeEnd))
        output.closeWriteEnd()
        errors.closeWriteEnd()
        openEnds = [(output.readEnd, false), (errors.readEnd, true)]
        end = postilion_pidfd_open(process)
        deadlineMilliseconds = monotonicMilliseconds() + limitSeconds * 1000
    }

    deinit { if end >= 0 { close(end) } }

    /// Waits until one of the children has said something, has ended, or has used up its time.
    static func waitForNews(of children: [RunningChild]) {
        // The end of a child whose daemon keeps the pipes open shows in no pipe.
        let descriptors = children.flatMap { $0.openEnds.map(\.descriptor) + [$0.end] }
        var events = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let deadline = children.map(\.deadlineMilliseconds).min() ?? 0
        let left = max(0, deadline - monotonicMilliseconds()) + 1
        // Without a descriptor for the end there is no event to wait for.
        let limit = children.contains { $0.end < 0 } ? min(left, 20) : min(left, 1000)
        _ = unsafe poll(&events, nfds_t(events.count), Int32(limit))
    }

    /// Tells what the child has said since, and how it ended if it has.
    func pass(on onEvent: (Int, ChildEvent) -> Void) {
        // Asked first: what a child said before its end is in the pipe by then.
        let ended = statusIfEnded(process)
        openEnds.removeAll { end in !drain(end.descriptor, end.isError, onEvent) }
        if let ended {
            isOver = true
            let tooSlow = ProcessError.tooSlow(
                program: command.program, limitSeconds: limitSeconds)
            onEvent(index, isStopped ? .failed(tooSlow) : .ended(ended))
        } else if monotonicMilliseconds() > deadlineMilliseconds {
            kill(process, isStopped ? SIGKILL : SIGTERM)
            isStopped = true
            deadlineMilliseconds += Self.graceMilliseconds
        }
    }

    /// Passes on what is in the pipe; false at its end.
    private func drain(
        _ descriptor: Int32, _ isError: Bool, _ onEvent: (Int, ChildEvent) -> Void
    ) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&event, 1, 0) > 0 else { return true }
            let count = retryingOnInterrupt { unsafe read(descriptor, &chunk, chunk.count) }
            if count <= 0 { return false }
            let text = ByteString(chunk[..<count])
            onEvent(index, isError ? .errors(text) : .output(text))
        }
    }
}
