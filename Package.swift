// swift-tools-version: 6.2
import PackageDescription

/// What every target of the house is built with: newer language rules on, warnings are errors.
let house: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
]

let package = Package(
    name: "postilion",
    products: [
        .executable(name: "postmulti", targets: ["postmulti"]),
        .executable(name: "postilion", targets: ["postilion"]),
        .executable(name: "postilion-filter", targets: ["postilion-filter"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // Pure: values in, values out. Each row imports only rows above it.
        .target(name: "Bytes", swiftSettings: house),
        .target(name: "PostfixFormats", dependencies: ["Bytes"], swiftSettings: house),
        .target(
            name: "Instances", dependencies: ["Bytes", "PostfixFormats"], swiftSettings: house),
        .target(
            name: "MailTrace", dependencies: ["Bytes", "PostfixFormats"], swiftSettings: house),

        // The only target that makes system calls, and headers that Swift's C library lacks.
        .systemLibrary(name: "LinuxHeaders"),
        .target(
            name: "HostAccess", dependencies: ["Bytes", "LinuxHeaders"], swiftSettings: house),

        // Pure decisions meet the host.
        .target(
            name: "InstanceOperations",
            dependencies: ["Bytes", "PostfixFormats", "Instances", "HostAccess"],
            swiftSettings: house),

        // Logs meet the host.
        .target(
            name: "LogOperations",
            dependencies: [
                "Bytes", "PostfixFormats", "Instances", "MailTrace", "HostAccess",
                "InstanceOperations",
            ],
            swiftSettings: house),

        // A system that is tried out: its surroundings, test messages, and what became of them.
        .target(
            name: "Rehearsals",
            dependencies: [
                "Bytes", "PostfixFormats", "Instances", "MailTrace", "HostAccess",
                "InstanceOperations", "LogOperations",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house),

        // The drop-in: no Foundation, no argument parser, no concurrency; fully static.
        .target(
            name: "PostmultiCommand",
            dependencies: [
                "Bytes", "PostfixFormats", "Instances", "HostAccess", "InstanceOperations",
            ],
            swiftSettings: house),
        .executableTarget(
            name: "postmulti",
            dependencies: ["PostmultiCommand", "HostAccess"],
            swiftSettings: house,
            linkerSettings: [
                .unsafeFlags(["-static-executable"], .when(configuration: .release))
            ]),

        // The modern command over the same rooms.
        .target(
            name: "PostilionCommand",
            dependencies: [
                "Bytes", "PostfixFormats", "Instances", "MailTrace", "HostAccess",
                "InstanceOperations", "LogOperations", "Rehearsals", "TOMLReading", "Blueprint",
                "BlueprintOperations",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "postilion", dependencies: ["PostilionCommand", "HostAccess"],
            swiftSettings: house),

        // The content filter between two instances: the protocol as a pure machine.
        .target(
            name: "SMTPProtocol",
            dependencies: [.product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: house),

        // Configuration files: values, and the places of what is wrong in them.
        .target(
            name: "TOMLReading",
            dependencies: [
                "Bytes", "PostfixFormats", .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: house),

        // The desired state of a host, as a file says it: pure.
        .target(
            name: "Blueprint",
            dependencies: ["Bytes", "PostfixFormats", "Instances", "TOMLReading"],
            swiftSettings: house),

        // What a blueprint means for a host: plan, apply, export.
        .target(
            name: "BlueprintOperations",
            dependencies: [
                "Bytes", "PostfixFormats", "Instances", "HostAccess", "InstanceOperations",
                "TOMLReading", "Blueprint",
            ],
            swiftSettings: house),

        // The network around it, and what looks into messages.
        .target(
            name: "FilterProxy",
            dependencies: [
                "Bytes", "PostfixFormats", "HostAccess", "SMTPProtocol", "TOMLReading",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: house),
        .executableTarget(
            name: "postilion-filter",
            dependencies: [
                "Bytes", "HostAccess", "FilterProxy",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),

        // For tests only: children to ask, and hosts in memory; in no product.
        .target(
            name: "TestSupport", dependencies: ["Bytes", "HostAccess", "SMTPProtocol"],
            swiftSettings: house),

        // What must hold for any input: called by the fuzzer and by an ordinary test.
        .target(
            name: "FuzzProperties",
            dependencies: [
                "Bytes", "PostfixFormats", "Instances", "MailTrace", "HostAccess",
                "InstanceOperations", "PostmultiCommand", "SMTPProtocol", "TestSupport",
            ],
            swiftSettings: house),
        .testTarget(
            name: "FuzzRegressionTests", dependencies: ["Bytes", "FuzzProperties"],
            swiftSettings: house),

        .testTarget(
            name: "TestSupportTests", dependencies: ["Bytes", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "PostfixFormatsTests", dependencies: ["Bytes", "PostfixFormats", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "PostconfOracleTests", dependencies: ["Bytes", "PostfixFormats", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "BytesTests", dependencies: ["Bytes"], swiftSettings: house),

        // The file system in memory beside the live one.
        .testTarget(
            name: "ConformanceTests", dependencies: ["Bytes", "HostAccess", "TestSupport"],
            swiftSettings: house),

        // Decisions, on values only.
        .testTarget(
            name: "InstancesTests", dependencies: ["Bytes", "PostfixFormats", "Instances"],
            swiftSettings: house),

        // Decisions meet a host in memory.
        .testTarget(
            name: "InstanceOperationsTests",
            dependencies: [
                "Bytes", "PostfixFormats", "Instances", "HostAccess", "InstanceOperations",
                "TestSupport",
            ],
            swiftSettings: house),

        // Logs in memory, and those of a corpus if there is one.
        .testTarget(
            name: "MailTraceTests",
            dependencies: ["Bytes", "PostfixFormats", "MailTrace", "TestSupport"],
            swiftSettings: house),

        // What a rehearsal decides, without one.
        .testTarget(
            name: "RehearsalsTests",
            dependencies: [
                "Bytes", "PostfixFormats", "Instances", "MailTrace", "HostAccess", "Rehearsals",
            ],
            swiftSettings: house),

        .testTarget(
            name: "PostmultiCommandTests",
            dependencies: ["Bytes", "Instances", "HostAccess", "PostmultiCommand", "TestSupport"],
            swiftSettings: house),

        .testTarget(
            name: "PostilionCommandTests",
            dependencies: [
                "Bytes", "Instances", "HostAccess", "PostilionCommand", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Golden"],
            swiftSettings: house),

        // The checks of the doctor, each on a host in memory.
        .testTarget(
            name: "DoctorTests",
            dependencies: [
                "Bytes", "Instances", "HostAccess", "InstanceOperations", "PostilionCommand",
                "TestSupport",
            ],
            swiftSettings: house),

        // Desired states, on values only.
        .testTarget(
            name: "BlueprintTests",
            dependencies: [
                "Bytes", "PostfixFormats", "Instances", "TOMLReading", "Blueprint", "TestSupport",
            ],
            swiftSettings: house),

        .testTarget(
            name: "TOMLReadingTests", dependencies: ["TOMLReading"], swiftSettings: house),
        .testTarget(
            name: "SMTPProtocolTests",
            dependencies: ["Bytes", "FuzzProperties", "SMTPProtocol", "TestSupport"],
            swiftSettings: house),

        // The network around it, with the test as client and next hop.
        .testTarget(
            name: "FilterProxyTests",
            dependencies: [
                "Bytes", "HostAccess", "SMTPProtocol", "TOMLReading", "FilterProxy", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house),

        // The house rules that a program can check.
        .testTarget(
            name: "TidyTests", dependencies: ["Bytes", "HostAccess"], swiftSettings: house),

        // With the real Postfix, in sandboxes.
        // Plays faults; started inside sandboxes by scripts/faults and by the tests.
        .executableTarget(
            name: "FaultTrials", dependencies: ["Bytes", "TestSupport"], path: "Tests/FaultTrials",
            exclude: ["stock.tsv"],
            swiftSettings: house),
        .testTarget(
            name: "FaultTests", dependencies: ["Bytes", "TestSupport"], swiftSettings: house),
        .testTarget(
            name: "PostmultiParityTests", dependencies: ["Bytes", "TestSupport"],
            swiftSettings: house),
        .testTarget(
            name: "RealPostfixTests", dependencies: ["Bytes", "TestSupport"],
            swiftSettings: house),
    ]
)

// libFuzzer's main() takes the place of ours, so an ordinary build must not know this target:
// scripts/fuzz asks for it.
if Context.environment["POSTILION_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["Bytes", "FuzzProperties"],
            swiftSettings: house + [.unsafeFlags(["-parse-as-library"])]))
}
