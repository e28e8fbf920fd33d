// Hands probes in: over a connection from the client's own address, or to an instance's
// sendmail(1). What becomes of them is not seen here.

package import Bytes
package import HostAccess
package import Instances

/// Hands probes in.
package struct ProbeSender {
    private let host: Host
    /// The directory of sendmail(1).
    private let sendmail: ByteString

    /// - Parameter sendmail: The path of sendmail(1).
    package init(_ host: Host, sendmail: ByteString) {
        self.host = host
        self.sendmail = sendmail
    }

    /// By SMTP.
    ///
    /// - Parameters:
    ///   - source: The client's address; nil for the one that the kernel chooses.
    ///   - network: The network that the client is in; nil for this process's own.
    package func send(
        _ probe: Probe, _ content: ProbeContent, helo: ByteString, to socket: ListeningSocket,
        from source: IPAddress?, in network: NetworkNamespace?
    ) -> Submission {
        let target = SocketAddress(addressBytes: socket.address.bytes, port: socket.port)
        let limit = probe.limitSeconds * 1000
        do throws(SystemError) {
            func connect() throws(SystemError) -> StreamSocket {
                try StreamSocket(from: source?.bytes, to: target, limitMilliseconds: limit)
            }
            let connection: StreamSocket
            if let network {
                connection = try network.inside(connect)
            } else {
                connection = try connect()
            }
            return SMTPDialogue.play(
                Connection(socket: connection, limitMilliseconds: limit), helo: helo,
                sender: probe.sender, recipients: probe.recipients, content: content)
        } catch {
            var submission = Submission()
            submission.failure = "connect to \(socket.description): \(error.text)"
            return submission
        }
    }

    /// By the sendmail(1) of an instance.
    package func submit(
        _ probe: Probe, _ content: ProbeContent, at configDirectory: ByteString
    ) -> Submission {
        var submission = Submission()
        let command = ChildCommand(
            program: sendmail,
            arguments: [
                sendmail, "-C", configDirectory, "-i", "-f",
                probe.sender.isEmpty ? "<>" : probe.sender, "--",
            ] + probe.recipients,
            environment: host.environment.filter { !$0.hasPrefix("MAIL_CONFIG=") })
        do throws(ProcessError) {
            // 64 KiB: it says nothing, or a line.
            let answer = try host.processes.converse(
                command, input: content.text, limitBytes: 1 << 16,
                limitSeconds: probe.limitSeconds)
            let words = answer.output.split { $0 == 0x0A }.first ?? ""
            submission.exchanges = [.init(command: "sendmail -C \(configDirectory)", reply: words)]
            if answer.status.isSuccess {
                submission.taken = probe.recipients
            } else {
                submission.refuse(probe.recipients, words)
            }
        } catch {
            submission.failure = RehearsalFailure.notRun(error).sentence
        }
        return submission
    }

    /// A connection as a dialogue needs it.
    private struct Connection: MailConversation {
        let socket: StreamSocket
        let limitMilliseconds: Int

        func send(_ text: ByteString) throws(ConversationFailure) {
            do throws(SystemError) {
                try socket.send(text.bytes, limitMilliseconds: limitMilliseconds)
            } catch {
                throw ConversationFailure("sending: \(error.text)")
            }
        }

        func receive() throws(ConversationFailure) -> [UInt8] {
            do throws(SystemError) {
                return try socket.receive(limitMilliseconds: limitMilliseconds)
            } catch {
                throw ConversationFailure("waiting for a reply: \(error.text)")
            }
        }
    }
}
