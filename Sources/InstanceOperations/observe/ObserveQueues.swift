// What the queues of an instance hold: names only, and as few files as tell the age of the oldest.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// Counts the messages of an instance.
struct QueueObserver {
    private let files: any FileReading
    private let clock: any Clock
    private let limitOpened: Int

    /// As many files of a queue are opened, to keep a view of many full queues quick.
    static let limitOpened = 500
    /// The start of so many files is read at a time.
    private static let batchFiles = 4096

    /// - Parameter limitOpened: Of how many messages of a queue the files may be looked into.
    init(_ host: Host, limitOpened: Int = QueueObserver.limitOpened) {
        files = host.files
        clock = host.clock
        self.limitOpened = limitOpened
    }

    /// The states of all queues below a queue directory.
    func queues(in queueDirectory: ByteString) -> Observed<[QueueState]> {
        let directories = QueueDirectories(files, queueDirectory)
        do throws(FileError) {
            let places = try QueueScan.places(
                in: directories, of: QueueName.allCases, nowSeconds: clock.nowSeconds)
            return .known(
                try QueueName.allCases.map { queue throws(FileError) in
                    try state(of: queue, places.filter { $0.queue == queue }, directories)
                })
        } catch {
            return .unknown(reason: error.sentence)
        }
    }

    private func state(
        of queue: QueueName, _ places: [QueuePlace], _ directories: QueueDirectories
    ) throws(FileError) -> QueueState {
        var state = QueueState(name: queue.text, messages: 0, oldestSeconds: nil)
        var opened = 0
        for place in places {
            state.messages += place.ids.count
            var silent: [ByteString] = []
            for id in place.ids {
                if let seconds = id.createdSeconds {
                    state.note(seconds)
                } else {
                    silent.append(id.text)
                }
            }
            let looked = silent.prefix(limitOpened - opened)
            if looked.count < silent.count { state.isOldestCertain = false }
            opened += looked.count
            guard !looked.isEmpty,
                let directory = try directories.open(queue.text, letters: place.letters)
            else { continue }
            for start in stride(from: 0, to: looked.count, by: Self.batchFiles) {
                let names = Array(looked.dropFirst(start).prefix(Self.batchFiles))
                for seconds in Self.arrivals(of: names, in: directory) { state.note(seconds) }
            }
        }
        return state
    }

    /// When messages came.
    ///
    /// The file's own times do not tell: the queue manager sets them to the next attempt. A message
    /// that has just left is none of the oldest any more.
    private static func arrivals(
        of names: [ByteString], in directory: any DirectoryReading
    ) -> [Int] {
        let heads = directory.readEach(of: names) { (_, _, file) throws(FileError) in
            var head = [UInt8](repeating: 0, count: QueueFile.headBytes)
            let count = try file.read(into: &head, at: 0)
            return QueueFile(head: Array(head.prefix(count)))?.arrivedSeconds
        }
        return heads.compactMap { if case .success(let seconds) = $0 { seconds } else { nil } }
    }
}

extension QueueState {
    fileprivate mutating func note(_ seconds: Int) {
        oldestSeconds = min(oldestSeconds ?? seconds, seconds)
    }
}
