// Which cases are to be played: read from the command line.

/// The section, and which of its cases.
struct Scope {
    var section = Section.kill
    var every = 1
    /// The share to be played, counted from 0, of so many.
    var part = 0
    var parts = 1
    var only = ""
    var isStock = false

    init(_ arguments: [String]) throws {
        guard let name = arguments.first, let section = Section(rawValue: name) else {
            let names = Section.allCases.map(\.rawValue).joined(separator: " ")
            throw Bench.Failure(description: "sections are: \(names)")
        }
        self.section = section
        var rest = arguments.dropFirst()
        while let option = rest.popFirst() {
            if option == "--stock" {
                isStock = true
            } else if let value = rest.popFirst() {
                try read(option, value)
            } else {
                throw Bench.Failure(description: "\(option): what is that?")
            }
        }
    }

    private mutating func read(_ option: String, _ value: String) throws {
        let numbers = value.split(separator: "/").compactMap { Int($0) }
        switch (option, numbers.count) {
        case ("--every", 1) where numbers[0] > 0: every = numbers[0]
        case ("--part", 2) where 1...numbers[1] ~= numbers[0]:
            (part, parts) = (numbers[0] - 1, numbers[1])
        case ("--only", _): only = value
        default: throw Bench.Failure(description: "\(option) \(value): what is that?")
        }
    }

    /// Those of all cases that are to be played.
    func chosen<Case>(_ cases: [Case], name: (Case) -> String) -> [Case] {
        cases.enumerated().filter { index, element in
            index % every == every - 1 && index / every % parts == part
                && (only.isEmpty || name(element).contains(only))
        }.map(\.element)
    }

    /// The number of rounds to be played of so many.
    func rounds(_ all: Int) -> Int { max(1, all / every / parts) }
}
