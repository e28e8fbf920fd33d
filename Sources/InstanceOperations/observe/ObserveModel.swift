// What clone finds in the configuration directory of its model: main.cf, master.cf, and the rest.

import Bytes
import HostAccess
import Instances
import PostfixFormats

/// Reads all that a clone gets from its model.
struct ModelObserver {
    let files: any FileReading
    /// The real paths of installed files and directories, which are the same for all instances.
    let installed: Set<ByteString>

    /// 32 MiB, as much as tables of a million lines: all of it is in the journal, too.
    private static let limitBytes = 1 << 25
    /// Nobody sorts the tables of one instance into more levels.
    private static let limitDepth = 8

    /// What has been found so far.
    private struct Findings {
        var files: [ConfigFile] = []
        var directories: [CloneModel.Directory] = []
        var leftOut: [ByteString] = []
        var countBytes = 0
    }

    func model(
        _ instance: Instance, _ parameters: ParameterView
    ) throws(OperationFailure) -> CloneModel {
        let directory = instance.configDirectory
        var findings = Findings()
        do throws(FileError) {
            let realPath = try files.realPath(directory)
            try collect(realPath, "", depth: 0, into: &findings)
            return CloneModel(
                instance: instance, parameters: parameters,
                mainCF: try readConfigFile("\(directory)/main.cf", files),
                masterCF: try readConfigFile("\(directory)/master.cf", files),
                files: findings.files, directories: findings.directories,
                leftOut: findings.leftOut)
        } catch {
            if case .tooLarge = error {
                throw .refusal(
                    .tooMuchToCopy(configDirectory: directory, limitBytes: Self.limitBytes))
            }
            throw .file(error)
        }
    }

    private func collect(
        _ directory: ByteString, _ prefix: ByteString, depth: Int, into findings: inout Findings
    ) throws(FileError) {
        let made: Set<ByteString> = ["main.cf", "master.cf", "main.cf.tmp", "master.cf.tmp"]
        for name in try files.list(directory) where !(depth == 0 && made.contains(name)) {
            let path: ByteString = "\(directory)/\(name)"
            let place = prefix + name
            guard !installed.contains(path),
                let status = try files.status(of: path, followingLinks: false)
            else { continue }
            let attributes = ChangeSet.Attributes(
                mode: status.mode, owner: status.owner, group: status.group)
            switch status.kind {
            case .regular:
                let limit = Self.limitBytes - findings.countBytes
                let contents = try files.read(path, limitBytes: limit)
                findings.countBytes += contents.bytes.count
                findings.files.append(
                    ConfigFile(
                        path: place, contents: ByteString(contents.bytes), attributes: attributes))
            case .directory where depth < Self.limitDepth:
                findings.directories.append(.init(path: place, attributes: attributes))
                try collect(path, "\(place)/", depth: depth + 1, into: &findings)
            default:
                findings.leftOut.append(place)
            }
        }
    }
}
