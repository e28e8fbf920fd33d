// Words that somebody may have meant who wrote another one. It must not know what they stand for.

/// The known words that differ from `word` by a slip or two, the nearest first.
package func nearMisses(of word: ByteString, among known: [ByteString]) -> [ByteString] {
    // One slip in a short word, two in a longer one: more is another word.
    let limit = word.count < 5 ? 1 : 2
    let distances = Set(known).map { (word: $0, distance: editDistance(word, $0)) }
    return distances.filter { $0.distance <= limit }
        .sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }.map(\.word)
}

/// The least number of bytes to insert, remove or replace that makes one word the other.
private func editDistance(_ left: ByteString, _ right: ByteString) -> Int {
    // A file may hold words of any length, but nobody mistypes such.
    if max(left.count, right.count) > 100 { return .max }
    var row = Array(0...right.count)
    for (index, byte) in left.bytes.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in 0..<right.count {
            let replaced = diagonal + (byte == right.bytes[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
        }
    }
    return row[right.count]
}
