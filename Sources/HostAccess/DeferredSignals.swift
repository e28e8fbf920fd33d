// Holds back the signals that ask a process to end, while it must not be interrupted.

import Glibc

/// The signals of a terminal and of a service manager, held back from `init` until `deliver`.
struct DeferredSignals {
    private var previous = sigset_t()

    init() {
        var held = sigset_t()
        unsafe sigemptyset(&held)
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] { unsafe sigaddset(&held, signal) }
        unsafe sigprocmask(SIG_BLOCK, &held, &previous)
    }

    /// Lets the signals through again, those first that came meanwhile.
    func deliver() {
        var previous = previous
        unsafe sigprocmask(SIG_SETMASK, &previous, nil)
    }
}
