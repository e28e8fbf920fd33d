// Tables and JSON as people and programs get them.

import Bytes
import HostAccess
import TestSupport
import Testing

@testable import PostilionCommand

@Suite struct `Output` {
    private func console(
        columns: Int? = nil, environment: [ByteString] = []
    ) -> Console {
        var memory = InMemoryHost { _ in }
        memory.environment = environment
        memory.output.outputColumns = columns
        return Console(memory.host())
    }

    private var table: Table {
        var table = Table([.init("NAME", mayBeCut: true), .init("N", isNumber: true), .init("X")])
        table.rows = [
            [.init("a"), .init("7"), .init("end", .good)],
            [.init("postfix-with-a-long-name"), .init("12345"), .init("")],
        ]
        return table
    }

    @Test func `aligns columns, and leaves no blanks at line ends`() {
        let text = table.rendered(for: console())
        #expect(
            text == """
                NAME                          N  X
                a                             7  end
                postfix-with-a-long-name  12345  \n
                """)
    }

    @Test func `cuts what may be cut on a narrow terminal only`() {
        let text = table.rendered(for: console(columns: 24, environment: ["NO_COLOR=1"]))
        #expect(
            text == """
                NAME              N  X
                a                 7  end
                postfix-wit…  12345  \n
                """)
    }

    @Test func `is coloured on a terminal that wants it`() {
        let good = console(columns: 80).styled("yes", .good)
        #expect(good == "\u{1B}[32myes\u{1B}[0m")
        #expect(console().styled("yes", .good) == "yes")
        #expect(console(columns: 80, environment: ["NO_COLOR=1"]).styled("yes", .good) == "yes")
        #expect(console(columns: 80, environment: ["TERM=dumb"]).styled("yes", .good) == "yes")
    }

    @Test func `never moves the cursor of a terminal`() {
        var table = Table([.init("A")])
        table.rows = [[.init("\u{1B}[2J\n")]]
        #expect(table.rendered(for: console()) == "A\n?[2J?\n")
    }

    @Test func `writes JSON members in their order, and escapes text`() {
        let value = JSONValue.object([
            .init("b", .list([1, true, .null])), .init("a", "quote \" line \n bell \u{07} é"),
        ])
        let members = #""b":[1,true,null],"a":"quote \" line \n bell \u0007 é""#
        #expect(value.line == "{\(members)}\n")
    }
}
