// Users and groups by name.
//
// The C library's look-ups load plug-ins at run time, which a static program should not do, so the
// files are read here and getent(1) is asked for what they do not hold (LDAP, SSSD).

package import Bytes
import Glibc

/// Looks up the numbers of users and groups.
package protocol Accounts {
    /// The user id and primary group id of a login name, or nil if there is none.
    func user(named name: ByteString) -> UserAccount?
    /// The id of a group, or nil if there is none.
    func group(named name: ByteString) -> UInt32?
    /// The effective user id of this process.
    var effectiveUser: UInt32 { get }
    /// The effective group id of this process.
    var effectiveGroup: UInt32 { get }
}

/// A user's numbers.
package struct UserAccount: Hashable, Sendable {
    package let id: UInt32
    package let primaryGroup: UInt32

    package init(id: UInt32, primaryGroup: UInt32) {
        self.id = id
        self.primaryGroup = primaryGroup
    }
}

/// The accounts of this host.
package struct LiveAccounts: Accounts {
    private let processes: any ProcessRunner

    package init(processes: any ProcessRunner) { self.processes = processes }

    package var effectiveUser: UInt32 { geteuid() }

    package var effectiveGroup: UInt32 { getegid() }

    package func user(named name: ByteString) -> UserAccount? {
        guard let fields = entry(name, database: "passwd"), fields.count >= 4,
            let id = UInt32(fields[2].text), let group = UInt32(fields[3].text)
        else { return nil }
        return UserAccount(id: id, primaryGroup: group)
    }

    package func group(named name: ByteString) -> UInt32? {
        guard let fields = entry(name, database: "group"), fields.count >= 3 else { return nil }
        return UInt32(fields[2].text)
    }

    private func entry(_ name: ByteString, database: ByteString) -> [ByteString]? {
        // A name that could be taken for an option or another field is no account's.
        guard !name.isEmpty, !name.hasPrefix("-"), !name.contains(0x3A), !name.contains(0x0A)
        else { return nil }
        // 16 MiB: an account file of a hundred thousand users is smaller.
        if let file = try? LiveFileReading().read("/etc/\(database)", limitBytes: 1 << 24),
            let fields = line(of: name, in: file.bytes)
        {
            return fields
        }
        let getent = ChildCommand(
            program: "/usr/bin/getent", arguments: ["getent", database, name], environment: [])
        // A host without getent has no other source of accounts either.
        let answer = try? processes.capture(getent, limitBytes: 1 << 20, limitSeconds: 10)
        return answer.flatMap { line(of: name, in: $0.output.bytes) }
    }

    private func line(of name: ByteString, in text: [UInt8]) -> [ByteString]? {
        let start = name.bytes + [0x3A]
        guard let line = text.split(separator: 0x0A).first(where: { $0.starts(with: start) })
        else { return nil }
        return line.split(separator: 0x3A, omittingEmptySubsequences: false).map { ByteString($0) }
    }
}
