// What a person asks for with `postmulti -e`, and what `postilion` asks for in the same way.

package import Bytes

/// A life-cycle action with its arguments, not yet checked against the host.
package struct LifecycleRequest: Hashable, Sendable {
    package var action: Action
    package var selection: Selection
    /// Option -I: nil says nothing, an empty string clears the name.
    package var newName: ByteString?
    /// Option -G: nil says nothing, an empty string clears the group.
    package var newGroup: ByteString?
    /// The `name=value` arguments of create and import.
    package var settings: [ByteString]
    /// The instance of create and import is enabled at once.
    package var enables: Bool
    /// A primary that is not ready to manage instances is made so first, by create and import.
    package var initialises: Bool
    /// The configuration directory of the instance that gets the mail of one that is destroyed.
    package var heir: ByteString?

    package init(
        action: Action, selection: Selection, newName: ByteString? = nil,
        newGroup: ByteString? = nil, settings: [ByteString] = [], enables: Bool = false,
        initialises: Bool = false, heir: ByteString? = nil
    ) {
        self.action = action
        self.selection = selection
        self.newName = newName
        self.newGroup = newGroup
        self.settings = settings
        self.enables = enables
        self.initialises = initialises
        self.heir = heir
    }

    /// The actions of option -e.
    package enum Action: String, CaseIterable, Sendable {
        case create, destroy, `import`, deport, enable, disable, assign, `init`

        /// The action as option -e names it.
        package var word: ByteString { ByteString(rawValue) }
    }
}
