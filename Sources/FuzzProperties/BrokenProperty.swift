// How a property says that it does not hold.

/// A sentence about something that should have been true for every input, and was not.
package struct BrokenProperty: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ sentence: String) { description = sentence }
}

/// Throws unless the condition holds; the sentence says what should have been true.
func expect(
    _ condition: Bool, _ sentence: @autoclosure () -> String
) throws(BrokenProperty) {
    if !condition { throw BrokenProperty(sentence()) }
}
