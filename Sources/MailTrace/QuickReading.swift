// What the numbers of a whole log need to know of a line, read in place.

extension Span<UInt8> {
    /// True if a rule's line begins with a refusal.
    func isReject(at place: Int, end: Int) -> Bool {
        has("reject: ", at: place, end: end) || has("milter-reject: ", at: place, end: end)
            || has("proxy-reject: ", at: place, end: end)
    }

    /// Who brought a message, by the text behind its id: 0 for a program, 1 for a client, 2 for one
    /// on this host; nil if nobody did.
    func rank(_ start: Int, _ end: Int) -> Int? {
        if has("client=", at: start, end: end) {
            let isLocal = (start..<end).contains { place in
                self[place] == 0x5B
                    && (has("[127.", at: place, end: end)
                        || has("[::1]", at: place, end: end))
                    || self[place] == 0x6F && has("orig_queue_id=", at: place, end: end)
            }
            return isLocal ? 2 : 1
        }
        guard has("uid=", at: start, end: end) else { return nil }
        // "uid=0 from=<a@example.com> orig_id=6A532EC": it was in the queue before. Nothing of the
        // sender stands behind the last ">".
        let last = (start..<end).last { self[$0] == 0x3E } ?? start
        return has(" orig_id=", at: last + 1, end: end) ? nil : 0
    }

    func hasSuffix(_ text: StaticString, end: Int) -> Bool {
        let start = end - text.utf8CodeUnitCount
        return start >= 0 && has(text, at: start, end: end)
    }

    /// Where the status of a delivery stands.
    ///
    /// It is behind the recipients, who may hold the same words, and before the answer.
    func statusPlace(from start: Int, to end: Int) -> Int? {
        guard var place = addressEnd(from: start + 3, to: end) else { return nil }
        if has(", orig_to=<", at: place, end: end) {
            guard let next = addressEnd(from: place + 10, to: end) else { return nil }
            place = next
        }
        while place < end {
            if self[place] == 0x73, has("status=", at: place, end: end) { return place + 7 }
            // None of the fields between has a parenthesis; the answer begins with one.
            if self[place] == 0x28 { return nil }
            place += 1
        }
        return nil
    }

    /// The place behind "<address>", whose quoted part may hold anything.
    private func addressEnd(from start: Int, to end: Int) -> Int? {
        var place = start + 1
        var isQuoted = false
        while place < end {
            switch self[place] {
            case 0x5C where isQuoted: place += 1
            case 0x22: isQuoted.toggle()
            case 0x3E where !isQuoted: return place + 1
            default: break
            }
            place += 1
        }
        return nil
    }
}
