// The program postmulti(1): reads the command line and the primary, then lists, runs or edits.

import Bytes
package import HostAccess
import InstanceOperations
import Instances
import PostfixFormats

/// The drop-in for Postfix's multi-instance manager.
package struct Postmulti {
    private let host: Host
    private let programName: ByteString

    /// Works on a host, with the arguments that the host's process was given.
    package init(_ host: Host) {
        self.host = host
        let called = host.arguments.first ?? "postmulti"
        let last = called.bytes.split(separator: 0x2F).last.map { ByteString($0) }
        programName = last ?? called
    }

    /// Does what the arguments ask for; returns the exit status, 0 or 1.
    package func run() -> Int32 {
        var speaker = Speaker(host, programName: programName)
        do throws(Fatal) {
            return try run(&speaker)
        } catch {
            for diagnostic in error.diagnostics { speaker.say(diagnostic) }
            return 1
        }
    }

    private func run(_ speaker: inout Speaker) throws(Fatal) -> Int32 {
        let installation = try observing { () throws(ObservationFailure) in
            try Installation.observe(host)
        }
        let mailConfig = host.environmentValue("MAIL_CONFIG")
        let parameters = try observing { () throws(ObservationFailure) in
            try Primary.read(
                mailConfig ?? installation.configDirectory, installation: installation,
                files: host.files)
        }
        try tell(parameters.mainCF.problems, of: parameters, speaker)
        // A bad value in the primary is found before the command line is looked at.
        let primary = try observing { () throws(ObservationFailure) in try Primary(parameters) }
        try speaker.configure(primary.parameters)
        if let mailConfig, mailConfig != installation.configDirectory {
            throw Fatal("Non-default configuration directory: MAIL_CONFIG=\(mailConfig)")
        }
        let options = try readOptions(speaker)
        let claims = try observing { () throws(ObservationFailure) in
            try primary.claimSharedDirectories(host.files)
        }
        if case .edit(let action) = options.mode {
            return try edit(action, options, installation, speaker)
        }
        let instances = try observing { () throws(ObservationFailure) in
            try primary.observeInstances(host.files, installation: installation, claims: claims)
        }
        for broken in instances.broken { speaker.say(.error(broken.sentence)) }
        let status = try iterate(options, primary, instances, speaker)
        return instances.broken.contains(where: options.selection.mayMean) ? 1 : status
    }

    /// Warns of what Postfix warns of in main.cf, up to the line that it dies of.
    private func tell(
        _ problems: [MainCF.Problem], of parameters: ParameterView, _ speaker: Speaker
    ) throws(Fatal) {
        for problem in problems {
            let text = problem.wording(path: "\(parameters.configDirectory)/main.cf")
            if problem.isFatal { throw Fatal(text) }
            speaker.say(.warning(text))
        }
    }

    private func readOptions(_ speaker: Speaker) throws(Fatal) -> Options {
        do throws(UsageFault) {
            return try Options(Array(host.arguments.dropFirst()))
        } catch {
            if case .usage(let fault) = error { speaker.sayOnTerminal(fault.wording) }
            throw Fatal(error.wording(programName: programName))
        }
    }

    private func iterate(
        _ options: Options, _ primary: Primary, _ instances: InstanceSet, _ speaker: Speaker
    ) throws(Fatal) -> Int32 {
        var environment = ChildEnvironment(host.environment)
        environment.set("MAIL_LOGTAG", speaker.systemName)
        if options.isVerbose { environment.set("MAIL_VERBOSE", "") }
        var host = host
        host.environment = environment.entries
        if options.mode == .list {
            if let error = host.output.writeOutput(listing(of: instances, options)) {
                throw Fatal("error writing output: \(error.text)")
            }
            return 0
        }
        return try Iteration(host, options: options, primary: primary, speaker: speaker)
            .run(instances)
    }

    private func edit(
        _ action: LifecycleRequest.Action, _ options: Options, _ installation: Installation,
        _ speaker: Speaker
    ) throws(Fatal) -> Int32 {
        let request = LifecycleRequest(
            action: action, selection: options.selection, newName: options.newName,
            newGroup: options.newGroup, settings: options.arguments)
        do throws(OperationFailure) {
            let operation = LifecycleOperation(host, installation: installation)
            let outcome = try operation.run([request]) { recovery in
                for diagnostic in recovery.diagnostics { speaker.say(diagnostic) }
            }
            for notice in outcome.changes.notices { speaker.say(notice.diagnostic) }
            for broken in outcome.broken { speaker.say(.error(broken.sentence)) }
            return 0
        } catch {
            for diagnostic in error.diagnostics { speaker.say(diagnostic) }
            return 1
        }
    }

    private func observing<Result>(
        _ body: () throws(ObservationFailure) -> Result
    ) throws(Fatal) -> Result {
        do {
            return try body()
        } catch {
            throw Fatal(error.diagnostics)
        }
    }
}
