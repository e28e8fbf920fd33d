// What surrounds a running instance: the jail of its services, the room of its queue.

import Bytes
import HostAccess
import Instances

extension CheckupObserver {
    /// What the jailed services of every instance look up at run time, and the system has.
    func lookedUpInJails() -> [ByteString] {
        ["/etc/resolv.conf", "/etc/services", "/etc/hosts", "/etc/nsswitch.conf"]
            .compactMap(existing)
    }

    /// What jailed services look up at run time, and the system has, but not the jail.
    ///
    /// - Parameter common: What those of every instance look up.
    func observeMissingInJail(
        of instance: Instance, _ parameters: ParameterView, _ common: [ByteString]
    ) -> Observed<[ByteString]> {
        var wanted = common
        // Certificates in a directory are looked for when they are needed; those in a file are
        // read before the jail is entered.
        if let directory = try? parameters.value(of: "smtp_tls_CApath"), directory.hasPrefix("/"),
            existing(directory) != nil
        {
            wanted.append(directory)
        }
        do throws(FileError) {
            var missing: [ByteString] = []
            for path in wanted {
                let copy = instance.queueDirectory + path
                if try host.files.status(of: copy, followingLinks: true) == nil {
                    missing.append(path)
                }
            }
            return .known(missing)
        } catch {
            return .unknown(reason: error.sentence)
        }
    }

    /// The room of the file system that the queue is on.
    func observeSpace(of instance: Instance) -> Observed<SpaceFact> {
        do {
            let space = try host.space.space(at: instance.queueDirectory)
            return .known(
                SpaceFact(
                    freeBytes: space.freeBytes, files: space.files, freeFiles: space.freeFiles))
        } catch {
            return .unknown(reason: error.text)
        }
    }

    /// The path, if something that can be looked at is there.
    func existing(_ path: ByteString) -> ByteString? {
        // What cannot be looked at helps nobody.
        let status = try? host.files.status(of: path, followingLinks: true)
        return status == nil ? nil : path
    }
}
