// What can go wrong with a file, closed and with the facts inside. Words are made elsewhere.

package import Bytes

/// The failure of one file operation.
package enum FileError: Error, Hashable, Sendable {
    /// The system refused `operation` on `path`.
    case system(operation: Operation, path: ByteString, error: SystemError)
    /// The path names something else than a regular file.
    case notRegularFile(path: ByteString)
    /// The file holds more than `limitBytes`.
    case tooLarge(path: ByteString, limitBytes: Int)
    /// The file kept changing while it was read, or changed between reading and replacing.
    case changedMeanwhile(path: ByteString)
    /// A lock stayed taken until the deadline; `holder` is its process id if known.
    case locked(path: ByteString, holder: Int?)

    /// The kind of operation, for the message.
    package enum Operation: String, Sendable {
        case open, read, write, sync, rename, remove, list, lock
        case changeMode = "change mode of"
        case changeOwner = "change owner of"
        case makeDirectory = "make directory"
        case removeDirectory = "remove directory"
        case status = "look at"
    }

    /// The path the operation was about.
    package var path: ByteString {
        switch self {
        case .system(_, let path, _), .notRegularFile(let path), .tooLarge(let path, _),
            .changedMeanwhile(let path), .locked(let path, _):
            path
        }
    }

    /// True if the failure is that there is nothing at the path.
    package var isNotFound: Bool {
        if case .system(_, _, .notFound) = self { true } else { false }
    }

    /// True if the failed replacement of a file has put the new content at the path all the same.
    ///
    /// Only its directory could not be synchronised, so a power cut may bring back the old one.
    package func isAfterReplacing(_ replaced: ByteString) -> Bool {
        guard case .system(.sync, let directory, _) = self else { return false }
        return directory == parentDirectory(of: replaced)
    }

    /// One sentence fragment in Postfix's manner: operation, path, reason.
    package var sentence: ByteString {
        switch self {
        case .system(let operation, let path, let error):
            "\(operation.rawValue) \(path): \(error.text)"
        case .notRegularFile(let path):
            "open \(path): not a regular file"
        case .tooLarge(let path, let limit):
            "read \(path): larger than \(limit) bytes"
        case .changedMeanwhile(let path):
            "\(path): changed by another program meanwhile"
        case .locked(let path, let holder):
            "\(path): locked by "
                + (holder.map { "process \($0)" as ByteString } ?? "another process")
        }
    }
}

/// The directory that a path leads to last.
package func parentDirectory(of path: ByteString) -> ByteString {
    let slash = path.bytes.lastIndex(of: 0x2F) ?? 0
    return slash == 0 ? "/" : ByteString(path.bytes[..<slash])
}
