// The command config: parameters and services of any instances.

import ArgumentParser
import Bytes
import HostAccess
import InstanceOperations
import Instances

struct Config: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Read, set and compare parameters of any instances.",
        discussion: """
            NAME is a parameter of main.cf, or of master.cf a field or parameter of services as \
            postconf -F and -P name them: smtp/inet/chroot, */unix/chroot, \
            submission/inet/smtpd_tls_security_level.

            A selector may also be a directory with a main.cf that is not registered.
            """,
        subcommands: [
            ConfigGet.self, ConfigSet.self, ConfigUnset.self, ConfigDiff.self, ConfigOrigin.self,
        ])
}

extension CommandContext {
    /// Reads and edits parameters on the host.
    func configOperation() throws(CommandFailure) -> ConfigOperation {
        do throws(ObservationFailure) {
            return ConfigOperation(host, installation: try Installation.observe(host))
        } catch {
            throw error.commandFailure
        }
    }

    /// The instances that the word means, with their files.
    func configured(_ selector: String) throws(CommandFailure) -> [ConfiguredInstance] {
        let operation = try configOperation()
        let result: Result<[ConfiguredInstance], ConfigRefusal>
        do throws(OperationFailure) {
            result = try operation.instances(ByteString(selector))
        } catch {
            throw error.commandFailure
        }
        switch result {
        case .success(let instances): return instances
        case .failure(let refusal): throw refusal.commandFailure
        }
    }
}

/// The name that a word on the command line stands for.
func configName(_ word: ByteString) throws(CommandFailure) -> ConfigName {
    guard let name = ConfigName(word) else {
        throw CommandFailure(
            .usage, "'\(word)' is neither a parameter nor SERVICE/TYPE/NAME",
            hint: "for example: myhostname, smtp/inet/chroot")
    }
    return name
}
