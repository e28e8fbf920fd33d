// What an instance has logged since a point in time, for the message about its failure.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// The end of an instance's log file from the time when this value was made.
struct InstanceLog {
    private let files: any FileReading
    private let path: ByteString?
    private let tag: ByteString
    private let sizeBytes: Int

    /// 64 KiB: some 400 lines, far more than a start says.
    private static let limitBytes = 1 << 16
    /// The last ones tell what went wrong; the others tell it again.
    private static let limitLines = 20

    init(_ instance: InstanceSnapshot, _ files: any FileReading) {
        self.files = files
        // What cannot be expanded or read keeps nobody from being started: then nothing is shown.
        let file = try? instance.parameters?.value(of: "maillog_file")
        let name = try? instance.parameters?.value(of: "syslog_name")
        tag = " \(name ?? "postfix")/"
        var candidates: [ByteString] = ["/var/log/mail.log", "/var/log/maillog"]
        if let file, file.hasPrefix("/"), !file.hasPrefix("/dev/") { candidates = [file] }
        var found: (path: ByteString, size: Int)?
        for path in candidates where found == nil {
            if let status = try? files.status(of: path, followingLinks: true) {
                found = (path, status.sizeBytes)
            }
        }
        path = found?.path
        sizeBytes = found?.size ?? 0
    }

    /// The instance's own lines since then, the newest ones if there are many.
    func news() -> [ByteString] {
        guard let path, let status = try? files.status(of: path, followingLinks: true),
            status.sizeBytes > sizeBytes
        else { return [] }
        let count = min(status.sizeBytes - sizeBytes, Self.limitBytes)
        guard let bytes = try? files.read(.last(bytes: count), of: path) else { return [] }
        let lines = ByteString(bytes).split { $0 == 0x0A }.filter { line in
            line.text.contains(tag.text)
        }
        return Array(lines.suffix(Self.limitLines))
    }
}
