// The command line of postmulti(1): getopt(3) rules, and the rules on what goes with what.
//
// Wording, order of the checks and odd cases are those of the stock program, because scripts
// depend on them. Nothing here looks at the host.

package import Bytes
package import Instances

/// What the operator asks for.
package struct Options: Hashable, Sendable {
    package var mode: Mode
    package var selection: Selection = .unspecified
    package var isReversed = false
    package var isJSON = false
    /// Option -v was given: children are told to be verbose.
    package var isVerbose = false
    /// Options -I and -G: nil says nothing, an empty string clears.
    package var newName: ByteString?
    package var newGroup: ByteString?
    /// What follows the options.
    package var arguments: [ByteString] = []

    /// The one of the four modes that the operator chose.
    package enum Mode: Hashable, Sendable {
        case list
        case wrapper
        case command
        case edit(LifecycleRequest.Action)
    }

    /// Reads the arguments after the program's name.
    package init(_ arguments: [ByteString]) throws(UsageFault) {
        var reader = Getopt(arguments)
        var raw = RawOptions()
        while let option = reader.next() {
            switch option {
            case .fault(let fault):
                throw .usage(fault)
            case .option(let letter, let value):
                try raw.take(letter, value)
            }
        }
        self = try raw.checked(arguments: reader.rest)
    }

    fileprivate init(_ mode: Mode) { self.mode = mode }
}

/// What is wrong with a command line; words are made elsewhere.
package enum UsageFault: Error, Hashable, Sendable {
    case usage(GetoptFault)
    case invalidAction(ByteString)
    case groupTwice
    case nameTwice
    case severalSelections
    case notOneMode
    case commandWithList
    case commandMissing
    case reverseNotAllowed
    case assignmentWithoutAssign
    case assignmentWithAction(LifecycleRequest.Action)
    case nothingToAssign
    case settingsWithAction(LifecycleRequest.Action)
    case jsonWithoutList
}

/// The options while they are read, with the counts that decide about contradictions.
private struct RawOptions {
    var options = Options(.list)
    var mode: Options.Mode?
    var modeCount = 0
    var selectionCount = 0

    mutating func take(_ letter: UInt8, _ value: ByteString) throws(UsageFault) {
        switch letter {
        case UInt8(ascii: "a"):
            // -a given twice counts once.
            if options.selection != .all { selectionCount += 1 }
            options.selection = .all
        case UInt8(ascii: "g"):
            selectionCount += 1
            options.selection = .group(value)
        case UInt8(ascii: "i"):
            selectionCount += 1
            options.selection = .instance(value)
        case UInt8(ascii: "e"):
            guard let action = LifecycleRequest.Action(rawValue: value.text) else {
                throw .invalidAction(value)
            }
            setMode(.edit(action))
        case UInt8(ascii: "l"): setMode(.list)
        case UInt8(ascii: "p"): setMode(.wrapper)
        case UInt8(ascii: "x"): setMode(.command)
        case UInt8(ascii: "G"):
            guard options.newGroup == nil else { throw .groupTwice }
            options.newGroup = value == "-" ? "" : value
        case UInt8(ascii: "I"):
            guard options.newName == nil else { throw .nameTwice }
            options.newName = value == "-" ? "" : value
        case UInt8(ascii: "R"): options.isReversed.toggle()
        case UInt8(ascii: "j"): options.isJSON = true
        default: options.isVerbose = true
        }
    }

    /// The same mode given twice counts once.
    private mutating func setMode(_ new: Options.Mode) {
        if mode != new { modeCount += 1 }
        mode = new
    }

    func checked(arguments: [ByteString]) throws(UsageFault) -> Options {
        if selectionCount > 1 { throw .severalSelections }
        guard modeCount == 1, let mode else { throw .notOneMode }
        var result = options
        result.mode = mode
        result.arguments = arguments
        let assigns = options.newName != nil || options.newGroup != nil
        switch mode {
        case .list:
            if !arguments.isEmpty { throw .commandWithList }
        case .command, .wrapper:
            if arguments.isEmpty { throw .commandMissing }
        case .edit:
            break
        }
        if mode != .list, mode != .command, options.isReversed { throw .reverseNotAllowed }
        switch mode {
        case .list, .command, .wrapper:
            if assigns { throw .assignmentWithoutAssign }
        case .edit(let action):
            try check(action, assigns: assigns, hasSettings: !arguments.isEmpty)
        }
        if options.isJSON, mode != .list { throw .jsonWithoutList }
        return result
    }

    private func check(
        _ action: LifecycleRequest.Action, assigns: Bool, hasSettings: Bool
    ) throws(UsageFault) {
        let takesNames = action == .create || action == .import || action == .assign
        if assigns, !takesNames { throw .assignmentWithAction(action) }
        if action == .assign, !assigns { throw .nothingToAssign }
        let takesSettings = action == .create || action == .import
        if hasSettings, !takesSettings { throw .settingsWithAction(action) }
    }
}
