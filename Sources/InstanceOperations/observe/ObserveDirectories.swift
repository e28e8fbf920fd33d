// The directories of an instance and of the host as checks judge them: real paths, owners, modes.

import Bytes
import HostAccess
import Instances

extension CheckupObserver {
    /// Looks at the three directories of an instance, and at what lies in the first.
    func observeDirectories(
        of instance: Instance, _ parameters: ParameterView, _ facts: inout InstanceFacts
    ) {
        let directories: [(ByteString, ByteString)] = [
            ("config_directory", instance.configDirectory),
            ("queue_directory", instance.queueDirectory),
            ("data_directory", instance.dataDirectory),
        ]
        for (parameter, path) in directories where path.hasPrefix("/") {
            // What cannot be followed cannot be compared either.
            facts.realPaths[parameter] = try? host.files.realPath(path)
        }
        facts.configuration = configuration(instance.configDirectory)
        facts.queueDirectory = file(instance.queueDirectory)
        facts.dataDirectory = file(instance.dataDirectory)
        facts.mailOwner = mailOwner(parameters)
    }

    private func mailOwner(_ parameters: ParameterView) -> Observed<UInt32> {
        guard let name = try? parameters.value(of: "mail_owner"),
            let account = accounts.user(named: name)
        else { return .unknown(reason: "mail_owner has no account") }
        return .known(account.id)
    }

    /// A configuration directory and the files in it; links are their targets' business.
    private func configuration(_ directory: ByteString) -> Observed<[FileFact]> {
        do throws(FileError) {
            var files: [FileFact] = []
            for path in try [directory] + host.files.list(directory).map({ "\(directory)/\($0)" }) {
                guard let status = try host.files.status(of: path, followingLinks: false),
                    status.kind != .link || path == directory
                else { continue }
                files.append(FileFact(path: path, mode: status.mode, owner: status.owner))
            }
            return .known(files)
        } catch {
            return .unknown(reason: error.sentence)
        }
    }

    private func file(_ path: ByteString) -> Observed<FileFact> {
        do throws(FileError) {
            guard let status = try host.files.status(of: path, followingLinks: true) else {
                return .unknown(reason: "\(path): not there")
            }
            return .known(FileFact(path: path, mode: status.mode, owner: status.owner))
        } catch {
            return .unknown(reason: error.sentence)
        }
    }

    /// Adds what all instances share.
    func observeHost(_ facts: inout HostFacts) {
        for parameter: ByteString in ["command_directory", "daemon_directory", "shlib_directory"] {
            // What cannot be followed cannot be compared either.
            if let path = try? primary.value(of: parameter), path.hasPrefix("/") {
                facts.sharedDirectories[parameter] = try? host.files.realPath(path)
            }
        }
        facts.wrapperIsExecutable = wrapperIsExecutable()
        facts.jailFiller = existing("/usr/lib/postfix/configure-instance.sh")
        facts.usesForeignAddresses = ["ipv4", "ipv6"].contains { (name: ByteString) in
            // A kernel without the switch has it off.
            let file = try? host.files.read(
                "/proc/sys/net/\(name)/ip_nonlocal_bind", limitBytes: 1 << 10)
            return file?.bytes.first == 0x31
        }
        facts.isSeenByRoot = host.accounts.effectiveUser == 0
        facts.hasSystemd = existing("/run/systemd/system") != nil
    }

    private func wrapperIsExecutable() -> Observed<Bool> {
        guard let wrapper = try? primary.value(of: "multi_instance_wrapper"),
            let program = wrapper.split(where: { $0 == 0x20 || $0 == 0x09 }).first
        else { return .unknown(reason: "no wrapper") }
        do {
            let status = try host.files.status(of: program, followingLinks: true)
            return .known(status?.kind == .regular && (status?.mode ?? 0) & 0o111 != 0)
        } catch {
            return .unknown(reason: error.sentence)
        }
    }
}
