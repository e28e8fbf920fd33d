// From rspamd's answer to a verdict. The names of actions are rspamd's.

import Bytes
import PostfixFormats

/// What an answer of /checkv2 means.
struct RspamdVerdict {
    private(set) var verdict: HookVerdict

    /// More fields than these are not added: an answer is no place for a message.
    private static let fieldLimit = 50

    init(_ answer: JSONText, settings: RspamdSettings) throws(HookFailure) {
        if let error = answer["error"]?.string?.text {
            throw HookFailure("rspamd: \(SafeText.reason(error))")
        }
        guard let action = answer["action"]?.string?.text else {
            throw HookFailure("rspamd: no action in the answer")
        }
        let score = Self.text(answer["score"]?.number ?? 0)
        let stated = answer["messages"]?["smtp_message"]?.string.map { SafeText.reason($0.text) }
        let spam = stated ?? "spam score \(score)"
        verdict = HookVerdict(.pass, note: "\(SafeText.reason(action)) \(score)")
        switch action {
        case "reject":
            verdict.decision = HookVerdict.Decision(settings.action, spam)
            if settings.action == .tag { mark(settings) }
        case "soft reject": verdict.decision = .tempfail(stated ?? "try again later")
        case "quarantine": verdict.decision = .hold(spam)
        case "discard": verdict.decision = .discard(spam)
        case "add header": mark(settings)
        case "rewrite subject": rewriteSubject(answer["subject"]?.string?.text, settings)
        // Greylisting is for the server that talks to the client: here it would only delay.
        default: break
        }
        if settings.tags { changeFields(answer["milter"]) }
    }

    private mutating func mark(_ settings: RspamdSettings) {
        guard settings.tags else { return }
        verdict.fields.append(HeaderField(RspamdHook.spamField, "Yes"))
    }

    private mutating func rewriteSubject(_ subject: String?, _ settings: RspamdSettings) {
        guard settings.tags, let subject else { return mark(settings) }
        verdict.removedFields.append("Subject")
        verdict.fields.append(HeaderField("Subject", EncodedWords.text(subject)))
    }

    /// Makes the changes that a milter would make, as far as they mean whole fields.
    private mutating func changeFields(_ milter: JSONText?) {
        guard let milter else { return }
        for (name, place) in (milter["remove_headers"]?.members ?? [:]).sorted(by: Self.byName) {
            // Zero means all of the name; to take out one of several is not possible here.
            guard place.number == 0, HeaderField.isName(name.text) else { continue }
            verdict.removedFields.append(name.text)
        }
        let additions = (milter["add_headers"]?.members ?? [:]).sorted(by: Self.byName)
        for (name, values) in additions where HeaderField.isName(name.text) {
            for value in values.elements {
                guard verdict.fields.count < Self.fieldLimit,
                    let text = value.string ?? value["value"]?.string
                else { continue }
                verdict.fields.append(HeaderField(name.text, text.text))
            }
        }
    }

    private static func byName(
        _ left: (key: ByteString, value: JSONText), _ right: (key: ByteString, value: JSONText)
    ) -> Bool { left.key < right.key }

    /// A score with two digits behind the point.
    private static func text(_ score: Double) -> String {
        guard abs(score) < 1e9 else { return "out of range" }
        let hundredths = Int((score * 100).rounded())
        let fraction = abs(hundredths) % 100
        let sign = hundredths < 0 ? "-" : ""
        return "\(sign)\(abs(hundredths) / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
