// The history as a value: which generation is in effect, and which one is meant.

import Bytes
import Instances
import Testing

@Suite struct `The generations` {
    private func entry(_ number: Int, takesBack: Int? = nil) -> Generations.Entry {
        .generation(
            Generation(
                number: number,
                record: TransactionRecord(
                    startedSeconds: 1, user: 0, invokedBy: "", command: [], takesBack: takesBack,
                    changes: ChangeSet(title: "x"))))
    }

    @Test func `are in effect unless an undo in effect takes them back`() throws {
        let all = Generations([
            entry(1), entry(2), entry(3, takesBack: 2), entry(4, takesBack: 3),
            entry(5, takesBack: 2), .damaged(number: 6, reason: "r"),
        ])
        #expect((1...6).map { all.undo(of: $0) } == [nil, 5, 4, nil, nil, nil])
        #expect(all.newestToTakeBack?.number == 1)
        #expect(all.entries.map(\.number) == [6, 5, 4, 3, 2, 1])
    }

    @Test func `are chosen by number, or the newest in effect`() throws {
        let all = Generations([
            entry(1), entry(2), entry(3, takesBack: 2), .damaged(number: 6, reason: "r"),
        ])
        #expect(try all.chosen(nil).number == 1)
        #expect(try all.chosen(3).number == 3)
        #expect(throws: UndoRefusal.damaged(6, reason: "r")) { try all.chosen(6) }
        #expect(throws: UndoRefusal.noSuchGeneration(7)) { try all.chosen(7) }
        #expect(throws: UndoRefusal.nothingToTakeBack) { try Generations([]).chosen(nil) }
    }
}
