// Check queue-filesystem-low: a queue whose file system is nearly full.

import Bytes

extension Check {
    static let queueFilesystemLow = Check(
        id: "queue-filesystem-low", title: "The queue's file system is nearly full",
        severity: .warning, reference: "postconf(5) queue_minfree, message_size_limit",
        why: """
            Postfix takes no mail while less than queue_minfree, or one and a half times \
            message_size_limit, is free where the queue is; each message also needs a file, and \
            file systems can run out of those with room to spare. Instances on one file system \
            all stop together.
            """,
        example: "12 MB free, message_size_limit = 10240000",
        mend: "df -h /var/spool/postfix; df -i /var/spool/postfix"
    ) { snapshot in
        snapshot.enabled.compactMap { instance in
            guard let space = instance.facts.space.value else { return nil }
            func number(_ parameter: ByteString) -> Int {
                Int((instance.value(parameter) ?? "").text) ?? 0
            }
            let size = number("message_size_limit")
            let needed = max(number("queue_minfree"), size + size / 2)
            let words: ByteString
            if space.freeBytes < needed {
                words = "\(space.freeBytes) bytes free, and takes mail only with \(needed)"
            } else if space.files > 0, space.freeFiles < space.files / 20 {
                words = "room for \(space.freeFiles) files more, of \(space.files)"
            } else {
                return nil
            }
            let path = instance.value("queue_directory") ?? ""
            return Sighting(
                of: [instance], at: Finding.Place(file: path, parameter: "queue_directory"),
                "\(instance.name) has \(words)",
                mend: "df -h \(path.quotedForShell); df -i \(path.quotedForShell)")
        }
    }
}
