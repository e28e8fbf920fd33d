// The accounts of the host for one look at many instances, which mostly have the same ones. It must
// not outlive that look.

import Bytes
import HostAccess

/// Looks each user and group up once.
final class RememberedAccounts: Accounts {
    private let accounts: any Accounts
    private var users: [ByteString: UserAccount?] = [:]
    private var groups: [ByteString: UInt32?] = [:]

    init(_ accounts: any Accounts) { self.accounts = accounts }

    func user(named name: ByteString) -> UserAccount? {
        if let account = users[name] { return account }
        let account = accounts.user(named: name)
        users[name] = .some(account)
        return account
    }

    func group(named name: ByteString) -> UInt32? {
        if let group = groups[name] { return group }
        let group = accounts.group(named: name)
        groups[name] = .some(group)
        return group
    }

    var effectiveUser: UInt32 { accounts.effectiveUser }

    var effectiveGroup: UInt32 { accounts.effectiveGroup }
}
