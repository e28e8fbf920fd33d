// A terminal that a command draws on: keys come one by one, and whatever ends the command, the
// terminal is as it was before.

import Bytes
import Glibc
import LinuxHeaders

/// What happened at a terminal.
package enum TerminalEvent: Hashable, Sendable {
    /// A key was pressed; keys of several bytes come byte by byte.
    case key(UInt8)
    /// The size changed, or the command goes on after it was stopped: all is to be drawn anew.
    case changed
    /// Someone asked the command to end: Ctrl-C, a signal, or the terminal is gone.
    case ended
    /// Nothing happened in the time given.
    case nothing
}

/// The size of a terminal in characters.
package struct TerminalSize: Hashable, Sendable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// Draws on a terminal.
package protocol Terminal {
    /// The size of the terminal that takes the output, or nil if none does.
    var size: TerminalSize? { get }

    /// Runs `body` while the whole screen is the command's own and keys are not shown.
    ///
    /// The screen and the keys are as before when it returns.
    func withWholeScreen<Result>(_ body: () -> Result) -> Result

    /// Waits for the next event; only within `withWholeScreen`.
    func nextEvent(limitMilliseconds: Int) -> TerminalEvent
}

/// The terminal that standard input and output of this process are.
package final class LiveTerminal: Terminal {
    private var saved: termios?
    private var signals: Int32 = -1

    /// Those that end a command, those of a terminal, and that which stops a command.
    private static let heldSignals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP]

    package init() {}

    package var size: TerminalSize? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        // A terminal that does not tell its size, such as a serial line, has the usual one.
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0,
            size.ws_row > 0
        else { return TerminalSize(columns: 80, rows: 24) }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    package func withWholeScreen<Result>(_ body: () -> Result) -> Result {
        // Signals become events, so that none of them can leave the terminal as it is now.
        var held = sigset_t()
        var previous = sigset_t()
        unsafe sigemptyset(&held)
        for signal in Self.heldSignals { unsafe sigaddset(&held, signal) }
        unsafe sigprocmask(SIG_BLOCK, &held, &previous)
        signals = unsafe signalfd(-1, &held, Int32(SFD_CLOEXEC))
        enter()
        defer {
            leave()
            if signals >= 0 { close(signals) }
            signals = -1
            unsafe sigprocmask(SIG_SETMASK, &previous, nil)
        }
        return body()
    }

    package func nextEvent(limitMilliseconds: Int) -> TerminalEvent {
        // Without a signal descriptor nobody could end the command.
        guard signals >= 0 else { return .ended }
        var waiting = [
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            // Keys that do not come from a terminal are no keys; poll(2) skips negative numbers.
            pollfd(fd: saved == nil ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        ]
        let ready = unsafe poll(&waiting, nfds_t(waiting.count), Int32(limitMilliseconds))
        if ready <= 0 { return .nothing }
        if waiting[0].revents != 0 { return signalEvent() }
        var key: UInt8 = 0
        let count = retryingOnInterrupt { unsafe read(STDIN_FILENO, &key, 1) }
        return count == 1 ? .key(key) : .ended
    }

    private func signalEvent() -> TerminalEvent {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard retryingOnInterrupt({ unsafe read(signals, &info, size) }) == size else {
            return .ended
        }
        switch Int32(info.ssi_signo) {
        case SIGWINCH: return .changed
        case SIGTSTP:
            // The shell gets the terminal as it was; it goes on here when it is told to.
            leave()
            raise(SIGSTOP)
            enter()
            return .changed
        default: return .ended
        }
    }

    /// Takes the screen and the keys.
    private func enter() {
        var mode = termios()
        if unsafe tcgetattr(STDIN_FILENO, &mode) == 0 {
            saved = mode
            // Keys at once and unseen; Ctrl-C and Ctrl-Z stay signals.
            mode.c_lflag &= ~tcflag_t(ICANON | ECHO)
            unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode)
        }
        // The other screen, and no cursor on it.
        draw("\u{1B}[?1049h\u{1B}[?25l")
    }

    /// Gives the screen and the keys back.
    private func leave() {
        draw("\u{1B}[?25h\u{1B}[?1049l")
        if var mode = saved {
            unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode)
            saved = nil
        }
    }

    private func draw(_ text: ByteString) {
        // A terminal that is gone has nothing to put right.
        _ = StandardOutput().writeOutput(text)
    }
}
