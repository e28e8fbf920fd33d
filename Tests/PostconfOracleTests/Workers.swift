// Works through generated files on many threads, however few processors there are.
//
// postconf sleeps for a second before it dies of an error; many such sleeps have to overlap.

import Foundation
import Synchronization
import Testing

enum Workers {
    private static let threadCount = 60
    /// A fault of ours shows in many files; a few of them are enough.
    private static let maximumFindings = 3

    /// Calls the check with each number and records what it reports as issues of the test.
    static func check(_ count: Int, _ check: @escaping @Sendable (Int) throws -> String?) {
        let next = Mutex(0)
        let findings = Mutex<[String]>([])
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = threadCount
        withExtendedLifetime(queue) {
            for _ in 0..<threadCount {
                queue.addOperation {
                    while findings.withLock({ $0.count < maximumFindings }) {
                        let number = next.withLock { number in
                            defer { number += 1 }
                            return number
                        }
                        if number >= count { return }
                        do {
                            guard let finding = try check(number) else { continue }
                            findings.withLock { $0.append(finding) }
                        } catch {
                            findings.withLock { $0.append("file \(number): \(error)") }
                        }
                    }
                }
            }
            queue.waitUntilAllOperationsAreFinished()
        }
        for finding in findings.withLock({ $0 }) { Issue.record(Comment(rawValue: finding)) }
    }
}
