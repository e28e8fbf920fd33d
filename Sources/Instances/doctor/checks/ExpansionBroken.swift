// Check expansion-broken: values whose references no program can resolve.

import Bytes
import PostfixFormats

extension Check {
    static let expansionBroken = Check(
        id: "expansion-broken", title: "A value cannot be expanded", severity: .error,
        reference: "postconf(5), the section on file format",
        why: """
            A brace that is not closed or a value that refers to itself stops every program that \
            reads the parameter. Some read it only when there is mail of the kind, so the \
            instance seems to work for a while.
            """,
        example: "smtpd_banner = ${myhostname ESMTP",
        mend: "postconf -c /etc/postfix-in -x NAME shows Postfix's own words; correct the line"
    ) { snapshot in
        snapshot.usable.flatMap { instance in
            guard let parameters = instance.parameters else { return [Sighting]() }
            let entries = parameters.mainCF.entries.filter { entry in
                entry.value.contains(0x24) && !unexpanded.contains(entry.name)
            }
            return entries.compactMap { fault(of: $0, in: instance, parameters) }
        }
    }

    private static func fault(
        of entry: MainCF.Entry, in instance: InstanceSnapshot, _ parameters: ParameterView
    ) -> Sighting? {
        do {
            _ = try ParameterExpansion.expand(entry.value, in: parameters)
            return nil
        } catch {
            let reason = error.problems.first?.wording ?? "no reason given"
            return Sighting(
                of: [instance],
                at: Finding.Place(
                    file: instance.mainPath, line: entry.firstLine, parameter: entry.name),
                "\(instance.name) cannot expand \(entry.name): \(reason)",
                mend: "vi +\(entry.firstLine) \(instance.mainPath.quotedForShell)")
        }
    }

    /// Parameters whose `$name` is for the mail at hand, and not expanded by main.cf's rules.
    private static let unexpanded: Set<ByteString> = [
        "command_execution_directory", "default_rbl_reply", "forward_path", "luser_relay",
        "mailbox_command", "postscreen_expansion_filter", "postscreen_reject_footer",
        "smtpd_expansion_filter", "smtpd_reject_footer",
    ]
}
