// Pauses: only to let processes meet each other at different moments, never to wait for an event.

import Glibc

enum Wait {
    /// Does nothing for so long.
    static func microseconds(_ count: Int) {
        var pause = timespec(tv_sec: count / 1_000_000, tv_nsec: count % 1_000_000 * 1000)
        unsafe nanosleep(&pause, nil)
    }
}
