// A change set for programs, as one JSON object. Reads only.

import Bytes
import Instances

extension ChangeSet {
    /// The change with all its steps.
    ///
    /// - Parameters:
    ///   - isApplied: It was made; false for a dry run.
    ///   - broken: The other instances that could not be read.
    ///   - more: Further members, at the end.
    func json(
        isApplied: Bool, broken: [BrokenInstance], more: [JSONValue.Member] = []
    ) -> JSONValue {
        .object(
            [
                .init("title", .text(title)), .init("applied", .boolean(isApplied)), jsonSteps,
            ] + jsonNotes(broken) + more)
    }

    /// All steps as a member of an object.
    var jsonSteps: JSONValue.Member {
        .init(
            "steps",
            .list(
                phasedSteps.map { phase, step in
                    .object([.init("phase", .text(phase))] + step.jsonMembers)
                }))
    }

    private func jsonNotes(_ broken: [BrokenInstance]) -> [JSONValue.Member] {
        [
            .init("notices", .list(notices.map(\.json))),
            .init(
                "broken",
                .list(
                    broken.map {
                        .object([
                            .init("config_directory", .text($0.configDirectory)),
                            .init("error", .text($0.reason.sentence)),
                        ])
                    })),
        ]
    }
}

extension ChangeSet.Step {
    fileprivate var jsonMembers: [JSONValue.Member] {
        switch self {
        case .makeDirectory(let path, let mode): members("make_directory", path, [modeMember(mode)])
        case .createFile(let path, let contents, let attributes):
            members(
                "create_file", path,
                [
                    modeMember(attributes.mode), .init("owner", .number(Int(attributes.owner))),
                    .init("group", .number(Int(attributes.group))),
                    .init("contents", .text(contents)),
                ])
        case .editFile(let path, _, _):
            members("edit_file", path, [.init("diff", .text(diff?.text ?? ""))])
        case .move(let path, let newPath):
            members("move", path, [.init("new_path", .text(newPath))])
        case .setPermissions(let permissions):
            members(
                "set_permissions", permissions.path,
                [
                    modeMember(permissions.mode),
                    .init("owner", .number(Int(permissions.owner))),
                    .init("group", JSONValue(permissions.group.map { Int($0) })),
                    .init("recursive", .boolean(permissions.includesContents)),
                ])
        case .deleteFile(let path, _, _): members("delete_file", path, [])
        case .deleteDirectory(let path, _): members("delete_directory", path, [])
        case .removeFile(let path): members("remove_file", path, [])
        case .removeDirectory(let path): members("remove_directory", path, [])
        }
    }

    private func members(
        _ word: ByteString, _ path: ByteString, _ more: [JSONValue.Member]
    ) -> [JSONValue.Member] {
        [.init("step", .text(word)), .init("path", .text(path))] + more
    }

    /// The mode as chmod(1) takes it.
    private func modeMember(_ mode: UInt32) -> JSONValue.Member {
        let digits = String(mode, radix: 8)
        return .init("mode", .text(ByteString(digits.count < 4 ? "0\(digits)" : digits)))
    }
}

extension ChangeSet.Notice {
    fileprivate var json: JSONValue {
        switch self {
        case .leftBehind(let path):
            .object([.init("notice", "left_behind"), .init("path", .text(path))])
        case .replacedSetting(let parameter, let old):
            .object([
                .init("notice", "replaced_setting"), .init("parameter", .text(parameter)),
                .init("old", .text(old)),
            ])
        case .handedOver(let messages, let name):
            .object([
                .init("notice", "handed_over"), .init("messages", .number(messages)),
                .init("to", .text(name)),
            ])
        case .notCopied(let path):
            .object([.init("notice", "not_copied"), .init("path", .text(path))])
        case .mailStays(let messages):
            .object([.init("notice", "mail_stays"), .init("messages", .number(messages))])
        case .compiledBefore(let path):
            .object([.init("notice", "compiled_before"), .init("path", .text(path))])
        case .initialisedPrimary: .object([.init("notice", "initialised_primary")])
        }
    }
}
