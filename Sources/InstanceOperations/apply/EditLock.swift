// The lock that all programs of this product share while they change the registration of instances.

import Bytes
package import HostAccess

/// The exclusive right to change instances.
package struct EditLock {
    private let files: any FileSystem

    /// A directory that only root can write in, so that nobody else can hold the lock.
    private static let directory: ByteString = "/run/postilion"
    private static let path: ByteString = "/run/postilion/lock"

    /// Far longer than any action takes; a holder that is slower has a problem of its own.
    private static let waitSeconds = 60

    package init(_ files: any FileSystem) { self.files = files }

    /// Runs `body` while nobody else changes instances.
    package func hold<Result>(
        _ body: () throws(OperationFailure) -> Result
    ) throws(OperationFailure) -> Result {
        do {
            if try files.status(of: Self.directory, followingLinks: false) == nil {
                try makeDirectory()
            }
            return try files.withExclusiveLock(
                Self.path, waitSeconds: Self.waitSeconds, body)
        } catch let failure as OperationFailure {
            throw failure
        } catch let error as FileError {
            throw .file(error)
        } catch {
            preconditionFailure("the lock fails with file errors only: \(error)")
        }
    }

    private func makeDirectory() throws {
        do throws(FileError) {
            try files.makeDirectory(Self.directory, mode: 0o755)
        } catch {
            // Another process that starts at the same time may have been faster.
            guard case .system(_, _, .exists) = error else { throw error }
        }
    }
}
