// The main.cf of a new instance, made from the installed prototype and the primary's main.cf.

package import Bytes
package import PostfixFormats

/// The parameters that say where installed files are, and whose they are.
let sharedParameters: [ByteString] = [
    "command_directory", "daemon_directory", "meta_directory", "mail_owner", "setgid_group",
    "sendmail_path", "mailq_path", "newaliases_path", "html_directory", "manpage_directory",
    "sample_directory", "readme_directory", "shlib_directory",
]

/// The main.cf of a new instance.
///
/// Locations of shared files are cloned from the primary where it sets them, and commented out
/// otherwise so that the built-in defaults hold. A new instance takes no mail: its inet services
/// and local submission are off until the operator says otherwise.
package func newMainCF(
    prototype: MainCF, primary: MainCF, queueDirectory: ByteString, dataDirectory: ByteString,
    name: ByteString?, group: ByteString?
) -> MainCF {
    var cloned: [MainCF.Assignment] = []
    var unset: [ByteString] = []
    for parameter in sharedParameters {
        if let value = primary.value(of: parameter), !value.isEmpty {
            cloned.append(.init(parameter, value))
        } else {
            unset.append(parameter)
        }
    }
    let own: [MainCF.Assignment] = [
        .init("queue_directory", queueDirectory), .init("data_directory", dataDirectory),
        .init("authorized_submit_users", ""), .init("master_service_disable", "inet"),
    ]
    let stock = prototype.commentingOut(unset).setting(own + cloned)
    return naming(stock, name: name, group: group)
}

/// The main.cf with the given name and group; nil leaves one alone, an empty string clears it.
package func naming(_ mainCF: MainCF, name: ByteString?, group: ByteString?) -> MainCF {
    var assignments: [MainCF.Assignment] = []
    if let name { assignments.append(.init("multi_instance_name", name)) }
    if let group { assignments.append(.init("multi_instance_group", group)) }
    return assignments.isEmpty ? mainCF : mainCF.setting(assignments)
}
