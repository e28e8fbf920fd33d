// Reads the messages in the queues of one instance: their envelopes, and the reasons for which they
// wait.
//
// Some hundred messages are in memory at a time. What vanishes between looking and opening is
// looked for in the other queues; files that are being made or worked on are passed over, as by
// Postfix.

import Bytes
package import HostAccess
package import Instances
package import PostfixFormats

/// What could not be told of some messages.
package struct QueueReadingTally: Hashable, Sendable {
    /// Messages that went away before they were read.
    package var vanished = 0
    /// Files that are not finished, are being worked on, or are no messages.
    package var passedOver = 0
    /// Why the first file that could not be read was not.
    package var failure: FileError?

    package init() {}
}

/// Reads queued messages.
package struct QueueReader {
    private let queues: QueueDirectories
    private let clock: any Clock
    private let withReasons: Bool

    /// So many messages are read at a time.
    private static let batchMessages = 1024
    /// Where a message may be when it is no longer where it was seen, the likely ones first.
    private static let otherQueues: [QueueName] = [
        .active, .deferred, .incoming, .hold, .corrupt, .maildrop,
    ]

    /// - Parameters:
    ///   - instance: Whose queues are read.
    ///   - withReasons: The reasons of deferrals are read, too.
    package init(_ host: Host, _ instance: Instance, withReasons: Bool) {
        queues = QueueDirectories(host.files, instance.queueDirectory)
        clock = host.clock
        self.withReasons = withReasons
    }

    /// Where messages lie, by the names of their files.
    package func places(_ filter: MessageFilter) throws(FileError) -> [QueuePlace] {
        let names = QueueName.allCases.filter(filter.admits)
        return try QueueScan.places(in: queues, of: names, nowSeconds: clock.nowSeconds)
    }

    /// Reads the messages that a filter means, and hands them on in batches; false from `body` ends
    /// the reading.
    package func read(
        _ filter: MessageFilter, _ body: ([QueuedMessage]) -> Bool
    ) throws(FileError) -> QueueReadingTally {
        var tally = QueueReadingTally()
        for place in try places(filter) {
            var rest = place.ids[...]
            if !filter.ids.isEmpty { rest = rest.filter { filter.ids.contains($0.text) }[...] }
            while !rest.isEmpty {
                let batch = rest.prefix(Self.batchMessages)
                rest = rest.dropFirst(Self.batchMessages)
                var messages = try self.messages(Array(batch), place, &tally)
                if withReasons { addReasons(&messages) }
                // Since some have moved, the condition on the queue is asked again.
                messages.removeAll { !filter.matches($0, nowSeconds: clock.nowSeconds) }
                if !messages.isEmpty, !body(messages) { return tally }
            }
        }
        return tally
    }

    private func messages(
        _ ids: [QueueID], _ place: QueuePlace, _ tally: inout QueueReadingTally
    ) throws(FileError) -> [QueuedMessage] {
        var messages: [QueuedMessage] = []
        messages.reserveCapacity(ids.count)
        let directory = try queues.open(place.queue.text, letters: place.letters)
        let found = directory.map { Self.read(ids, in: $0, place.queue) }
        for (index, id) in ids.enumerated() {
            switch found?[index] {
            case .success(let message?): messages.append(message)
            case .success(nil): tally.passedOver += 1
            case .failure(let error) where !error.isNotFound:
                tally.passedOver += 1
                tally.failure = tally.failure ?? error
            case .failure, nil:
                if let message = message(id, notIn: place.queue) {
                    messages.append(message)
                } else {
                    tally.vanished += 1
                }
            }
        }
        return messages
    }

    /// Looks for a message that has moved; nil if it is nowhere.
    package func message(_ id: QueueID, notIn queue: QueueName? = nil) -> QueuedMessage? {
        // A message moves on while it is looked for: its first place comes once more at the end.
        for name in Self.otherQueues.filter({ $0 != queue }) + (queue.map { [$0] } ?? []) {
            for depth in 0..<QueueScan.limitDepth {
                let letters = ByteString(id.hashLetters.bytes.prefix(depth))
                // What cannot be opened does not have it, as far as anybody can tell.
                guard let directory = try? queues.open(name.text, letters: letters) else { break }
                if case .success(let message?)? = Self.read([id], in: directory, name).first {
                    return message
                }
            }
        }
        return nil
    }

    /// Reads files of one directory; nil for what is no finished message.
    private static func read(
        _ ids: [QueueID], in directory: any DirectoryReading, _ queue: QueueName
    ) -> [Result<QueuedMessage?, FileError>] {
        directory.readEach(of: ids.map(\.text)) {
            (index, status, file) throws(FileError) -> QueuedMessage? in
            // Postfix marks what is ready by the owner's rights: all of them.
            guard status.mode & 0o700 == 0o700 else { return nil }
            let envelope = try file.envelope(
                sizeBytes: status.sizeBytes, isNew: queue == .maildrop)
            guard let sender = envelope.sender else { return nil }
            return QueuedMessage(
                queue: queue, id: ids[index],
                arrivedSeconds: envelope.arrivedSeconds ?? status.modified.seconds,
                sizeBytes: envelope.messageBytes ?? status.sizeBytes,
                isForcedToExpire: status.mode & 0o010 != 0,
                sender: sender.shown,
                recipients: envelope.recipients.map { QueuedMessage.Recipient(address: $0.shown) })
        }
    }

    /// Puts the reasons of deferrals to messages.
    private func addReasons(_ messages: inout [QueuedMessage]) {
        var waiting = messages.indices.filter { messages[$0].queue != .maildrop }
        // Usual is one level; an installation that hashes otherwise costs more looks.
        for depth in [1, 0, 2, 3] where !waiting.isEmpty {
            var byLetters: [ByteString: [Int]] = [:]
            for index in waiting {
                let letters = messages[index].id.hashLetters.bytes.prefix(depth)
                byLetters[ByteString(letters), default: []].append(index)
            }
            waiting = []
            for (letters, indices) in byLetters {
                // Without a reason a message is shown all the same.
                guard let directory = try? queues.open("defer", letters: letters) else { continue }
                let logs = directory.readEach(of: indices.map { messages[$0].id.text }) {
                    (_, status, file) throws(FileError) in
                    DeferLog(try file.wholeText(sizeBytes: status.sizeBytes))
                }
                for (index, log) in zip(indices, logs) {
                    if case .success(let log) = log {
                        messages[index].add(log)
                    } else if messages[index].queue == .deferred {
                        waiting.append(index)
                    }
                }
            }
        }
    }
}

extension ByteString {
    /// The address of an envelope as Postfix shows it.
    fileprivate var shown: ByteString { isEmpty ? "MAILER-DAEMON" : outerAddress }
}

extension LargeFile {
    /// The first piece of a file has the envelopes of most messages.
    private static var pieceBytes: Int { 4096 }
    /// No address is as long as that; a longer record is damage.
    private static var limitPieceBytes: Int { 1 << 20 }
    /// The reasons of a hundred thousand recipients.
    private static var limitTextBytes: Int { 1 << 25 }

    /// Reads the envelope of a queue file.
    fileprivate func envelope(sizeBytes: Int, isNew: Bool) throws(FileError) -> QueueEnvelope {
        var reader = QueueEnvelopeReader(fileBytes: sizeBytes, isNew: isNew)
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        var offset = 0
        while true {
            let count = try read(into: &piece, at: offset)
            switch reader.read(piece.span.extracting(first: count), at: offset) {
            case .nothing: return reader.envelope
            case .bytes(let next):
                // Nothing more than last time: the file ends there.
                if count == 0 || next == offset && count < piece.count { return reader.envelope }
                if next == offset {
                    guard piece.count < Self.limitPieceBytes else { return reader.envelope }
                    piece = [UInt8](repeating: 0, count: piece.count * 4)
                }
                offset = next
            }
        }
    }

    /// All that a small file holds, or as much of it as anybody wants to see.
    fileprivate func wholeText(sizeBytes: Int) throws(FileError) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: min(sizeBytes, Self.limitTextBytes))
        let count = try read(into: &text, at: 0)
        text.removeSubrange(count...)
        return text
    }
}
