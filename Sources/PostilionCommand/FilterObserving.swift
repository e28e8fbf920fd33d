// What the configuration of postilion-filter says of the way of mail. Whether the rest of it is
// right is for the filter to say; here it is only looked at.

import Bytes
import HostAccess
import Instances
import TOMLReading

extension FileReading {
    /// The content filter of this host; nil if its service has no configuration.
    func contentFilter() -> Observed<ContentFilter?> {
        let path = ContentFilter.usualConfiguration
        let contents: FileContents
        do throws(FileError) {
            // 1 MiB: the filter itself reads no more.
            contents = try read(path, limitBytes: 1 << 20)
        } catch {
            return error.isNotFound ? .known(nil) : .unknown(reason: error.sentence)
        }
        do throws(TOMLProblem) {
            let top = TOMLTableReader(
                try TOMLDocument(file: path.text, text: ByteString(contents.bytes).text))
            let listen = (top.strings("listen") ?? []).map { ByteString($0) }
            guard let next = top.string("next_hop").map({ ByteString($0) }), !listen.isEmpty else {
                return .unknown(
                    reason: "\(path): it does not say listen and next_hop; "
                        + "postilion-filter --check tells more")
            }
            return .known(
                ContentFilter(
                    listen: listen.compactMap { NextHop(destination: $0) },
                    nextHop: NextHop(destination: next)))
        } catch {
            return .unknown(reason: ByteString(error.description))
        }
    }
}
