// Diffs as diff -u prints them. The texts of the fixed cases were printed by GNU diff.

import Bytes
import Testing

@testable import PostilionCommand

@Suite struct `A unified diff` {
    private func diff(_ old: ByteString?, _ new: ByteString?) -> ByteString {
        UnifiedDiff(path: "f", old: old, new: new).text
    }

    @Test func `of equal texts is empty`() {
        #expect(diff("a\n", "a\n") == "")
        #expect(diff("", "") == "")
    }

    @Test func `has three lines of context`() {
        let old: ByteString = "1\n2\n3\n4\n5\n6\n7\n8\n9\n"
        let new: ByteString = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"
        #expect(
            diff(old, new) == """
                --- f
                +++ f
                @@ -2,7 +2,7 @@
                 2
                 3
                 4
                -5
                +five
                 6
                 7
                 8

                """)
    }

    @Test func `has one hunk for changes that are near, and two for others`() {
        let lines = (1...20).map { "\($0)\n" }
        func text(_ changed: Set<Int>) -> ByteString {
            ByteString(lines.indices.map { changed.contains($0) ? "x\n" : lines[$0] }.joined())
        }
        let hunk = "@@ -"
        #expect(diff(text([]), text([4, 11])).text.components(of: hunk) == 1)
        #expect(diff(text([]), text([4, 12])).text.components(of: hunk) == 2)
    }

    @Test func `tells of files that are made or gone`() {
        #expect(diff(nil, "a\nb\n") == "--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n")
        #expect(diff("a\n", nil) == "--- f\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n")
    }

    @Test func `tells of a last line without end`() {
        let remark = "\\ No newline at end of file\n"
        #expect(
            diff("a\nb", "a\nb\n").text == "--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\n-b\n\(remark)+b\n")
    }

    @Test func `leads from the one text to the other, whatever they are`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let old = text(&random), new = text(&random)
            let lines = UnifiedDiff(path: "f", old: old, new: new).lines
            #expect(applied(lines, to: old) == new, "\(old)\n---\n\(new)")
        }
    }

    @Test func `is the whole of both texts if they have little in common`() {
        let old = ByteString((0..<2000).map { "old \($0)\n" }.joined())
        let new = ByteString((0..<2000).map { "new \($0)\n" }.joined())
        let lines = UnifiedDiff(path: "f", old: old, new: new).lines
        #expect(lines.count == 4003)
        #expect(applied(lines, to: old) == new)
    }

    /// A text of few different lines, the last one perhaps without its end.
    private func text(_ random: inout SystemRandomNumberGenerator) -> ByteString {
        let count = Int.random(in: 0...20, using: &random)
        var lines = (0..<count).map { _ in "\("abcd".randomElement(using: &random) ?? "a")\n" }
        if count > 0, Bool.random(using: &random) { lines[count - 1].removeLast() }
        return ByteString(lines.joined())
    }

    /// What patch(1) makes of a text, strictly: each line of context must be where it is said.
    private func applied(_ diff: [UnifiedDiff.Line], to old: ByteString) -> ByteString? {
        let old = lines(old)
        var new: [ByteString] = []
        var position = 0
        for (index, line) in diff.enumerated() {
            let isCut = index + 1 < diff.count && diff[index + 1].kind == .remark
            let content = line.text.dropFirst(1) + (isCut ? "" : "\n")
            switch line.kind {
            case .header, .remark: continue
            case .hunk:
                let fields = line.text.split { $0 == 0x20 || $0 == 0x2C || $0 == 0x40 }
                guard let start = Int(fields[0].dropFirst(1).text) else { return nil }
                let isEmpty = line.text.text.contains("-\(start),0 ")
                while position < (isEmpty ? start : start - 1) {
                    new.append(old[position])
                    position += 1
                }
            case .same, .removed:
                guard position < old.count, old[position] == content else { return nil }
                if line.kind == .same { new.append(content) }
                position += 1
            case .added: new.append(content)
            }
        }
        new += old[position...]
        return new.reduce("") { $0 + $1 }
    }

    private func lines(_ text: ByteString) -> [ByteString] {
        var lines: [ByteString] = [""]
        for byte in text.bytes {
            lines[lines.count - 1].bytes.append(byte)
            if byte == 0x0A { lines.append("") }
        }
        return lines.filter { !$0.isEmpty }
    }
}

extension String {
    /// How often a part is in the text.
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
