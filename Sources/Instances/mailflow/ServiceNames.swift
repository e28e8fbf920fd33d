// The host's names of TCP ports: services(5).

package import Bytes

/// Names of TCP ports.
package struct ServiceNames: Sendable {
    private var ports: [ByteString: Int] = [:]

    /// Reads the text of a services(5) file; the first line of a name counts.
    package init(_ text: ByteString) {
        for line in text.split(where: { $0 == 0x0A }) {
            let code = ByteString(line.bytes.prefix { $0 != 0x23 })
            let words = code.split { $0 == 0x20 || $0 == 0x09 }
            guard words.count >= 2, words[1].hasSuffix("/tcp"),
                let port = Int(ByteString(words[1].bytes.dropLast(4)).text)
            else { continue }
            for name in [words[0]] + words.dropFirst(2) where ports[name] == nil {
                ports[name] = port
            }
        }
    }

    /// The port that a number or a name stands for.
    package func port(_ word: ByteString) -> Observed<Int> {
        if let port = Int(word.text), (0...65535).contains(port) { return .known(port) }
        if let port = ports[word] { return .known(port) }
        return .unknown(reason: "\(word) is not in /etc/services")
    }
}
