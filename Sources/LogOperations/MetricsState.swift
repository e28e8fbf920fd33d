// Where numbers of logs are kept if nobody says otherwise.

package import Bytes
package import HostAccess
import InstanceOperations

/// The file of the numbers in the product's own directory.
package struct MetricsState {
    private let files: any FileSystem

    package init(_ files: any FileSystem) { self.files = files }

    /// Its path; makes the directory if it is missing.
    package func path() throws(FileError) -> ByteString {
        try StateDirectory.prepare(in: files)
        return "\(StateDirectory.path)/metrics"
    }
}
