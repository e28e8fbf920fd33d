// The list of all that is fuzzed. What a target does with its input stands in the file of its
// format or decision; nothing here touches the host.

package import Bytes

/// A property of the product that must hold for any bytes.
package struct FuzzTarget: Sendable {
    /// The name on the command line of scripts/fuzz, and of the directory with its inputs.
    package let name: String
    /// Throws if the input breaks the property; a trap, a hang or a flood of memory breaks it too.
    package let check: @Sendable (ByteString) throws(BrokenProperty) -> Void

    /// All targets, each about one reader of what others wrote.
    package static let all: [FuzzTarget] = [
        FuzzTarget(name: "main.cf", check: checkMainCF),
        FuzzTarget(name: "master.cf", check: checkMasterCF),
        FuzzTarget(name: "expansion", check: checkExpansion),
        FuzzTarget(name: "lists", check: checkLists),
        FuzzTarget(name: "postfix-files", check: checkPostfixFiles),
        FuzzTarget(name: "certificate", check: checkCertificate),
        FuzzTarget(name: "options", check: checkOptions),
        FuzzTarget(name: "mail", check: checkMail),
        FuzzTarget(name: "trace", check: checkTrace),
        FuzzTarget(name: "transaction", check: checkTransactionRecord),
        FuzzTarget(name: "new-instance", check: checkNewInstance),
        FuzzTarget(name: "instances", check: checkInstances),
        FuzzTarget(name: "lifecycle", check: checkLifecycle),
        FuzzTarget(name: "smtp", check: checkSMTPSession),
    ]

    /// Finds a target by its name.
    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
