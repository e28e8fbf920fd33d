// Hooks in their order: what comes out of all of them for one message.

import NIOCore
import SMTPProtocol

/// All hooks of a configuration.
package struct HookChain: Sendable {
    /// One hook.
    package enum Entry: Sendable {
        /// Header fields that need no look at the message.
        case fields([FieldTemplate])
        /// A look at the whole message.
        case inspection(LimitedHook)
    }

    private let entries: [Entry]
    private let hostName: String

    /// Hooks in their order, and the name by which this host is known in trace fields.
    package init(_ entries: [Entry], hostName: String) {
        self.entries = entries
        self.hostName = hostName
    }

    /// True if a hook needs whole messages.
    package var needsWholeMessages: Bool {
        entries.contains { if case .inspection = $0 { true } else { false } }
    }

    /// True if something is put in front of messages that flow on as they come.
    package var hasPrologue: Bool {
        entries.contains { if case .fields(let fields) = $0 { !fields.isEmpty } else { false } }
    }

    /// What is put in front of a message that flows on as it comes.
    func prologue(_ envelope: Envelope, at seconds: Int) -> ByteBuffer {
        let moment = FieldTemplate.Moment(seconds: seconds, hostName: hostName)
        var text = ""
        for entry in entries {
            guard case .fields(let templates) = entry else { continue }
            text = FieldTemplate.wire(templates, envelope, moment) + text
        }
        return ByteBuffer(string: text)
    }

    /// Puts a message through all hooks, until one decides against it.
    func inspect(
        _ message: SpooledMessage, _ envelope: Envelope, at seconds: Int
    ) async -> Inspection {
        let moment = FieldTemplate.Moment(seconds: seconds, hostName: hostName)
        var inspection = Inspection()
        // Of a task that is cancelled nobody wants to know what comes out.
        for entry in entries where !Task.isCancelled {
            switch entry {
            case .fields(let templates):
                inspection.put(FieldTemplate.wire(templates, envelope, moment))
            case .inspection(let hook):
                let began = NIODeadline.now()
                let verdict = await hook.inspect(message, envelope)
                inspection.take(verdict, of: hook.name, took: .now() - began)
                guard inspection.verdict == .pass else { return inspection }
            }
        }
        return inspection
    }
}

/// What has come out of the hooks for one message.
struct Inspection: Sendable {
    var verdict = Verdict.pass
    var findings = Findings()
    /// What is put in front of the message.
    private(set) var prologue = ByteBuffer()
    /// The names of header fields that are taken out of it.
    private(set) var removedFields: [String] = []

    /// Puts text in front of what is there.
    mutating func put(_ text: String) {
        guard !text.isEmpty else { return }
        var buffer = ByteBuffer(string: text)
        buffer.writeImmutableBuffer(prologue)
        prologue = buffer
    }

    mutating func take(_ verdict: HookVerdict, of name: String, took: TimeAmount) {
        findings.add(verdict, of: name, took: took)
        removedFields += verdict.removedFields
        put(verdict.fields.map(\.wire).joined())
        switch verdict.decision {
        case .pass: break
        case .hold(let reason): put(HeaderField(HeaderField.holdName, "\(name): \(reason)").wire)
        case .reject(let reason):
            self.verdict = .refuse(
                OwnReply(550, "5.7.1", "Message rejected: \(SafeText.reason(reason))"))
        case .tempfail(let reason):
            self.verdict = .refuse(
                OwnReply(451, "4.7.1", "Message deferred: \(SafeText.reason(reason))"))
        case .discard: self.verdict = .discard(OwnReply(250, "2.0.0", "Ok: discarded"))
        }
    }
}

/// What the hooks have said of a message, for the log.
struct Findings: Sendable {
    private var notes: [String] = []
    private var strongest = "pass"

    mutating func add(_ verdict: HookVerdict, of name: String, took: TimeAmount) {
        let word =
            switch verdict.decision {
            case .pass: verdict.fields.isEmpty && verdict.removedFields.isEmpty ? "pass" : "tag"
            case .reject: "reject"
            case .tempfail: "tempfail"
            case .hold: "hold"
            case .discard: "discard"
            }
        if word != "pass" { strongest = word }
        let note = verdict.note.isEmpty ? "" : "(\(verdict.note))"
        notes.append("\(name)=\(word)\(note) \(MessageLog.seconds(took))s")
    }

    /// Each hook with its word and time, in order.
    var text: String { notes.joined(separator: ", ") }

    /// What has become of the message, in a word.
    func verdict(_ decision: FinishedMessage.Decision) -> String {
        switch decision {
        case .nextHop, .hook: strongest
        case .proxy: "refused"
        case .nextHopLost: "next-hop-lost"
        case .clientLost: "client-lost"
        }
    }
}
