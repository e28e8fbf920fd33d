// The content filter between instances, as its own configuration tells of it: where mail goes in,
// and where it comes out. Who else listens there is a matter of the snapshot.

package import Bytes

/// A content filter whose way is known.
package struct ContentFilter: Hashable, Sendable {
    /// Where it takes mail.
    package var listen: [NextHop]
    /// Where it hands mail on; nil for a socket of the file system, which no instance has.
    package var nextHop: NextHop?

    package init(listen: [NextHop], nextHop: NextHop?) {
        self.listen = listen
        self.nextHop = nextHop
    }

    /// What it is called.
    package static let name: ByteString = "postilion-filter"
    /// Where its service looks for its configuration.
    package static let usualConfiguration: ByteString = "/etc/postilion/filter.toml"

    /// True if it takes mail at this place when it runs.
    func takesMail(at socket: ListeningSocket) -> Bool {
        listen.contains { place in
            guard place.port.flatMap({ Int($0.text) }) == socket.port else { return false }
            return place.addresses.contains { address in
                ListeningSocket(address: address, port: socket.port)
                    .serves(socket.address, socket.port)
            }
        }
    }
}
