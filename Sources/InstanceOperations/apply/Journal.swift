// The journal: what a transaction is about to do, on the disk before it does it.
//
// It stays until the transaction is finished or undone. A journal that is found by the next
// command is one that a crash left.

import Bytes
import HostAccess
import Instances

/// The record of the transaction that is under way.
struct Journal {
    let files: any FileSystem

    /// 256 MiB: a transaction over 500 instances needs some 40.
    private static let limitBytes = 1 << 28

    /// Puts the record on the disk before the first effect.
    func begin(_ record: TransactionRecord) throws(FileError) {
        try StateDirectory.prepare(in: files)
        try files.replace(
            StateDirectory.journal,
            with: FileReplacement(
                contents: record.encoded, expected: .absent,
                attributes: .given(mode: 0o600, owner: 0, group: 0)))
    }

    /// The record that a crash left, or nil if there is none.
    func interrupted() throws(OperationFailure) -> TransactionRecord? {
        let contents: FileContents
        do throws(FileError) {
            contents = try files.read(StateDirectory.journal, limitBytes: Self.limitBytes)
        } catch {
            if error.isNotFound { return nil }
            throw .file(error)
        }
        guard contents.status.owner == 0,
            let record = TransactionRecord(decoding: ByteString(contents.bytes))
        else { throw .damagedJournal(path: StateDirectory.journal) }
        return record
    }

    /// Forgets a transaction that was undone.
    func discard() throws(FileError) {
        try files.removeFile(StateDirectory.journal)
        try files.synchronise(directory: StateDirectory.path)
    }

    /// Makes the finished transaction the newest generation of the history.
    func archive() throws(FileError) {
        try StateDirectory.prepare(in: files)
        let history = History(files: files)
        try files.rename(StateDirectory.journal, to: history.nextPath())
        history.prune()
    }
}
