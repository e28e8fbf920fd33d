// getopt(3) without permutation: bundled letters, values attached or apart, "--" ends the options.

package import Bytes

/// What getopt(3) finds wrong with an option.
package enum GetoptFault: Hashable, Sendable {
    case unknown(UInt8)
    case valueMissing(UInt8)
}

/// Reads options one by one.
package struct Getopt {
    /// What stands at one place of a command line.
    package enum Found: Hashable, Sendable {
        case option(UInt8, value: ByteString)
        case fault(GetoptFault)
    }

    private static let withValue = Set("egiGI".utf8)
    private static let withoutValue = Set("ajlpRvx".utf8)

    private var arguments: ArraySlice<ByteString>
    /// The letters of a bundle that are still to be read.
    private var bundle: ArraySlice<UInt8> = []

    package init(_ arguments: [ByteString]) { self.arguments = arguments[...] }

    /// What follows the options, once `next` has returned nil.
    package var rest: [ByteString] { Array(arguments) }

    /// The next option, or nil at the first argument that is none.
    package mutating func next() -> Found? {
        if bundle.isEmpty {
            guard let argument = arguments.first, argument.count > 1, argument.hasPrefix("-")
            else { return nil }
            arguments.removeFirst()
            if argument == "--" { return nil }
            bundle = argument.bytes.dropFirst()
        }
        let letter = bundle.removeFirst()
        if Self.withoutValue.contains(letter) { return .option(letter, value: "") }
        guard Self.withValue.contains(letter) else { return .fault(.unknown(letter)) }
        if !bundle.isEmpty {
            let value = ByteString(bundle)
            bundle = []
            return .option(letter, value: value)
        }
        guard let value = arguments.popFirst() else { return .fault(.valueMissing(letter)) }
        return .option(letter, value: value)
    }
}
