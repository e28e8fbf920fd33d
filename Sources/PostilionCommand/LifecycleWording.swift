// The words for refused and failed changes, each with the command that mends it, if one does.

import Bytes
import HostAccess
import InstanceOperations
import Instances

extension OperationFailure {
    var commandFailure: CommandFailure {
        switch self {
        case .observation(let failure): return failure.commandFailure
        case .refusal(let refusal): return refusal.commandFailure
        case .file(let error): return error.commandFailure
        case .step(let step, let error, let undoFailures):
            var failure = error.commandFailure
            failure.message = "could not \(ByteString(step.description)): \(failure.message)"
            if undoFailures.isEmpty {
                failure.message += "; nothing was changed"
            } else {
                failure.message +=
                    "; and not all could be undone: "
                    + undoFailures.map(\.sentence).joined(by: ", ")
                failure.hint = "the next command that changes instances tries again"
            }
            return failure
        case .damagedJournal(let path):
            return CommandFailure(
                .failed, "\(path) is no journal of ours; what it stood for is not known",
                hint: "look at all main.cf files, then remove it")
        case .recovery(let title, let error):
            return CommandFailure(
                .failed,
                "an interrupted '\(title)' can be neither finished nor undone: \(error.sentence)",
                hint: "mend that and run any command that changes instances")
        case .completion(let failures, let notices):
            return CommandFailure(
                .failed,
                "the change is made, but not all that belongs to it: "
                    + (failures.map(\.sentence) + notices.map(\.sentence)).joined(by: ", "),
                hint: "the next command that changes instances tries again")
        }
    }
}

extension FileError {
    fileprivate var commandFailure: CommandFailure {
        switch self {
        case .locked(_, let holder):
            let who = holder.map { " (process \($0))" as ByteString } ?? ""
            return CommandFailure(
                .locked, "another command\(who) is changing instances",
                hint: "wait until it has finished")
        case .system(_, _, .accessDenied), .system(_, _, .notPermitted):
            return CommandFailure(.notPermitted, sentence, hint: "run it as root")
        case .changedMeanwhile:
            return CommandFailure(.failed, sentence, hint: "run it again")
        default: return CommandFailure(.failed, sentence)
        }
    }
}

extension LifecycleRefusal {
    var commandFailure: CommandFailure {
        switch self {
        case .name, .malformedSetting, .settingNotValid, .settingNotAbsolute, .settingIsRoot,
            .unusablePath, .needsInstanceSelection, .missingDirectory:
            CommandFailure(.usage, sentence)
        case .noSuchInstance, .noMatchingSecondaries:
            CommandFailure(
                .unknownInstance, sentence, hint: "postilion list shows all instances")
        case .broken: CommandFailure(.badConfiguration, sentence)
        default: CommandFailure(.failed, sentence, hint: mend)
        }
    }

    /// The command or edit that removes the obstacle.
    private var mend: ByteString? {
        switch self {
        case .cannotRemoveEnabled(let name): "postilion disable \(name)"
        case .wrapperNotSet, .primaryNotEnabled: "postilion init"
        case .notStopped(let directory): "postilion stop \(directory)"
        case .hasQueuedMail(let directory, _):
            "give it to another instance with --to, deliver it with "
                + "postqueue -c \(directory) -f, or delete it with "
                + "postsuper -c \(directory) -d ALL"
        case .missingPrototype: "install Postfix again"
        case .lacksFile: "complete or empty the directory"
        case .configDirectoryInUse: "postilion list shows all instances"
        default: nil
        }
    }

    private var sentence: ByteString {
        switch self {
        case .name(let refusal): refusal.sentence
        case .conflict(let conflict): conflict.sentence
        case .needsInstanceSelection: "name one instance"
        case .noSuchInstance(let said): "no instance is meant by '\(said)'"
        case .noMatchingSecondaries: "no secondary instance is meant"
        case .cannotRemovePrimary: "the primary instance cannot be removed"
        case .cannotRemoveEnabled(let name):
            "\(name) is enabled; only a disabled instance can be removed"
        case .cannotRemoveShared(let parameter, let path, let other):
            "\(parameter) \(path) cannot be removed: \(other.sentence)"
        case .cannotRemoveSystemDirectory(let parameter, let path):
            "\(parameter) \(path) cannot be removed: it is a directory of the system"
        case .missingDirectory(let parameter):
            "the instance has no name to make \(parameter) from, and none was given"
        case .primaryDirectoryNotAbsolute(let parameter, let value):
            "the primary's \(parameter) '\(value)' is not an absolute path"
        case .wrapperNotSet: "the primary instance has no multi_instance_wrapper yet"
        case .primaryNotEnabled: "the primary instance has not multi_instance_enable = yes"
        case .lacksFile(let directory, let file): "\(directory) has no \(file)"
        case .missingPrototype(_, let path): "\(path), the model for new instances, is missing"
        case .notDirectory(let path): "\(path) is not a directory"
        case .notStopped(let directory): "the instance in \(directory) is running"
        case .hasQueuedMail(let directory, let counts):
            "the instance in \(directory) has queued mail: "
                + counts.map { "\($0.messages) in \($0.queue)" }.joined(by: ", ")
        case .unknownAccount(let parameter, let value):
            "\(parameter) = \(value): there is no such user or group"
        case .badPostfixFiles(let entry): "postfix-files: the mode of \(entry) is no number"
        case .broken(let broken): broken.sentence
        default: directorySentence
        }
    }

    /// The words about a directory that was asked for.
    private var directorySentence: ByteString {
        switch self {
        case .configDirectoryInUse(let path, let owner):
            "\(path) is already \(owner.parameter) of the instance in \(owner.configDirectory)"
        case .malformedSetting(let setting): "'\(setting)' is not NAME=VALUE"
        case .settingNotValid(let parameter, let action):
            "\(parameter) cannot be given to \(action)"
        case .settingNotAbsolute(let parameter): "\(parameter) must be an absolute path"
        case .settingIsRoot(let parameter): "\(parameter) must not be the root directory"
        case .unusablePath(let parameter, let value):
            "\(parameter) '\(value)': white space, shell characters and 4096 bytes or more do "
                + "not work with Postfix's own scripts"
        case .overlap(let parameter, let path, let other):
            "\(parameter) \(path) cannot be used: \(other.sentence)"
        case .systemDirectory(let parameter, let path):
            "\(parameter) \(path) cannot be used: it is a directory of the system"
        case .cannotMovePrimary: "the primary instance always is the first, with its own name"
        case .noOtherPlace: "an instance cannot be put before or after itself"
        case .alreadyThere(let path): "\(path) is already there"
        case .notMovable(let parameter, let path, let reason):
            "\(parameter) \(path) cannot be renamed: it is \(reason.sentence)"
        case .tooMuchToCopy(let directory, let limit):
            "\(directory) holds more than \(limit) bytes, which is too much to copy"
        case .cannotHandOver(let name, let obstacle):
            "the mail cannot be handed to \(name): \(obstacle.sentence)"
        default: "refused"
        }
    }
}

extension LifecycleRefusal.HandOverObstacle {
    fileprivate var sentence: ByteString {
        switch self {
        case .itself: "it is to be destroyed itself"
        case .otherFileSystem: "its queue is on another file system"
        case .otherOwner: "its mail_owner is another user, or no user"
        case .taken(let path): "\(path) is already there"
        }
    }
}

extension LifecycleRefusal.Immovable {
    fileprivate var sentence: ByteString {
        switch self {
        case .link: "a link"
        case .mountPoint: "a file system of its own"
        case .missing: "missing"
        }
    }
}

extension OccupiedDirectory {
    fileprivate var sentence: ByteString {
        "it overlaps with \(realPath), \(owner.parameter) of the instance in "
            + owner.configDirectory
    }
}

extension NameRefusal {
    fileprivate var sentence: ByteString {
        switch self {
        case .unsafeInstanceName(let name), .unsafeGroupName(let name):
            "'\(name)' has characters that are not safe in a name: use letters, digits, - and _"
        case .slashInInstanceName(let name): "'\(name)': an instance's name has no /"
        case .instanceNameWithoutPrefix(let name):
            "'\(name)': an instance's name begins with \(InstanceName.prefix)"
        }
    }
}

extension ChangeSet.Notice {
    /// The notice as one sentence.
    var sentence: ByteString {
        switch self {
        case .leftBehind(let path): "\(path) was left: look at it and remove it by hand"
        case .replacedSetting(let parameter, let old): "\(parameter) was '\(old)' before"
        case .initialisedPrimary:
            "the primary instance now manages instances: multi_instance_wrapper is set"
        case .handedOver(let messages, let name):
            "\(name) has got \(messages) \(messages == 1 ? "message" : "messages") to deliver "
                + "when it is started"
        case .notCopied(let path): "\(path) is no file and was not copied"
        case .mailStays(let messages):
            "\(messages) queue \(messages == 1 ? "file" : "files") that another instance has got "
                + "stay with it"
        case .compiledBefore(let path):
            "\(path) has another content than its compiled table: run postmap or postalias on it"
        }
    }
}
