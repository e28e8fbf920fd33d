// The words for refused edits and for names that have no value, with what mends them.

import Bytes
import Instances

extension ConfigRefusal {
    var commandFailure: CommandFailure {
        if case .unknownSelector(let unknown) = self { return unknown.commandFailure }
        return CommandFailure(status, "\(sentence); nothing was changed", hint: hint)
    }

    private var status: CommandStatus {
        switch self {
        case .broken, .masterCFUnreadable: .badConfiguration
        case .fieldCannotBeRemoved: .usage
        default: .failed
        }
    }

    private var sentence: ByteString {
        switch self {
        case .unknownSelector(let unknown): "no instance is meant by '\(unknown.word)'"
        case .broken(let broken): broken.sentence
        case .unknownParameter(let instance, let name, _):
            "\(instance): nothing reads a parameter \(name)"
        case .badExpansion(let instance, let name, let problem):
            "\(instance): \(name) could not be expanded: \(problem)"
        case .unknownTableType(let instance, let name, let type, _):
            "\(instance): \(name): the installed Postfix has no tables of type \(type)"
        case .breaks(let instance, let failure):
            "\(instance) could not be used any more: \(failure.sentence)"
        case .conflict(let conflict): conflict.sentence
        case .masterCFUnreadable(let instance, let reason): "\(instance): \(reason)"
        case .noSuchService(let instance, let service, _):
            "\(instance): there is no service \(service) in master.cf"
        case .badService(let instance, let name, let reason): "\(instance): \(name): \(reason)"
        case .fieldCannotBeRemoved(let name): "\(name) is a field, which always has a value"
        }
    }

    private var hint: ByteString? {
        switch self {
        case .unknownParameter(_, _, let similar):
            similar.first.map { "did you mean \($0)? Otherwise use --force" } ?? "or use --force"
        case .unknownTableType(_, _, _, let similar):
            similar.first.map { "did you mean \($0)? postconf -m shows all" }
                ?? "postconf -m shows all; some are in packages of their own"
        case .noSuchService(_, _, let similar): similar.first.map { "did you mean \($0)?" }
        case .fieldCannotBeRemoved: "set it to - for the default"
        default: nil
        }
    }
}

extension ConfigLookupFailure {
    /// Why the name has no value, as a sentence fragment.
    func sentence(_ name: ConfigName) -> ByteString {
        let name = ByteString(name.description)
        switch self {
        case .unknownParameter(let similar):
            return "\(name): unknown parameter" + suggestion(similar)
        case .noSuchService(let similar):
            return "\(name): no such service" + suggestion(similar)
        case .notSetForService: return "\(name): the service has no setting of its own"
        case .masterCFUnreadable(let reason): return reason
        case .badExpansion(let problem): return "\(name) cannot be expanded: \(problem)"
        }
    }

    private func suggestion(_ similar: [ByteString]) -> ByteString {
        similar.first.map { "; did you mean \($0)?" } ?? ""
    }
}
