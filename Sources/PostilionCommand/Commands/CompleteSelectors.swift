// What completion scripts of shells ask for: all selectors that mean something on this host.

import ArgumentParser
import Bytes
import InstanceOperations
import Instances

struct CompleteSelectors: HostCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete-selectors", abstract: "Print all selectors, a line each.",
        shouldDisplay: false)

    func run(_ context: CommandContext) throws(CommandFailure) -> CommandStatus {
        let instances = try context.observeInstances().instances.usable
        var words: [ByteString] = []
        for instance in instances {
            words.append(instance.displayName)
            if let name = instance.name, name.short != name.text { words.append(name.short) }
        }
        for group in instances.compactMap(\.group) where !words.contains("@\(group.text)") {
            words.append("@\(group.text)")
        }
        for word in words { try context.console.put(word + "\n") }
        return .done
    }
}

extension CompletionKind {
    /// The names and groups of the instances that there are when a person presses Tab.
    static var selectors: CompletionKind {
        .shellCommand("postilion complete-selectors 2>/dev/null")
    }
}
