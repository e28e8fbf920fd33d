// The directories of one instance, made and owned as the installed postfix-files says.
//
// Does for one instance what `postfix set-permissions` does, without its hundred child processes.

package import Bytes
import PostfixFormats

/// Turns the lines of postfix-files that are about an instance's own directories into steps.
struct PrivatePermissions {
    let facts: NewInstanceFacts

    /// The steps for what is missing, and those for what is there already.
    func steps() throws(LifecycleRefusal) -> (new: [ChangeSet.Step], present: [ChangeSet.Step]) {
        var new: [ChangeSet.Step] = []
        var present: [ChangeSet.Step] = []
        var made: Set<ByteString> = []
        for missing in facts.config.missing where made.insert(missing).inserted {
            new.append(.makeDirectory(path: missing, mode: 0o755))
        }
        for missing in facts.queue.missing where made.insert(missing).inserted {
            new.append(.makeDirectory(path: missing, mode: 0o755))
        }
        for missing in facts.data.missing where made.insert(missing).inserted {
            let isLast = missing == facts.data.realPath
            new.append(.makeDirectory(path: missing, mode: isLast ? 0o700 : 0o755))
        }
        for entry in facts.mould.postfixFiles {
            guard let path = privatePath(of: entry) else { continue }
            let isNew = made.contains(path)
            if !isNew && !facts.present.contains(path) {
                guard entry.type == .directory, entry.flags.contains(.create) else { continue }
                new.append(.makeDirectory(path: path, mode: 0o700))
                new.append(.setPermissions(try permissions(entry, path)))
                made.insert(path)
            } else if isNew {
                new.append(.setPermissions(try permissions(entry, path)))
            } else {
                present.append(.setPermissions(try permissions(entry, path)))
            }
        }
        return (new, present)
    }

    /// The real path if the entry is in one of the instance's own directories.
    private func privatePath(of entry: PostfixFiles.Entry) -> ByteString? {
        guard entry.type == .directory || entry.type == .regularFile,
            !entry.flags.contains(.obsolete)
        else {
            return nil
        }
        return ownPath(entry.path, facts: facts)
    }

    private func permissions(
        _ entry: PostfixFiles.Entry, _ path: ByteString
    ) throws(LifecycleRefusal) -> ChangeSet.Permissions {
        guard let mode = UInt32(entry.mode.text, radix: 8) else {
            throw .badPostfixFiles(entry: entry.path)
        }
        return ChangeSet.Permissions(
            path: path, mode: mode, owner: try user(entry.owner),
            group: entry.group.isEmpty ? nil : try group(entry.group),
            includesContents: entry.flags.contains(.recursive))
    }

    private func user(_ name: ByteString) throws(LifecycleRefusal) -> UInt32 {
        switch name {
        case "root": return 0
        case "$mail_owner":
            guard let id = facts.accounts.owner else {
                throw .unknownAccount(parameter: "mail_owner", value: facts.accounts.ownerName)
            }
            return id
        default: throw .unknownAccount(parameter: "postfix-files", value: name)
        }
    }

    private func group(_ name: ByteString) throws(LifecycleRefusal) -> UInt32 {
        guard name == "$setgid_group" else {
            throw .unknownAccount(parameter: "postfix-files", value: name)
        }
        guard let id = facts.accounts.group else {
            throw .unknownAccount(parameter: "setgid_group", value: facts.accounts.groupName)
        }
        return id
    }
}

/// The real path of a postfix-files entry in the instance's own directories, or nil for another's.
package func ownPath(_ path: ByteString, facts: NewInstanceFacts) -> ByteString? {
    let places: [(ByteString, ByteString)] = [
        ("$config_directory", facts.config.realPath), ("$queue_directory", facts.queue.realPath),
        ("$data_directory", facts.data.realPath),
    ]
    for (variable, directory) in places where path.hasPrefix(variable) {
        let rest = path.dropFirst(variable.count)
        if rest.isEmpty { return directory }
        if rest.hasPrefix("/") { return directory + rest }
    }
    return nil
}
