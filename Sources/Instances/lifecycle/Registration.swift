// The list of secondaries in the primary's main.cf: every edit of it is made here.

package import Bytes
package import PostfixFormats

/// The primary's main.cf with its registrations.
package struct Registration: Sendable {
    package let path: ByteString
    package let mainCF: MainCF

    package init(path: ByteString, mainCF: MainCF) {
        self.path = path
        self.mainCF = mainCF
    }

    /// The registrations as they are after a step.
    package func after(_ step: ChangeSet.Step?) -> Registration {
        guard case .editFile(path, _, let new) = step else { return self }
        return Registration(path: path, mainCF: MainCF(new))
    }

    /// What happens to a directory in alternate_config_directories.
    package enum Alternate: Sendable {
        /// It is a managed instance, or gone: the list must not name it.
        case dropped(ByteString)
        /// It stays usable with `postfix -c`: the list must name it.
        case kept(ByteString)
    }

    /// The edit that sets multi_instance_directories and adjusts alternate_config_directories.
    package func registering(
        _ directories: [ByteString], alternate: Alternate
    ) -> ChangeSet.Step {
        var assignments = [
            MainCF.Assignment("multi_instance_directories", directories.joined(by: " "))
        ]
        let old = ParameterList.split(mainCF.value(of: "alternate_config_directories") ?? "")
        switch alternate {
        case .dropped(let directory) where old.contains(directory):
            let left = old.filter { $0 != directory }
            assignments.append(.init("alternate_config_directories", left.joined(by: " ")))
        case .kept(let directory) where !old.contains(directory):
            assignments.append(
                .init("alternate_config_directories", (old + [directory]).joined(by: " ")))
        case .dropped, .kept:
            break
        }
        return edit(assignments)
    }

    /// The edit that puts the registered directories into this order.
    package func reordering(_ directories: [ByteString]) -> ChangeSet.Step {
        edit([MainCF.Assignment("multi_instance_directories", directories.joined(by: " "))])
    }

    /// The edit that replaces a directory that has got another path, wherever it is listed.
    package func replacing(
        _ old: ByteString, by new: ByteString, in directories: [ByteString]
    ) -> ChangeSet.Step {
        let registered = directories.map { $0 == old ? new : $0 }
        var assignments = [
            MainCF.Assignment("multi_instance_directories", registered.joined(by: " "))
        ]
        let alternate = ParameterList.split(
            mainCF.value(of: "alternate_config_directories") ?? "")
        let left = alternate.filter { $0 != old && $0 != new }
        if left != alternate {
            assignments.append(.init("alternate_config_directories", left.joined(by: " ")))
        }
        return edit(assignments)
    }

    /// The edit that makes these assignments.
    package func edit(_ assignments: [MainCF.Assignment]) -> ChangeSet.Step {
        .editFile(path: path, old: mainCF.text, new: mainCF.setting(assignments).text)
    }
}

/// True if an edit from `old` to `new` is in the present content, which others may have edited
/// further: every parameter that the edit changed has the value that the edit gave it.
package func hasTaken(_ present: ByteString, editFrom old: ByteString, to new: ByteString) -> Bool {
    if present == new { return true }
    if present == old { return false }
    let (present, old, new) = (MainCF(present), MainCF(old), MainCF(new))
    let names = Set((old.entries + new.entries).map(\.name))
    let changed = names.filter { old.value(of: $0) != new.value(of: $0) }
    return !changed.isEmpty
        && changed.allSatisfy { present.value(of: $0) == new.value(of: $0) }
}
