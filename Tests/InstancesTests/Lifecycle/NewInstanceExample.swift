// What create and import find on a host, for tests that begin with it and change what matters.

import Bytes
import Instances
import PostfixFormats

/// What the decisions about a new instance postfix-x begin with.
enum NewInstanceExample {
    static let files = PostfixFiles(
        """
        $config_directory:d:root:-:755:u
        $data_directory:d:$mail_owner:-:700:uc
        $daemon_directory:d:root:-:755:u
        $queue_directory:d:root:-:755:uc
        $queue_directory/active:d:$mail_owner:-:700:ucr
        $queue_directory/maildrop:d:$mail_owner:$setgid_group:730:uc
        $config_directory/main.cf:f:root:-:644:p
        $config_directory/sasl:d:root:-:755:u
        $queue_directory/old:d:root:-:755:uo
        $queue_directories/not:d:root:-:755:uc
        /etc/postfix:d:root:-:755:uc
        """
    ).entries

    static func missing(_ paths: ByteString...) -> DirectoryFacts {
        DirectoryFacts(realPath: paths.last ?? "", missing: paths, obstacle: nil)
    }

    static func present(_ path: ByteString) -> DirectoryFacts {
        DirectoryFacts(realPath: path, missing: [], obstacle: nil)
    }

    static func file(_ path: ByteString, _ contents: ByteString) -> ConfigFile {
        ConfigFile(
            path: path, contents: contents, attributes: .init(mode: 0o640, owner: 0, group: 5))
    }

    /// What there is for a new instance postfix-x: nothing but the prototypes.
    static func facts() -> NewInstanceFacts {
        NewInstanceFacts(
            mainCF: nil, masterCF: nil, config: missing("/etc/postfix-x"),
            queue: missing("/srv/queues", "/srv/queues/postfix-x"),
            data: missing("/var/lib/postfix-x"),
            mould: InstanceMould(
                mainPrototype: file("/etc/postfix/main.cf.proto", "prototype = yes\n"),
                masterPrototype: file("/etc/postfix/master.cf.proto", "smtp inet\n"),
                metaDirectory: "/etc/postfix", postfixFiles: files),
            accounts: MailAccounts(
                ownerName: "postfix", owner: 105, groupName: "postdrop", group: 114),
            present: [], primary: PrimaryState(wrapper: "postmulti -p --", enable: "yes"))
    }

    static func request(
        _ action: LifecycleRequest.Action = .create, selection: Selection = .unspecified,
        among set: InstanceSet
    ) throws -> NewInstance {
        try NewInstance(
            LifecycleRequest(
                action: action, selection: selection, newName: "postfix-x", newGroup: "mta",
                settings: action == .create ? ["queue_directory=/srv/queues/postfix-x"] : []),
            among: set)
    }

    static func decision(
        _ action: LifecycleRequest.Action = .create, selection: Selection = .unspecified,
        among instances: [Instance] = [], occupied: [OccupiedDirectory] = []
    ) throws -> AddInstance {
        let set = try instanceSet(of: instances)
        return AddInstance(
            try request(action, selection: selection, among: set), instances: set,
            registration: registration("a = b\n"), occupied: occupied)
    }
}
