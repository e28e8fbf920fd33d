// The words for refused and failed life-cycle actions.

import Bytes
import HostAccess
import InstanceOperations
import Instances

extension NameRefusal {
    var wording: ByteString {
        switch self {
        case .unsafeInstanceName(let name):
            "Unsafe characters in new instance name: '\(name)'"
        case .slashInInstanceName(let name):
            "Illegal '/' character in new instance name: '\(name)'"
        case .instanceNameWithoutPrefix:
            "New instance name must start with '\(InstanceName.prefix)'"
        case .unsafeGroupName(let name): "Unsafe characters in '-G \(name)'"
        }
    }
}

extension LifecycleRefusal {
    /// The refusal as it is said, under the name of the stock program that says it.
    var diagnostic: Diagnostic {
        switch self {
        case .wrapperNotSet:
            script("multi_instance_wrapper is empty, run 'postmulti -e init' first.")
        case .primaryNotEnabled:
            script("multi_instance_enable!=yes, run 'postmulti -e init' first.")
        case .lacksFile(let directory, let file): script("'\(directory)' lacks a \(file) file")
        case .missingPrototype(let file, let path):
            script("Missing \(file) prototype: \(path)")
        case .notStopped(let directory): script("Instance '\(directory)' is not stopped")
        case .hasQueuedMail(let directory, let counts):
            script(
                "Instance '\(directory)' has queued mail (\(list(counts))): deliver it with "
                    + "'postqueue -c \(directory) -f' or delete it with "
                    + "'postsuper -c \(directory) -d ALL' first.")
        default: .fatal(plainWording)
        }
    }

    private func script(_ text: ByteString) -> Diagnostic { .fatal(text, origin: .script) }

    private func list(_ counts: [QueueCount]) -> ByteString {
        let parts = counts.map { "\($0.queue): \($0.messages)" as ByteString }
        return parts.joined(by: ", ")
    }

    private var plainWording: ByteString {
        switch self {
        case .name(let refusal): return refusal.wording
        case .conflict(let conflict): return conflict.sentence
        case .needsInstanceSelection: return "Select an instance via '-i name'"
        case .noSuchInstance(let said): return "No instance named \(said)"
        case .noMatchingSecondaries: return "No matching secondary instances"
        case .cannotRemovePrimary: return "Cannot remove the primary instance"
        case .cannotRemoveEnabled: return "Cannot remove enabled instances"
        case .missingDirectory(let parameter): return "Missing \(parameter) parameter value"
        case .primaryDirectoryNotAbsolute(let parameter, let value):
            return "Invalid default \(parameter) parameter value: '\(value)': "
                + "specify an absolute pathname"
        case .configDirectoryInUse(let path, let owner):
            return "new config_directory=\(path) is already in use by instance "
                + "\(owner.configDirectory), \(owner.parameter)=\(path)"
        case .malformedSetting(let setting): return "Malformed parameter setting '\(setting)'"
        case .settingNotValid(let parameter, let action):
            return "Parameter '\(parameter)' not valid with action \(action)"
        case .settingNotAbsolute(let parameter):
            return "Parameter setting '\(parameter)' is not an absolute path"
        case .settingIsRoot(let parameter):
            return "Parameter setting '\(parameter)' is the root directory"
        case .unusablePath(let parameter, let value):
            return "Unusable \(parameter) '\(value)': Postfix's own scripts cannot work with "
                + "white space or shell characters in it, or with 4096 bytes or more"
        case .overlap(let parameter, let path, let other):
            return "new \(parameter)=\(path) overlaps with instance "
                + "\(other.owner.configDirectory), \(other.owner.parameter)=\(other.realPath)"
        case .cannotRemoveShared(let parameter, let path, let other):
            return "Cannot remove \(parameter)=\(path): it overlaps with instance "
                + "\(other.owner.configDirectory), \(other.owner.parameter)=\(other.realPath)"
        case .cannotRemoveSystemDirectory(let parameter, let path):
            return "Cannot remove \(parameter)=\(path): it is a system directory"
        case .systemDirectory(let parameter, let path):
            return "new \(parameter)=\(path) is a system directory"
        case .notDirectory(let path): return "\(path) is not a directory"
        case .unknownAccount(let parameter, let value):
            return "parameter \(parameter): unknown user or group name value: \(value)"
        case .badPostfixFiles(let entry):
            return "postfix-files: cannot understand the mode of \(entry)"
        case .broken(let broken): return broken.sentence
        // No action of option -e leads here.
        case .cannotMovePrimary, .noOtherPlace, .alreadyThere, .notMovable, .tooMuchToCopy,
            .cannotHandOver:
            return "refused"
        case .wrapperNotSet, .primaryNotEnabled, .lacksFile, .missingPrototype,
            .notStopped, .hasQueuedMail:
            return diagnostic.text
        }
    }
}

extension OperationFailure {
    /// All there is to say, the fatal one last.
    var diagnostics: [Diagnostic] {
        switch self {
        case .observation(let failure): return failure.diagnostics
        case .refusal(.broken(let broken)):
            let parameters: ByteString = "\(broken.configDirectory)/main.cf parameters"
            return [
                .error(broken.reason.sentence),
                .fatal("Failed to obtain all required \(parameters)"),
            ]
        case .refusal(let refusal): return [refusal.diagnostic]
        case .file(let error): return [.fatal(error.sentence)]
        case .step(let step, let error, let undoFailures):
            let undone = undoFailures.map { Diagnostic.error("undo: \($0.sentence)") }
            let state: ByteString =
                undoFailures.isEmpty ? "nothing was changed" : "not everything could be undone"
            return undone + [.fatal("\(step.description): \(error.sentence); \(state)")]
        case .damagedJournal(let path):
            return [.fatal("\(path): not a journal of ours, remove it and look at all main.cf")]
        case .recovery(let title, let error):
            return [
                .fatal("an interrupted '\(title)' can not be made good: \(error.sentence)")
            ]
        case .completion(let failures, let notices):
            return notices.map(\.diagnostic)
                + failures.map { .error($0.sentence) }
                + [.fatal("the instance list is changed, but some of the rest failed")]
        }
    }
}

extension ChangeSet.Notice {
    var diagnostic: Diagnostic {
        switch self {
        case .leftBehind(let path):
            .warning("\(path): please verify contents and remove by hand", origin: .script)
        case .replacedSetting(let parameter, let old):
            Diagnostic(
                severity: .info, text: "replaced \(parameter) = \(old)", origin: .script)
        case .initialisedPrimary:
            Diagnostic(severity: .info, text: "initialized the primary instance")
        case .handedOver(let messages, let name):
            Diagnostic(severity: .info, text: "handed \(messages) messages to \(name)")
        case .notCopied(let path): .warning("\(path): not copied")
        case .mailStays(let messages):
            Diagnostic(severity: .info, text: "\(messages) messages stay where they are")
        case .compiledBefore(let path): .warning("\(path): to be compiled again")
        }
    }
}

extension Recovery {
    var diagnostics: [Diagnostic] {
        let state: ByteString = isFinished ? "is finished now" : "was undone"
        return failures.map { .error($0.sentence) }
            + [.warning("an interrupted '\(record.changes.title)' \(state)")]
    }
}
