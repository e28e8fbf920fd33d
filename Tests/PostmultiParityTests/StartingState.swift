// The hosts from which rows start, each made once a test run with the stock programs.
//
// A state must not depend on how the machine's own Postfix is configured, nor on ours.

import Bytes
import TestSupport

/// A host to start from; rows vary it with their preparation.
enum StartingState: String, Sendable {
    /// One Postfix that has never heard of instances.
    case pristine
    /// After `postmulti -e init`.
    case initialised
    /// `postfix-out` and `postfix-in`, enabled, in group `mta`, and `postfix-aux`, disabled.
    case three
    /// One disabled instance `postfix-new` that has never run.
    case fresh
    /// A whole instance in /etc/postfix-old that is not registered.
    case stray

    /// The state that this one is made from.
    var parent: StartingState? {
        switch self {
        case .pristine: nil
        case .initialised: .pristine
        case .three, .fresh: .initialised
        case .stray: .fresh
        }
    }

    /// Shell text that makes the state from its parent.
    var script: ByteString {
        switch self {
        case .pristine: PristineHost.making
        case .initialised: "postmulti -e init"
        case .three:
            """
            for name in out in aux; do
                postmulti -e create -I postfix-$name -G mta; settle
            done
            postmulti -e assign -i aux -G -; settle
            postmulti -e enable -i out; postmulti -e enable -i in
            \(Jail.clear("/var/spool/postfix-*"))
            """
        case .fresh:
            """
            postmulti -e create -I postfix-new
            \(Jail.clear("/var/spool/postfix-new"))
            """
        case .stray:
            """
            postmulti -e deport -i new; settle
            mv /etc/postfix-new /etc/postfix-old
            mv /var/spool/postfix-new /var/spool/postfix-old
            mv /var/lib/postfix-new /var/lib/postfix-old
            postconf -c /etc/postfix-old -e queue_directory=/var/spool/postfix-old \
                data_directory=/var/lib/postfix-old multi_instance_name=postfix-old
            settle
            postconf -e alternate_config_directories=
            """
        }
    }
}
