// Several texts as one.

extension Sequence<ByteString> {
    /// All texts in their order, with a separator between them.
    package func joined(by separator: ByteString) -> ByteString {
        ByteString(Array(map(\.bytes).joined(separator: separator.bytes)))
    }
}

extension [ByteString] {
    /// The texts with commas between them; of many, the first ones and how many more there are.
    package var abbreviated: ByteString {
        // As many names are read; more are counted.
        let shown = count <= 5 ? count : 3
        let list = prefix(shown).joined(by: ", ")
        return shown == count ? list : "\(list) and \(count - shown) more"
    }
}
