// What the life-cycle actions must know of the host before they can decide.

package import Bytes
package import PostfixFormats

/// A configuration file as it was read.
package struct ConfigFile: Hashable, Sendable {
    /// The path with all links in its directory resolved.
    package let path: ByteString
    package let contents: ByteString
    package let attributes: ChangeSet.Attributes

    package init(path: ByteString, contents: ByteString, attributes: ChangeSet.Attributes) {
        self.path = path
        self.contents = contents
        self.attributes = attributes
    }
}

/// One of an instance's private directories as it is on the host.
package struct DirectoryFacts: Hashable, Sendable {
    /// The real path: links resolved, of what exists.
    package let realPath: ByteString
    /// The real paths of the directories that are missing on the way to it, outermost first.
    package let missing: [ByteString]
    /// The name of the first thing on the way that is no directory, if any.
    package let obstacle: ByteString?

    /// True if it is there.
    package var exists: Bool { missing.isEmpty && obstacle == nil }

    package init(realPath: ByteString, missing: [ByteString], obstacle: ByteString?) {
        self.realPath = realPath
        self.missing = missing
        self.obstacle = obstacle
    }
}

/// The user and the group that own an instance's queue: mail_owner, setgid_group.
package struct MailAccounts: Hashable, Sendable {
    package let ownerName: ByteString
    package let owner: UInt32?
    package let groupName: ByteString
    package let group: UInt32?

    package init(
        ownerName: ByteString, owner: UInt32?, groupName: ByteString, group: UInt32?
    ) {
        self.ownerName = ownerName
        self.owner = owner
        self.groupName = groupName
        self.group = group
    }
}

/// What every new instance is made of: it comes with Postfix, and is the same for all.
package struct InstanceMould: Sendable {
    package var mainPrototype: ConfigFile?
    package var masterPrototype: ConfigFile?
    /// Where the prototypes should be.
    package var metaDirectory: ByteString
    package var postfixFiles: [PostfixFiles.Entry]

    package init(
        mainPrototype: ConfigFile?, masterPrototype: ConfigFile?, metaDirectory: ByteString,
        postfixFiles: [PostfixFiles.Entry]
    ) {
        self.mainPrototype = mainPrototype
        self.masterPrototype = masterPrototype
        self.metaDirectory = metaDirectory
        self.postfixFiles = postfixFiles
    }
}

/// What create and import find on the host.
package struct NewInstanceFacts: Sendable {
    package var mainCF: ConfigFile?
    package var masterCF: ConfigFile?
    package var config: DirectoryFacts
    package var queue: DirectoryFacts
    package var data: DirectoryFacts
    package var mould: InstanceMould
    package var accounts: MailAccounts
    /// The paths named by postfix-files below the private directories that exist already.
    package var present: Set<ByteString>
    package var primary: PrimaryState

    package init(
        mainCF: ConfigFile?, masterCF: ConfigFile?, config: DirectoryFacts, queue: DirectoryFacts,
        data: DirectoryFacts, mould: InstanceMould, accounts: MailAccounts,
        present: Set<ByteString>, primary: PrimaryState
    ) {
        self.mainCF = mainCF
        self.masterCF = masterCF
        self.config = config
        self.queue = queue
        self.data = data
        self.mould = mould
        self.accounts = accounts
        self.present = present
        self.primary = primary
    }
}

/// Whether the primary is ready to manage secondaries: what `postmulti -e init` sets.
package struct PrimaryState: Hashable, Sendable {
    /// The expanded value of multi_instance_wrapper.
    package let wrapper: ByteString
    /// The expanded value of multi_instance_enable.
    package let enable: ByteString

    package init(wrapper: ByteString, enable: ByteString) {
        self.wrapper = wrapper
        self.enable = enable
    }

    /// The primary as init makes it.
    package static let initialised = PrimaryState(wrapper: initialWrapper, enable: "yes")

    /// Refuses every action but init until the primary is ready.
    package func check() throws(LifecycleRefusal) {
        guard !wrapper.isEmpty else { throw .wrapperNotSet }
        guard enable == "yes" else { throw .primaryNotEnabled }
    }
}
