// The whole table, for what is asked of all rows.

extension ParityRow {
    static let table: [ParityRow] = [
        listing, listingVaried, options, optionsTogether, environment, logging, commands,
        commandResults, wrapper, wrapperVaried, initialising, creating, creatingOver, refusing,
        refusingConflicts, importing, deporting, assigning, enabling, destroying, badPrimary,
        badPlaces, brokenSecondary, besideBroken, mendedDestroy, mendedCreate, mendedOther, json,
    ].flatMap { $0 }
}
