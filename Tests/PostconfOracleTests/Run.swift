// What a run generates is repeated by its seed: one stream of numbers per generated file.

import Bytes
import Foundation
import TestSupport

extension SeededNumbers {
    /// The numbers of one of many streams of a seed.
    init(seed: UInt64, stream: Int) {
        self.init(seed: seed &+ UInt64(stream) &* 0xD1B5_4A32_D192_ED03)
    }
}

/// The run's seed and size, set with POSTCONF_ORACLE_SEED and POSTCONF_ORACLE_FILES.
enum Run {
    static let seed: UInt64 = {
        let given = ProcessInfo.processInfo.environment["POSTCONF_ORACLE_SEED"]
        let seed = given.flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000_000)
        print("postconf oracle: seed \(seed); \(recipe(seed))")
        return seed
    }()

    static let fileCount: Int = {
        let given = ProcessInfo.processInfo.environment["POSTCONF_ORACLE_FILES"]
        return given.flatMap { Int($0) } ?? 2100
    }()

    static func recipe(_ seed: UInt64) -> String {
        "repeat with: POSTCONF_ORACLE_SEED=\(seed) swift test --filter PostconfOracleTests"
    }
}
