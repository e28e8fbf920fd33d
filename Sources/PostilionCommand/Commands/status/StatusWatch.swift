// status --watch: the same view again and again on one screen, until it is told to end.

import Bytes
import HostAccess
import Instances

/// Draws snapshots on a terminal.
struct StatusWatch {
    private let terminal: any Terminal
    private let console: Console
    private let observe: () throws(CommandFailure) -> Snapshot

    private static let intervalMilliseconds = 1000

    /// Draws what `observe` sees; a host without a usable terminal is refused.
    init(
        _ context: CommandContext, observe: @escaping () throws(CommandFailure) -> Snapshot
    ) throws(CommandFailure) {
        guard context.host.terminal.size != nil,
            context.host.environmentValue("TERM") != "dumb"
        else {
            throw CommandFailure(
                .usage, "--watch needs a terminal that can be drawn on",
                hint: "postilion status shows the same once")
        }
        terminal = context.host.terminal
        console = context.console
        self.observe = observe
    }

    /// Draws until the person ends it; what fails before the first picture ends it, too.
    func run() throws(CommandFailure) -> CommandStatus {
        var seen = Result<Snapshot, CommandFailure>.success(try observe())
        return terminal.withWholeScreen {
            while true {
                guard console.write(picture(of: seen)) == nil else { return .failed }
                switch terminal.nextEvent(limitMilliseconds: Self.intervalMilliseconds) {
                case .ended: return .done
                case .key(let key) where Self.endingKeys.contains(key): return .done
                case .key: continue
                case .changed, .nothing: break
                }
                seen = Result { () throws(CommandFailure) in try observe() }
            }
        }
    }

    /// The keys q and Q.
    private static let endingKeys: Set<UInt8> = [0x71, 0x51]

    /// One picture: from the top left corner, each line up to its end, then nothing more.
    private func picture(of seen: Result<Snapshot, CommandFailure>) -> ByteString {
        let size = terminal.size ?? TerminalSize(columns: 80, rows: 24)
        var lines: [ByteString]
        switch seen {
        case .success(let snapshot):
            lines = [console.styled(heading(snapshot), .strong)]
            lines += StatusView(snapshot, console: console)
                .lines(fitting: size.rows - 1, columns: size.columns)
        case .failure(let failure):
            lines = [console.styled(failure.message.printable, .bad)]
        }
        let text = lines.prefix(max(1, size.rows)).map { line in
            line.cutForTerminal(columns: size.columns) + "\u{1B}[K"
        }
        let whole = text.reduce("") { $0.isEmpty ? $1 : "\($0)\r\n\($1)" }
        return "\u{1B}[H\(whole)\u{1B}[J"
    }

    private func heading(_ snapshot: Snapshot) -> ByteString {
        let running = snapshot.instances.filter {
            if case .known(.running) = $0.process { true } else { false }
        }.count
        let wrong = snapshot.instances.filter { !snapshot.faults(of: $0).isEmpty }.count
        var words: ByteString = "\(snapshot.instances.count) instances, \(running) running"
        if wrong > 0 { words += ", \(wrong) with something wrong" }
        return "\(words)  \(timeText(snapshot.takenSeconds)) UTC  q quits"
    }

    private func timeText(_ seconds: Int) -> ByteString {
        let parts = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60]
        return parts.map { $0 < 10 ? "0\($0)" as ByteString : "\($0)" }
            .reduce("") { $0.isEmpty ? $1 : "\($0):\($1)" }
    }
}
