// Which messages the queues of an instance hold, by the names of their files: no file is opened.
//
// Messages move while the directories are read. They are read in the order of a message's way, and
// those in which something moves again against that order and so on, until nothing new is seen. A
// message that was seen twice counts where it was seen last; one that has gone meanwhile counts.

package import Bytes
package import HostAccess
package import Instances
package import PostfixFormats

/// Messages that lie in one directory.
package struct QueuePlace: Sendable {
    package let queue: QueueName
    /// The levels of hashing below the queue, one letter each; empty for the queue itself.
    package let letters: ByteString
    package fileprivate(set) var ids: [QueueID] = []
}

/// The directories of one instance's queues.
package struct QueueDirectories {
    private let files: any FileReading
    private let path: ByteString

    /// - Parameter path: The queue directory of the instance.
    package init(_ files: any FileReading, _ path: ByteString) {
        self.files = files
        self.path = path
    }

    /// Opens a directory below the queue directory; nil if there is none, as of a queue that was
    /// never used or a level of hashing that was given up.
    ///
    /// Postfix's own user may write below the queue itself: no link is followed there.
    func open(_ name: ByteString, letters: ByteString) throws(FileError) -> (any DirectoryReading)?
    {
        do throws(FileError) {
            var directory = try files.directory("\(path)/\(name)")
            for letter in letters.bytes {
                directory = try directory.directory(ByteString([letter]))
            }
            return directory
        } catch {
            if error.isNotFound { return nil }
            throw error
        }
    }
}

/// Reads the names in the queues of one instance.
struct QueueScan {
    private let queues: QueueDirectories
    private let nowSeconds: Int
    private var directories: [Directory] = []
    /// Of messages in directories in which something moves: the directory where it was seen last.
    private var lastPlaces: [QueueID: Int] = [:]
    /// How many messages were seen when their directory was read again, and nowhere before.
    private var lateMessages = 0

    /// Postfix hashes queues at most three levels deep.
    static let limitDepth = 4
    /// What is still missed after so many passes moves as often as it is looked for.
    private static let limitPasses = 5

    /// A directory that was read.
    private struct Directory {
        var place: QueuePlace
        /// When something moved in it last, as of the time before it was read.
        var modified: Timestamp
        /// Its messages are among those of which the last place is known.
        var isRestless = false
    }

    /// The messages in some queues, each once.
    static func places(
        in queues: QueueDirectories, of names: [QueueName], nowSeconds: Int
    ) throws(FileError) -> [QueuePlace] {
        var scan = QueueScan(queues: queues, nowSeconds: nowSeconds)
        for queue in QueueName.allCases where names.contains(queue) {
            try scan.read(queue, letters: "")
        }
        try scan.readAgain()
        return scan.places
    }

    private init(queues: QueueDirectories, nowSeconds: Int) {
        self.queues = queues
        self.nowSeconds = nowSeconds
    }

    private var places: [QueuePlace] {
        var lastPlaces = lastPlaces
        return directories.indices.compactMap { index in
            var place = directories[index].place
            if directories[index].isRestless {
                place.ids.removeAll { id in
                    if lastPlaces[id] != index { return true }
                    // One that went and came back is in the list twice.
                    lastPlaces[id] = nil
                    return false
                }
            }
            return place.ids.isEmpty ? nil : place
        }
    }

    /// Reads a directory and the levels of hashing below.
    private mutating func read(_ queue: QueueName, letters: ByteString) throws(FileError) {
        guard let directory = try queues.open(queue.text, letters: letters) else { return }
        let index = directories.count
        directories.append(
            Directory(
                place: QueuePlace(queue: queue, letters: letters),
                modified: try directory.status().modified))
        let levels = try take(namesOf: directory, index)
        // Sorted, so that the same mail is shown in the same order.
        for level in levels.sorted() { try read(queue, letters: letters + level) }
    }

    /// Takes the messages of a directory that are not known to be in it; returns its levels.
    private mutating func take(
        namesOf directory: any DirectoryReading, _ index: Int
    ) throws(FileError) -> [ByteString] {
        var levels: [ByteString] = []
        let mayGoDeeper = directories[index].place.letters.count < Self.limitDepth
        let isRestless = directories[index].isRestless
        for name in try directory.names() {
            // One character is a level of hashing: no need to ask for its kind.
            if name.count == 1 {
                if mayGoDeeper { levels.append(name) }
            } else if let id = QueueID(fileName: name) {
                if isRestless {
                    let last = lastPlaces.updateValue(index, forKey: id)
                    if last == index { continue }
                    if last == nil { lateMessages += 1 }
                }
                directories[index].place.ids.append(id)
            }
        }
        return levels
    }

    /// Reads those directories again in which something has moved, until nothing new is seen.
    private mutating func readAgain() throws(FileError) {
        for pass in 1..<Self.limitPasses {
            lateMessages = 0
            let order = Array(directories.indices)
            for index in pass.isMultiple(of: 2) ? order : order.reversed() {
                try readAgain(index)
            }
            if lateMessages == 0 { return }
        }
    }

    /// Reads a directory again if something has moved in it.
    private mutating func readAgain(_ index: Int) throws(FileError) {
        let place = directories[index].place
        guard let directory = try queues.open(place.queue.text, letters: place.letters) else {
            return
        }
        let modified = try directory.status().modified
        // File systems note times in ticks: of a time that is just over, more may be to come.
        let isSettled = modified.seconds < nowSeconds - 1
        if isSettled, modified == directories[index].modified { return }
        directories[index].modified = modified
        markRestless(index)
        for level in try take(namesOf: directory, index).sorted() {
            let letters = place.letters + level
            let isKnown = directories.contains {
                $0.place.queue == place.queue && $0.place.letters == letters
            }
            if isKnown { continue }
            let first = directories.count
            try read(place.queue, letters: letters)
            for index in first..<directories.count { markRestless(index) }
        }
    }

    /// Notes where the messages of a directory are, those that were not seen elsewhere since.
    private mutating func markRestless(_ index: Int) {
        if directories[index].isRestless { return }
        directories[index].isRestless = true
        for id in directories[index].place.ids where lastPlaces[id] == nil {
            lastPlaces[id] = index
        }
    }
}
