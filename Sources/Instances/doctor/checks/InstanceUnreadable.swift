// Check instance-unreadable: a registered instance whose configuration cannot be used.

import Bytes
import PostfixFormats

extension Check {
    static let instanceUnreadable = Check(
        id: "instance-unreadable", title: "A configuration cannot be read", severity: .error,
        reference: "postconf(5) multi_instance_directories",
        why: """
            The instance is registered in multi_instance_directories, but its main.cf or master.cf \
            is missing or no Postfix program can read it. It cannot be started or stopped, and \
            Postfix's own postmulti then refuses every command for all other instances too.
            """,
        example: """
            multi_instance_directories = /etc/postfix-out /etc/postfix-gone
            """,
        mend: """
            Bring the file back or correct the line that is named. If the instance is gone for \
            good, unregister it: postmulti -i /etc/postfix-gone -e deport
            """
    ) { snapshot in
        snapshot.instances.flatMap { instance -> [Sighting] in
            if snapshot.isHidden(instance) { return [] }
            if case .broken(let broken) = instance.member {
                return [sighting(instance, broken.reason)]
            }
            return masterSightings(instance)
        }
    }

    private static func sighting(
        _ instance: InstanceSnapshot, _ reason: LoadFailure
    ) -> Sighting {
        var place = Finding.Place(file: instance.mainPath)
        var mend: ByteString = "ls -ld \(instance.mainPath.quotedForShell)"
        switch reason {
        case .badLine(_, let problem):
            place.line = problem.line
            mend = "vi +\(problem.line) \(instance.mainPath.quotedForShell)"
        case .badExpansion(_, let parameter, _), .badBoolean(_, let parameter, _):
            place.parameter = parameter
            mend = "vi +/^\(parameter) \(instance.mainPath.quotedForShell)"
        case .unreadable, .relativeDirectory, .conflict:
            if saysNothingIsThere(reason) {
                mend = "postmulti -i \(instance.directory.quotedForShell) -e deport"
            }
        }
        return Sighting(
            of: [instance], at: place, "\(instance.name) cannot be read: \(reason.sentence)",
            mend: mend)
    }

    /// True if nothing is there: then the registration is what is wrong.
    private static func saysNothingIsThere(_ reason: LoadFailure) -> Bool {
        if case .unreadable(_, let reason) = reason {
            return reason == "No such file or directory"
        }
        return false
    }

    private static func masterSightings(_ instance: InstanceSnapshot) -> [Sighting] {
        let place = Finding.Place(file: instance.masterPath)
        switch instance.services {
        case .unknown(let reason):
            return [
                Sighting(
                    of: [instance], at: place, "\(instance.name) cannot be read: \(reason)",
                    mend: "ls -l \(instance.masterPath.quotedForShell)")
            ]
        case .known(let master):
            return master.problems.filter(\.isFatal).prefix(1).map { problem in
                let line = if case .notAService(let line, _) = problem { line } else { 1 }
                let words = problem.wording(path: instance.masterPath)
                return Sighting(
                    of: [instance],
                    at: Finding.Place(file: instance.masterPath, line: line),
                    "\(instance.name) cannot be read: \(words.withoutLabel)",
                    mend: "vi +\(line) \(instance.masterPath.quotedForShell)")
            }
        }
    }
}

extension Snapshot {
    /// True if the one who looks may not see the instance's configuration, which says nothing
    /// about it.
    package func isHidden(_ instance: InstanceSnapshot) -> Bool {
        if host.isSeenByRoot { return false }
        let refusal: ByteString = "Permission denied"
        if case .broken(let broken) = instance.member,
            case .unreadable(_, refusal) = broken.reason
        {
            return true
        }
        return instance.instance != nil && instance.services.reason?.hasSuffix(refusal) == true
    }
}

extension ByteString {
    /// Postfix's words without the "fatal: " in front.
    fileprivate var withoutLabel: ByteString {
        hasPrefix("fatal: ") ? dropFirst("fatal: ".count) : self
    }
}
