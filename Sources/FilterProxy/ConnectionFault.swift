// Why a connection did not come about, in words for a log line or a reply.

import Bytes
import HostAccess
import NIOCore
import NIOPosix

/// The words for a failed connection.
enum ConnectionFault {
    static func words(of error: any Error) -> String {
        switch error {
        case is ChannelError: "connection timed out"
        case let error as IOError: SystemError(code: error.errnoCode).text.text.lowercased()
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { words(of: $0.error) } ?? "name not found"
        default: "cannot connect"
        }
    }
}
