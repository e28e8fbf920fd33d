// The host in memory that tests begin with, and short ways to ask it something.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import TestSupport
import Testing

/// A host with Postfix in memory, on which only postconf(1) may be run.
func hostWithPostfix() -> InMemoryHost {
    InMemoryHost.withPostfix { Issue.record("unexpected command: \($0.arguments)") }
}

extension InMemoryHost {
    /// Carries one action out, as root; `files` may break on the way.
    @discardableResult
    func run(
        _ request: LifecycleRequest, files: (any FileSystem)? = nil,
        onRecovery: (Recovery) -> Void = { _ in }
    ) throws -> LifecycleOperation.Outcome {
        // The defaults are no business of a test that breaks files.
        let installation = try Installation.observe(host())
        return try LifecycleOperation(host(files: files), installation: installation)
            .run([request], onRecovery: onRecovery)
    }

    /// Carries one task out, as root; `files` may break on the way.
    @discardableResult
    func run(
        _ task: LifecycleTask, files: (any FileSystem)? = nil
    ) throws -> LifecycleOperation.Outcome {
        let installation = try Installation.observe(host())
        return try LifecycleOperation(host(files: files), installation: installation)
            .run(tasks: [task]) { _ in }
    }

    /// Does the work of a scenario, as root; `files` may break on the way.
    func run(_ work: FaultScenario.Work, files: (any FileSystem)? = nil) throws {
        switch work {
        case .task(let task): try run(task, files: files)
        case .undo(let generation):
            do {
                try undo(generation, files: files)
            } catch UndoRefusal.takenBackAlready(generation, _) {
                // Done, and perhaps only not said so.
            }
        }
    }

    /// What an action is refused for, or nil if it is not refused.
    func refusal(_ request: LifecycleRequest) -> LifecycleRefusal? {
        refusal(.action(request))
    }

    /// What a task is refused for, or nil if it is not refused.
    func refusal(_ task: LifecycleTask) -> LifecycleRefusal? {
        do {
            try run(task)
            return nil
        } catch OperationFailure.refusal(let refusal) {
            return refusal
        } catch {
            Issue.record("failed, but not refused: \(error)")
            return nil
        }
    }

    /// Has postfix-files name all queues, and not only those that most tests need.
    func listAllQueues() {
        let path: ByteString = "/etc/postfix/postfix-files"
        let queues = ["bounce", "corrupt", "defer", "hold", "incoming", "trace"].map {
            "$queue_directory/\($0):d:$mail_owner:-:700:ucr\n"
        }
        files.addFile(path, (files.contents(of: path) ?? "") + ByteString(queues.joined()))
    }

    /// All instances as they are read now.
    func instances() throws -> InstanceSet {
        let installation = try Installation.observe(host())
        let primary = try Primary(
            try Primary.read("/etc/postfix", installation: installation, files: files))
        return try primary.observeInstances(
            files, installation: installation, claims: try primary.claimSharedDirectories(files))
    }

    /// All objects but those of the product's own state and of the cache.
    var visibleObjects: [ByteString: InMemoryFileSystem.Object] {
        files.objects.filter { path, _ in
            !["/var/lib/postilion", "/run/postilion", "/var/cache/postilion"].contains {
                path.hasPrefix($0)
            }
        }
    }
}

/// A life-cycle request for one instance by name.
func ask(
    _ action: LifecycleRequest.Action, _ selection: Selection = .unspecified,
    name: ByteString? = nil, group: ByteString? = nil, enables: Bool = false,
    initialises: Bool = false, _ settings: ByteString...
) -> LifecycleRequest {
    LifecycleRequest(
        action: action, selection: selection, newName: name, newGroup: group, settings: settings,
        enables: enables, initialises: initialises)
}
