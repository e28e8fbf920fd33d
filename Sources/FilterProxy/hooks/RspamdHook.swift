// Asks rspamd, over HTTP as its own client does: POST /checkv2, with the envelope in fields.

import Bytes
import NIOCore
import NIOHTTP1
import PostfixFormats
import SMTPProtocol

/// Asks rspamd what to do with messages.
struct RspamdHook: Hook {
    let settings: RspamdSettings
    let service: ServiceClient

    /// The field by which messages are marked as spam.
    static let spamField = "X-Spam"
    /// The fields that nobody in front may set.
    static let fieldNames = [spamField]
    /// An answer tells of each test that a message has met.
    private static let answerLimit = 4 << 20

    func inspect(
        _ message: SpooledMessage, _ envelope: Envelope
    ) async throws(HookFailure) -> HookVerdict {
        let password = settings.password
        let response = try await service.talk(
            configure: { channel in
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
            },
            send: { (writer: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>) in
                let count = try await message.contentBytes()
                var fields = RspamdRequest.fields(envelope, contentBytes: count)
                if let password { fields.add(name: "Password", value: password) }
                let head = HTTPRequestHead(
                    version: .http1_1, method: .POST, uri: "/checkv2", headers: fields)
                try await writer.write(.head(head))
                try await message.forEachPiece {
                    try await writer.write(.body(.byteBuffer($0)))
                }
                try await writer.write(.end(nil))
            },
            receive: { stream in
                do {
                    return try await Self.response(stream)
                } catch is HTTPParserError {
                    throw Self.noHTTP
                } catch is NIOHTTPDecoderError {
                    throw Self.noHTTP
                }
            })
        guard response.status == 200 else {
            let words = SafeText.line(response.body.readableBytesView, limit: 200)
            throw HookFailure("rspamd: HTTP status \(response.status): \(words)")
        }
        guard let json = JSONText(ByteString(Array(response.body.readableBytesView))) else {
            throw HookFailure("rspamd: the answer is no JSON")
        }
        return try RspamdVerdict(json, settings: settings).verdict
    }

    private static let noHTTP = HookFailure("rspamd: the answer is no HTTP")

    private struct Response: Sendable {
        var status: UInt
        var body = ByteBuffer()
    }

    private static func response(
        _ stream: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    ) async throws -> Response {
        var response: Response?
        for try await part in stream {
            switch part {
            case .head(let head): response = Response(status: head.status.code)
            case .body(let bytes):
                response?.body.writeImmutableBuffer(bytes)
                guard response.map({ $0.body.readableBytes <= answerLimit }) ?? true else {
                    throw HookFailure("rspamd: an answer of more than \(answerLimit) bytes")
                }
            case .end:
                if let response { return response }
            }
        }
        try Task.checkCancellation()
        throw HookFailure("rspamd: closed the connection without a whole answer")
    }
}

/// What is told of a message beside its content.
enum RspamdRequest {
    static func fields(_ envelope: Envelope, contentBytes: Int) -> HTTPHeaders {
        let origin = envelope.origin
        var fields = HTTPHeaders()
        func add(_ name: String, _ bytes: [UInt8]) {
            let value = SafeText.line(bytes, limit: 1000)
            if !value.isEmpty { fields.add(name: name, value: value) }
        }
        fields.add(name: "Host", value: "localhost")
        fields.add(name: "Content-Length", value: String(contentBytes))
        add("IP", address(origin.address))
        add("Helo", origin.hello)
        add("Hostname", origin.name)
        add("From", envelope.sender)
        for recipient in envelope.recipients { add("Rcpt", recipient) }
        add("Queue-Id", origin.ident)
        return fields
    }

    /// The numeric address: XFORWARD writes `IPV6:` in front of some.
    private static func address(_ told: [UInt8]) -> [UInt8] {
        let prefix = "ipv6:"
        let text = String(decoding: told, as: UTF8.self)
        return text.lowercased().hasPrefix(prefix) ? Array(told.dropFirst(prefix.count)) : told
    }
}
