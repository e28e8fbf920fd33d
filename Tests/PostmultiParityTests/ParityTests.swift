// The parity table as tests: every row is played with the stock postmulti and with ours.
//
// POSTILION_ROW='part of a name' plays only the rows with that in their names, and
// POSTILION_SHOW=1 prints both outcomes. POSTILION_TEST_ROOT names another system tree.

import Bytes
import TestSupport
import Testing

@Suite(.enabled(if: TestedPostfix.obstacle() == nil, "\(TestedPostfix.obstacle() ?? "")"))
struct ParityTests {
    @Test(arguments: chosen(ParityRow.listing + ParityRow.listingVaried))
    func `instances are listed as by the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.options + ParityRow.optionsTogether))
    func `options are taken and refused as by the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.environment + ParityRow.logging))
    func `the environment has the same say and the log the same lines`(
        _ row: ParityRow
    ) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.commands + ParityRow.commandResults))
    func `commands are run as by the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.wrapper + ParityRow.wrapperVaried))
    func `postfix(1) is wrapped as by the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.initialising))
    func `init edits as the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.creating + ParityRow.creatingOver))
    func `instances are created as by the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.refusing + ParityRow.refusingConflicts))
    func `creation is refused as by the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.importing + ParityRow.deporting))
    func `instances come and go as with the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.assigning + ParityRow.enabling))
    func `names and states are set as by the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.destroying))
    func `instances are destroyed as by the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.badPrimary + ParityRow.badPlaces))
    func `bad input is met as by the stock program`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(arguments: chosen(ParityRow.brokenSecondary + ParityRow.besideBroken))
    func `a broken secondary does not stop the others`(_ row: ParityRow) async throws {
        try await compare(row)
    }

    @Test(
        arguments: chosen(
            ParityRow.mendedDestroy + ParityRow.mendedCreate + ParityRow.mendedOther
                + ParityRow.json))
    func `faults of the stock program are mended as documented`(
        _ row: ParityRow
    ) async throws {
        try await compare(row)
    }

    /// The rows that this test run is to play.
    private static func chosen(_ rows: [ParityRow]) -> [ParityRow] {
        guard let part = TestedPostfix.environment("POSTILION_ROW") else { return rows }
        return rows.filter { $0.name.contains(part) }
    }

    private func compare(_ row: ParityRow) async throws {
        async let stock = Laboratory.shared.outcome(of: row, with: .stock)
        async let ours = Laboratory.shared.outcome(of: row, with: .ours)
        let comparison = try await Comparison(row: row, stock: stock, ours: ours)
        if TestedPostfix.environment("POSTILION_SHOW") != nil {
            print(comparison.display)
        }
        let complaints = comparison.complaints
        if complaints.isEmpty { return }
        let waysIn =
            TestedPostfix.kept == nil
            ? "POSTILION_KEEP=/tmp/kept tells more: how to get a shell on what they left"
            : """
            a shell on what they left, the stock program first:
              \(try await stock.shellCommand)
              \(try await ours.shellCommand)
            """
        Issue.record(
            """
            \(row.name)
            \(complaints.joined(separator: "\n"))
            \(row.steps.map(\.text).joined(separator: "\n"))
            again, just this row:
              POSTILION_ROW='\(row.name)' POSTILION_SHOW=1 swift test --filter ParityTests
            \(waysIn)
            """)
    }
}
