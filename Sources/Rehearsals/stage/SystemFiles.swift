// The files by which programs find the name service: in a rehearsal, that of the outside.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// Name service files in the rehearsal's copy of the host.
struct SystemFiles {
    private let files: any FileSystem

    /// 1 MiB: nsswitch.conf has twenty lines.
    private static let limitBytes = 1 << 20

    init(_ host: Host) { files = host.files }

    /// Points the resolver to the name server of the outside, and to nothing else.
    func write() throws(RehearsalFailure) {
        do throws(FileError) {
            try replace("/etc/resolv.conf", "nameserver \(NetworkPlan.nameServer)\n")
            let path: ByteString = "/etc/nsswitch.conf"
            let old = try? files.read(path, limitBytes: Self.limitBytes)
            let lines = ByteString(old?.bytes ?? []).split { $0 == 0x0A }
                .filter { !$0.hasPrefix("hosts:") }
            try replace(path, lines.reduce("hosts: files dns\n") { "\($0)\($1)\n" })
        } catch {
            throw .stage(error.sentence)
        }
    }

    /// Replaces a file; a link in its place goes.
    private func replace(_ path: ByteString, _ text: ByteString) throws(FileError) {
        if let status = try files.status(of: path, followingLinks: false), status.kind == .link {
            try files.removeFile(path)
        }
        try files.replace(
            path,
            with: FileReplacement(
                contents: text, expected: .anything,
                attributes: .given(mode: 0o644, owner: 0, group: 0)))
    }
}
