// The words for an instance that cannot be used, which all commands say alike.

package import Bytes
import PostfixFormats

extension LoadFailure {
    /// The reason as a sentence fragment, in Postfix's words where it has any.
    package var sentence: ByteString {
        switch self {
        case .unreadable(let path, let reason): "open \(path): \(reason)"
        case .relativeDirectory(let directory):
            "configuration directory '\(directory)' is not an absolute path"
        case .badLine(let path, let problem): problem.wording(path: path)
        case .badExpansion(let path, let parameter, let error):
            "\(path): bad value of \(parameter): "
                + (error.problems.first?.wording ?? "cannot be expanded")
        case .badBoolean(let path, let parameter, let value):
            "Unexpected \(path) entry: \(parameter) = \(value)"
        case .conflict(let conflict): conflict.sentence
        }
    }
}

extension BrokenInstance {
    /// The whole line about a broken instance.
    package var sentence: ByteString { "instance \(configDirectory): \(reason.sentence)" }
}

extension Claims.Conflict {
    /// The reason as a sentence fragment, in Postfix's words where it has any.
    package var sentence: ByteString {
        "instance \(claimant.configDirectory), \(claimant.parameter)=\(value) conflicts with "
            + "instance \(owner.configDirectory), \(owner.parameter)=\(value)"
    }
}
