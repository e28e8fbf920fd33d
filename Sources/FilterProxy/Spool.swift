// A message that waits to be inspected: in memory as long as it is small, then in a file that has
// no name, so that nothing is left of it whatever happens.

package import Bytes
import HostAccess
package import NIOCore
package import NIOPosix
import SMTPProtocol

/// Where and how much may wait.
package struct SpoolSettings: Sendable {
    /// The directory of the files.
    package var directory: ByteString
    /// So many bytes of a message stay in memory.
    package var memoryLimit: Int
    /// The threads that wait for the disk, so that no session does.
    package var threads: NIOThreadPool

    package init(directory: ByteString, memoryLimit: Int, threads: NIOThreadPool) {
        self.directory = directory
        self.memoryLimit = memoryLimit
        self.threads = threads
    }
}

/// A message on its way in, on the event loop of its session.
final class Spool {
    private let settings: SpoolSettings
    private let loop: any EventLoop
    private var memory = ByteBuffer()
    private var file: UnnamedFile?
    private var fileBytes = 0
    /// True while the disk is written to: nothing more should be read from the client.
    private(set) var isBusy = false
    private var failure: FileError?
    private var whenIdle: (() -> Void)?

    init(settings: SpoolSettings, loop: any EventLoop) {
        self.settings = settings
        self.loop = loop
    }

    /// Appends bytes; `told` is called when the disk has taken them, if they went there.
    func append(_ bytes: ByteBuffer, told: @escaping (FileError?) -> Void) {
        memory.writeImmutableBuffer(bytes)
        guard memory.readableBytes >= settings.memoryLimit, !isBusy, failure == nil else { return }
        isBusy = true
        let bound = NIOLoopBound((spool: self, told: told), eventLoop: loop)
        let (bytes, offset, directory) = (memory, fileBytes, settings.directory)
        let existing = file
        memory = ByteBuffer()
        settings.threads.runIfActive(eventLoop: loop) {
            () -> Result<UnnamedFile, FileError> in
            do throws(FileError) {
                let file = if let existing { existing } else { try UnnamedFile(in: directory) }
                try file.write(bytes.readableBytesUInt8Span, at: offset)
                return .success(file)
            } catch {
                return .failure(error)
            }
        }.whenComplete { outcome in
            let (spool, told) = bound.value
            spool.written(bytes.readableBytes, outcome)
            told(spool.failure)
            spool.whenIdle?()
            spool.whenIdle = nil
        }
    }

    private func written(
        _ count: Int, _ outcome: Result<Result<UnnamedFile, FileError>, any Error>
    ) {
        isBusy = false
        switch outcome {
        case .success(.success(let file)):
            self.file = file
            fileBytes += count
        case .success(.failure(let error)): failure = error
        case .failure:
            // The threads have ended, because the whole process does.
            failure = .system(operation: .write, path: settings.directory, error: .inputOutput)
        }
    }

    /// Calls `body` with the whole message, as soon as the disk is not written to; never with one
    /// that the disk has not taken, of which `append` has told.
    func whole(_ body: @escaping (SpooledMessage) -> Void) {
        guard !isBusy else {
            whenIdle = { [self] in whole(body) }
            return
        }
        guard failure == nil else { return }
        body(
            SpooledMessage(
                file: file, fileBytes: fileBytes, memory: memory, threads: settings.threads))
    }
}

/// A whole message that waits; any thread may read it.
package struct SpooledMessage: Sendable {
    private let file: UnnamedFile?
    private let fileBytes: Int
    private let memory: ByteBuffer
    private let threads: NIOThreadPool

    init(file: UnnamedFile?, fileBytes: Int, memory: ByteBuffer, threads: NIOThreadPool) {
        self.file = file
        self.fileBytes = fileBytes
        self.memory = memory
        self.threads = threads
    }

    /// The length in the form that goes over the wire, with the lone dot at the end.
    package var wireBytes: Int { fileBytes + memory.readableBytes }

    private static let pieceBytes = 262_144

    /// Calls `body` with one piece after the other, in the form that goes over the wire.
    func forEachWirePiece(_ body: (ByteBuffer) async throws -> Void) async throws {
        var offset = 0
        while offset < fileBytes, let file {
            let (start, count) = (offset, min(Self.pieceBytes, fileBytes - offset))
            let piece = try await threads.runIfActive {
                ByteBuffer(bytes: try file.read(at: start, count: count))
            }
            guard piece.readableBytes == count else {
                throw FileError.system(operation: .read, path: "spool", error: .inputOutput)
            }
            offset += count
            try await body(piece)
        }
        if memory.readableBytes > 0 { try await body(memory) }
    }

    /// The same without all header fields of these names.
    func forEachWirePiece(
        without names: [String], _ body: (ByteBuffer) async throws -> Void
    ) async throws {
        guard !names.isEmpty else { return try await forEachWirePiece(body) }
        var removal = HeaderRemoval(names: names.map { Array($0.utf8) })
        try await forEachWirePiece { piece in
            let kept = piece.parts(of: &removal)
            if kept.readableBytes > 0 { try await body(kept) }
        }
    }

    /// Calls `body` with one piece of the message itself after the other, lines ending in CR LF.
    package func forEachPiece(_ body: (ByteBuffer) async throws -> Void) async throws {
        var unstuffing = DotUnstuffing()
        // The lone dot at the end may be cut by pieces, so the last bytes always wait.
        var kept = ByteBuffer()
        try await forEachWirePiece { piece in
            kept.writeImmutableBuffer(piece)
            guard kept.readableBytes > Self.endBytes,
                let ready = kept.readSlice(length: kept.readableBytes - Self.endBytes)
            else { return }
            try await body(
                ready.parts(unstuffing.ranges(ready.readableBytesUInt8Span, isLast: false)))
            kept = ByteBuffer(buffer: kept)
        }
        let last = kept.parts(unstuffing.ranges(kept.readableBytesUInt8Span, isLast: true))
        if last.readableBytes > 0 { try await body(last) }
    }

    /// The length of the message itself.
    func contentBytes() async throws -> Int {
        var count = 0
        try await forEachPiece { count += $0.readableBytes }
        return count
    }

    /// ".CRLF".
    private static let endBytes = 3
}
