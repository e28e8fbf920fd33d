// The queue owner's trick: swap a directory for a link, again and again, while root works there.

import Bytes
import Glibc
import TestSupport

/// Swaps a directory for a link until it is killed.
enum Race {
    /// Takes turns for ever: the directory, a link to the target, the directory again.
    static func run(directory: ByteString, target: ByteString) -> Never {
        let away = (directory + ".away").characters
        let link = (directory + ".link").characters
        let place = directory.characters
        while true {
            // What has failed, because somebody else was faster, is tried again the next time.
            _ = unsafe symlink(target.characters, link)
            _ = unsafe rename(place, away)
            _ = unsafe rename(link, place)
            _ = unsafe rename(place, link)
            _ = unsafe rename(away, place)
        }
    }

    /// Starts a process that does so; it must be stopped.
    static func start(directory: ByteString, target: ByteString) throws -> RunningChild {
        try ChildProcess("/proc/self/exe", ["swap", directory, target]).start()
    }
}
