// Random choices that a seed repeats: splitmix64, one stream per generated file.

import Bytes
import Foundation

struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64, stream: Int) { state = seed &+ UInt64(stream) &* 0xD1B5_4A32_D192_ED03 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &self)]
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
