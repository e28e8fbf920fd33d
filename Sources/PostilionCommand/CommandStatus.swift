// The exit statuses of postilion, all of them. The man page has the same table.

/// How a command ended, as its exit status.
enum CommandStatus: Int32, CaseIterable {
    /// All was done.
    case done = 0
    /// It failed, or a view shows something wrong.
    case failed = 1
    /// Changes are pending: the host is not what was asked for.
    case pending = 2
    /// It was done for some instances and failed for others.
    case partlyDone = 3
    /// A selector means no instance.
    case unknownInstance = 4
    /// Another command holds the lock.
    case locked = 5
    /// The command line cannot be understood.
    case usage = 64
    /// No Postfix is installed.
    case postfixNotFound = 69
    /// The user may not do or see this.
    case notPermitted = 77
    /// A configuration file cannot be used.
    case badConfiguration = 78
}
