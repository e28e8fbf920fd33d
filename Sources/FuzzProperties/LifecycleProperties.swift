// What must hold for any sequence of life-cycle actions, carried out on a host in memory.
//
// Input: actions with a byte 2 in between. The parts of one are its word, whom it is about ("*"
// all, "@group", else as option -i), option -I, option -G, settings. Two words more than
// postmulti has make things happen around it: "mail" queues a message, "start" runs an instance.

import Bytes
import HostAccess
import InstanceOperations
import Instances
import PostfixFormats
import TestSupport

/// Checks a sequence of actions.
@Sendable
func checkLifecycle(_ input: ByteString) throws(BrokenProperty) {
    var world = try World()
    for action in input.bytes.split(separator: 2).prefix(8) {
        try world.play(FuzzInput(ByteString(action)))
    }
}

/// The host, and what has been done to it.
private struct World {
    private let memory = InMemoryHost.withPostfix(reportUnexpected: { _ in })
    private let installation: Installation
    /// The messages that were queued; none may ever get lost.
    private var messages: [ByteString] = []

    init() throws(BrokenProperty) {
        memory.addInstance("postfix-old")
        memory.files.addDirectory("/srv/queues")
        memory.files.addLink("/link", to: "/srv/queues")
        guard let installation = try? Installation.observe(memory.host()) else {
            throw BrokenProperty("Postfix is found")
        }
        self.installation = installation
    }

    mutating func play(_ input: FuzzInput) throws(BrokenProperty) {
        var input = input
        let word = input.next()
        let selection = selection(input.next())
        if let action = LifecycleRequest.Action(rawValue: word.text) {
            let request = LifecycleRequest(
                action: action, selection: selection, newName: option(input.next()),
                newGroup: option(input.next()), settings: input.remaining(4))
            try carryOut(request)
        } else if let instance = try observe().usable.last(where: { selection.matches($0) }) {
            if word == "mail" { queueMail(instance) } else { start(instance) }
        }
        for message in messages {
            try expect(memory.files.contents(of: message) == "mail", "\(message) is not lost")
        }
    }

    private func carryOut(_ request: LifecycleRequest) throws(BrokenProperty) {
        let operation = LifecycleOperation(memory.host(), installation: installation)
        let before = try observe().registeredDirectories
        let objects = memory.files.objects
        let decision = Result { () throws(OperationFailure) in try operation.decide([request]) }
        try expect(memory.files.objects == objects, "deciding changes nothing")

        switch Result(catching: { () throws(OperationFailure) in
            try operation.run([request], onRecovery: { _ in })
        }) {
        case .success(let outcome):
            try expect(
                (try? decision.get())?.changes == outcome.changes, "what is decided is done")
            try checkOrder(request, before: before, after: try observe().registeredDirectories)
            try checkRepetition(request, operation)
        case .failure(.refusal), .failure(.observation), .failure(.file):
            try expect(host(objects) == host(memory.files.objects), "a refusal changes nothing")
        case .failure(let failure):
            throw BrokenProperty("\(request) is done or refused, and does not fail: \(failure)")
        }
        try expect(
            memory.files.contents(of: "/var/lib/postilion/journal") == nil, "no journal stays")
    }

    /// All there is but what the product keeps for itself.
    private func host(
        _ objects: [ByteString: InMemoryFileSystem.Object]
    ) -> [ByteString: InMemoryFileSystem.Object] {
        objects.filter { path, _ in
            !path.hasPrefix("/var/lib/postilion") && !path.hasPrefix("/run/")
        }
    }

    private func checkRepetition(
        _ request: LifecycleRequest, _ operation: LifecycleOperation
    ) throws(BrokenProperty) {
        // Renamed, an instance cannot be found again under the name it had.
        guard [.enable, .disable, .assign].contains(request.action), request.newName == nil else {
            return
        }
        // Without an enabled primary everything but init is refused.
        guard let again = try? operation.decide([request]) else { return }
        try expect(again.changes.isEmpty, "\(request.action.word) twice is once")
    }

    /// Every instance can be read, all names and directories differ.
    private func observe() throws(BrokenProperty) -> InstanceSet {
        let files = memory.host().files
        guard
            let parameters = try? Primary.read(
                "/etc/postfix", installation: installation, files: files),
            let primary = try? Primary(parameters),
            let claims = try? primary.claimSharedDirectories(files),
            let instances = try? primary.observeInstances(
                files, installation: installation, claims: claims)
        else { throw BrokenProperty("the primary can be read") }
        try expect(instances.broken.isEmpty, "no instance is broken: \(instances.broken)")
        let directories = instances.registeredDirectories
        try expect(Set(directories).count == directories.count, "no instance is registered twice")
        let names = instances.usable.compactMap(\.name)
        try expect(Set(names).count == names.count, "names are unique")
        return instances
    }

    private func checkOrder(
        _ request: LifecycleRequest, before: [ByteString], after: [ByteString]
    ) throws(BrokenProperty) {
        switch request.action {
        case .create, .import:
            try expect(after.count == before.count + 1, "one instance more is registered")
            let new = after.filter { !before.contains($0) }
            try expect(after.filter { !new.contains($0) } == before, "the others keep their order")
            if request.selection == .unspecified {
                try expect(new.last == after.last, "a new instance comes last")
            }
            if request.selection == .all {
                try expect(new.first == after.first, "a new instance comes first")
            }
        case .deport, .destroy:
            try expect(after.count == before.count - 1, "one instance less is registered")
            try expect(before.filter(after.contains) == after, "the others keep their order")
        default:
            try expect(after == before, "the registrations stay as they are")
        }
    }

    private mutating func queueMail(_ instance: Instance) {
        let message: ByteString = "\(instance.queueDirectory)/deferred/message"
        guard !messages.contains(message) else { return }
        memory.files.addFile(message, "mail", mode: 0o700, owner: 105)
        messages.append(message)
    }

    private func start(_ instance: Instance) {
        memory.files.lockElsewhere("\(instance.queueDirectory)/pid/master.pid", holder: 99)
    }
}

private func selection(_ word: ByteString) -> Selection {
    if word.isEmpty { return .unspecified }
    if word == "*" { return .all }
    return word.hasPrefix("@") ? .group(word.dropFirst(1)) : .instance(word)
}

/// nil for an option that was not given, empty for one that clears.
func option(_ part: ByteString) -> ByteString? {
    part.isEmpty ? nil : part == "-" ? "" : part
}
