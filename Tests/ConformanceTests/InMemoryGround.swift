// A directory in the file system in memory.

import Bytes
import HostAccess
import TestSupport

struct InMemoryGround: Ground {
    private let memory = InMemoryFileSystem()
    let root: ByteString = "/scratch"

    var files: any FileSystem { memory }

    init() {
        memory.addDirectory(root)
        memory.addDevice("/dev/zero")
    }

    func addFile(_ path: ByteString, _ contents: ByteString, mode: UInt32) {
        memory.addFile(path, contents, mode: mode)
    }

    func addDirectory(_ path: ByteString, mode: UInt32) { memory.addDirectory(path, mode: mode) }

    func addLink(_ path: ByteString, to target: ByteString) { memory.addLink(path, to: target) }

    func addHardLink(_ path: ByteString, to target: ByteString) {
        memory.addHardLink(path, to: target)
    }

    func addPipe(_ path: ByteString) { memory.addPipe(path) }

    func addSocket(_ path: ByteString) { memory.addSocket(path) }

    func contents(of path: ByteString) -> ByteString? { memory.contents(of: path) }

    func names() -> [ByteString] {
        let start: ByteString = "\(root)/"
        return memory.objects.keys.filter { $0.hasPrefix(start) }
            .map { $0.dropFirst(start.count) }.filter { !$0.contains(0x2F) }.sorted()
    }

    func lockElsewhere(_ path: ByteString, text: ByteString, milliseconds: Int) {
        memory.lockElsewhere(path, holder: 1)
        memory.addFile(path, text)
        memory.after(milliseconds: milliseconds) { $0.unlockElsewhere(holder: 1) }
    }

    func moveUnderLockElsewhere(_ path: ByteString, to newPath: ByteString, milliseconds: Int) {
        let text = memory.contents(of: path) ?? ""
        memory.lockElsewhere(path, holder: 1)
        memory.addFile(path, text)
        memory.after(milliseconds: milliseconds) { memory in
            memory.moveOver(path, to: newPath)
            memory.unlockElsewhere(holder: 1)
        }
    }
}
