// What must hold for the record of a transaction: what was written is read, what was cut is not.
//
// Input: bytes to decode; and, taken apart, the fields of a record to write.

import Bytes
import Instances

/// Checks the record of a transaction.
@Sendable
func checkTransactionRecord(_ input: ByteString) throws(BrokenProperty) {
    if let record = TransactionRecord(decoding: input) {
        try checkRoundTrip(record)
        for step in record.changes.preparation { _ = step.description }
    }
    // Behind the right header, arbitrary fields get further.
    _ = TransactionRecord(decoding: "postilion-transaction 1\n" + input)

    var input = FuzzInput(input)
    let cut = input.nextNumber()
    let record = TransactionRecord(
        startedSeconds: input.nextNumber(), user: UInt32(truncatingIfNeeded: input.nextNumber()),
        invokedBy: input.next(), command: [input.next(), input.next()],
        changes: ChangeSet(
            title: input.next(), preparation: steps(2, &input), commit: steps(1, &input).first,
            completion: steps(3, &input)))
    try checkRoundTrip(record)
    let bytes = record.encoded
    let part = ByteString(bytes.bytes.prefix(cut % bytes.count))
    try expect(TransactionRecord(decoding: part) == nil, "a record that was cut is no record")
}

private func checkRoundTrip(_ record: TransactionRecord) throws(BrokenProperty) {
    let again = TransactionRecord(decoding: record.encoded)
    try expect(again == record, "\(record) reads as it was written, not as \(again as Any)")
}

private func steps(_ limit: Int, _ input: inout FuzzInput) -> [ChangeSet.Step] {
    var steps: [ChangeSet.Step] = []
    while steps.count < limit, !input.isEmpty { steps.append(step(&input)) }
    return steps
}

private func step(_ input: inout FuzzInput) -> ChangeSet.Step {
    let kind = input.next()
    let path = input.next()
    func number() -> UInt32 { UInt32(truncatingIfNeeded: input.nextNumber()) }
    switch kind {
    case "make": return .makeDirectory(path: path, mode: number())
    case "create":
        return .createFile(
            path: path, contents: input.next(),
            attributes: .init(mode: number(), owner: number(), group: number()))
    case "edit": return .editFile(path: path, old: input.next(), new: input.next())
    case "move": return .move(path: path, newPath: input.next())
    case "set":
        let group = input.next()
        return .setPermissions(
            .init(
                path: path, mode: number(), owner: number(),
                group: group.isEmpty ? nil : UInt32(group.count),
                includesContents: !input.next().isEmpty))
    case "remove": return .removeDirectory(path: path)
    default: return .removeFile(path: path)
    }
}
