// Which Postfix and which postmulti the tests with real programs are about.
//
// It must not change either; it only finds them and asks for the version.

import Bytes
import Glibc

/// The installed Postfix, and our program that is to take its place.
package enum TestedPostfix {
    /// The system tree with the Postfix to test against; nil is this machine's own.
    ///
    /// `POSTILION_TEST_ROOT` names it.
    package static let root: String? = environment("POSTILION_TEST_ROOT")

    /// The program under test; `POSTILION_POSTMULTI` names another than the release build.
    package static let postmulti: String =
        environment("POSTILION_POSTMULTI") ?? "\(Package.root)/.build/release/postmulti"

    /// The modern command under test; `POSTILION_COMMAND` names another than the release build.
    package static let postilion: String =
        environment("POSTILION_COMMAND") ?? "\(Package.root)/.build/release/postilion"

    /// The content filter under test; `POSTILION_FILTER` names another than the release build.
    package static let filter: String =
        environment("POSTILION_FILTER") ?? "\(Package.root)/.build/release/postilion-filter"

    /// True if the content filter is there.
    package static let hasFilter: Bool = unsafe access(filter, X_OK) == 0

    /// True if the modern command is there.
    package static let hasPostilion: Bool = unsafe access(postilion, X_OK) == 0

    /// Where what the runs have left is kept, to be looked into; nil keeps nothing.
    ///
    /// `POSTILION_KEEP` names it.
    package static let kept: String? = environment("POSTILION_KEEP")

    /// The release of the Postfix, such as 3.7.11; empty if there is none.
    package static let version: PostfixVersion = {
        var sandbox = Sandbox()
        sandbox.root = root
        let answer = try? sandbox.run(["postconf", "-dh", "mail_version"])
        guard let answer, answer.succeeded else { return PostfixVersion("") }
        return PostfixVersion(answer.output.text)
    }()

    /// Why nothing can be tested with real programs here; nil if it can.
    package static func obstacle(
        withoutOurs: Bool = false, withPostilion: Bool = false, withFilter: Bool = false
    ) -> String? {
        if let reason = Sandbox.obstacle { return reason }
        if let kept, !canKeep(kept) {
            return "POSTILION_KEEP=\(kept) is no absolute path outside of /etc, /usr and /var"
        }
        if version.parts.isEmpty { return "Postfix is not installed" }
        if withPostilion, !hasPostilion {
            return "\(postilion) is missing: swift build -c release makes it"
        }
        if withFilter, !hasFilter {
            return "\(filter) is missing: scripts/build makes it"
        }
        let isPresent = unsafe access(postmulti, X_OK) == 0
        if withoutOurs || isPresent { return nil }
        return "\(postmulti) is missing: swift build -c release makes it"
    }

    /// False where a sandbox has a view of its own of the directory.
    private static func canKeep(_ directory: String) -> Bool {
        directory.hasPrefix("/")
            && !["/etc", "/usr", "/var"].contains { "\(directory)/".hasPrefix("\($0)/") }
    }

    /// The value of an environment variable of the test run; nil if unset or empty.
    package static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}

/// A release number, ordered as releases are.
package struct PostfixVersion: Comparable, Sendable {
    package var parts: [Int]

    /// Reads the leading numbers of a text such as 3.11.7 or 3.12-20260821.
    package init(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        parts = number.split(separator: ".").compactMap { Int($0) }
    }

    package static func < (left: PostfixVersion, right: PostfixVersion) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }
}
