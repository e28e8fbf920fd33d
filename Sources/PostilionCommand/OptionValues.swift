// What options of several commands take: any text, a span of time, a size, a limit of seconds.

import ArgumentParser
import Bytes
import Instances

extension ByteString: ExpressibleByArgument {
    /// Takes the word as it is.
    init?(argument: String) { self.init(argument) }
}

extension AddressCondition: ExpressibleByArgument {
    init?(argument: String) { self.init(ByteString(argument)) }
}

extension QueueName: ExpressibleByArgument {}

extension Option {
    /// An option whose value may be any text, also one that looks like an option: addresses,
    /// queue ids and parts of a log line may begin with a dash.
    init<Text: ExpressibleByArgument>(
        text help: String, _ valueName: String? = nil,
        completion: CompletionKind? = nil
    ) where Value == Text? {
        self.init(
            parsing: .unconditional, help: ArgumentHelp(help, valueName: valueName),
            completion: completion)
    }

    /// The same for an option that may be repeated, with one text each time.
    init<Text: ExpressibleByArgument>(
        wrappedValue: [Text], name: NameSpecification = .long, texts help: String,
        _ valueName: String? = nil, completion: CompletionKind? = nil
    ) where Value == [Text] {
        self.init(
            wrappedValue: wrappedValue, name: name, parsing: .unconditionalSingleValue,
            help: ArgumentHelp(help, valueName: valueName),
            completion: completion)
    }
}

/// A span of time as "20m".
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = argument.last.flatMap({ units[$0] }),
            // Nothing that is asked for is a hundred years old: that is a slip of the finger.
            let count = Int(argument.dropLast()), (0...(3_200_000_000 / unit)).contains(count)
        else { return nil }
        seconds = count * unit
    }
}

/// A size as "20K", in units of 1024.
struct ByteSize: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = argument.uppercased().last.flatMap { units[$0] }
        guard let count = Int(unit == nil ? argument[...] : argument.dropLast()),
            (0...(1 << 30)).contains(count)
        else { return nil }
        bytes = count * (unit ?? 1)
    }
}

/// Refuses a time limit that is none, or longer than a day.
func checkLimit(_ option: String, seconds: Int) throws {
    if !(1...86_400).contains(seconds) {
        throw ValidationError("\(option) \(seconds): from 1 to 86400 seconds")
    }
}
