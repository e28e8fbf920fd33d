// The command export: a blueprint of the instances as they are.

import ArgumentParser
import Blueprint
import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

struct ExportCommand: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a blueprint of the instances as they are.",
        discussion: """
            The blueprint plans to nothing on this host: a beginning for one that is kept in a \
            repository. Settings are written out, no role is guessed; lookup tables stay where \
            they are. Instances that cannot be read are named on standard error and left out.

            Examples:
              postilion export >mail.toml
              postilion export | postilion plan -
            """)

    @Argument(
        help: ArgumentHelp("Which instances; all without one.", valueName: "selector"),
        completion: .selectors)
    var selectors: [String] = []

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let scene = try context.observeInstances()
        let metaDirectory = try scene.value("meta_directory")
        let export = BlueprintExport(
            primary: scene.instances.primary,
            stock: try masterCF("\(metaDirectory)/master.cf.proto", context))
        var text = BlueprintExport.head
        var failures = 0
        for member in try scene.selected(by: selectors) {
            guard case .instance(let instance) = member,
                let parameters = scene.parameters[instance.configDirectory]
                    ?? (instance.isPrimary ? scene.primary.parameters : nil)
            else {
                if case .broken(let broken) = member {
                    context.console.warn(broken.configDirectory, broken.reason.sentence)
                }
                failures += 1
                continue
            }
            guard instance.isPrimary || instance.name != nil else {
                context.console.warn(
                    instance.configDirectory, "has no name: postilion assign gives it one")
                failures += 1
                continue
            }
            text += export.table(
                of: instance, mainCF: parameters.mainCF,
                masterCF: try masterCF("\(instance.configDirectory)/master.cf", context),
                tables: try tables(of: instance, context))
        }
        try context.console.put(text)
        return failures == 0 ? .done : .partlyDone
    }

    /// The files of the configuration directory that begin as tables of blueprints do.
    private func tables(
        of instance: Instance, _ context: CommandContext
    ) throws(CommandFailure) -> [ByteString: ByteString] {
        let files = context.host.files
        var tables: [ByteString: ByteString] = [:]
        do throws(FileError) {
            for name in try files.list(instance.configDirectory) where !name.hasSuffix(".cf") {
                let path: ByteString = "\(instance.configDirectory)/\(name)"
                guard try files.status(of: path, followingLinks: false)?.kind == .regular
                else { continue }
                let head = try files.read(.first(bytes: InstanceFiles.tableMark.count), of: path)
                guard InstanceFiles.isOwned(ByteString(head)) else { continue }
                tables[name] = ByteString(
                    try files.read(path, limitBytes: CommandContext.blueprintLimitBytes).bytes)
            }
        } catch {
            throw OperationFailure.file(error).commandFailure
        }
        return tables
    }

    private func masterCF(
        _ path: ByteString, _ context: CommandContext
    ) throws(CommandFailure) -> MasterCF {
        do throws(FileError) {
            let contents = try context.host.files.read(
                path, limitBytes: CommandContext.blueprintLimitBytes)
            return MasterCF(ByteString(contents.bytes))
        } catch {
            throw OperationFailure.file(error).commandFailure
        }
    }
}
