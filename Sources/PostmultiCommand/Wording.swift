// The words for what went wrong: those of the stock program wherever it has any.

package import Bytes
import InstanceOperations
import Instances
import PostfixFormats

extension GetoptFault {
    var wording: ByteString {
        switch self {
        case .unknown(let letter): "invalid option -- '\(ByteString([letter]))'"
        case .valueMissing(let letter):
            "option requires an argument -- '\(ByteString([letter]))'"
        }
    }
}

extension UsageFault {
    /// The stock program's own words for the fault.
    package func wording(programName name: ByteString) -> ByteString {
        switch self {
        case .usage:
            "Usage:\(name) -l [-v] [-a] [-g group] [-i instance] | "
                + "\(name) -p [-v] [-a] [-g group] [-i instance] command... | "
                + "\(name) -x [-v] [-a] [-i name] [-g group] command... | "
                + "\(name) -e action [-v] [-a] [-i name] [-g group] [-I name] "
                + "[-G group] [param=value ...]"
        case .invalidAction(let word):
            "Invalid '-e' edit action '\(word)'. Specify 'create', 'destroy', 'import', "
                + "'deport', 'enable', 'disable', 'assign' or 'init'"
        case .groupTwice: "Specify at most one '-G' option"
        case .nameTwice: "Specify at most one '-I' option"
        case .severalSelections: "Specity no more than one of '-a', '-g', '-i'"
        case .notOneMode: "Specify exactly one of '-e', '-l', '-p', '-x'"
        case .commandWithList: "Command not allowed with '-l'"
        case .commandMissing: "Command required with '-p' or '-x' option"
        case .reverseNotAllowed: "The '-p' and '-e' options preclude the use of '-R'"
        case .assignmentWithoutAssign:
            "Cannot assign instance name or group without '-e assign'"
        case .assignmentWithAction(let action):
            "Cannot assign instance name or group with '-e \(action.word)'"
        case .nothingToAssign: "Specify new instance name or group with '-e assign'"
        case .settingsWithAction(let action):
            "Parameter overrides not valid with '-e \(action.word)'"
        case .jsonWithoutList: "JSON output available only with '-l'"
        }
    }
}

extension ObservationFailure {
    /// All there is to say: what is wrong in detail, then the failure itself.
    var diagnostics: [Diagnostic] {
        guard case .primaryBroken(.badExpansion(_, _, let error)) = self else {
            return [.fatal(sentence)]
        }
        return error.problems.map { .warning($0.wording) } + [.fatal(sentence)]
    }
}
