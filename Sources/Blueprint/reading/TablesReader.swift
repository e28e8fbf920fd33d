// Reads the tables of an instance: files of its configuration directory, inline or copied.

import Bytes
import PostfixFormats
import TOMLReading

/// A reader of `[instance.tables.NAME]`.
struct TablesReader {
    let table: TOMLTableReader

    init(_ table: TOMLTableReader) { self.table = table }

    /// What the tables ask for.
    struct Tables {
        var tables: [DesiredTable] = []
        var lines: [ByteString: Int] = [:]
        /// The parameters that name the tables.
        var uses: [(setting: OwnedSetting, line: Int)] = []
    }

    func tables() -> Tables {
        var tables = Tables()
        let all = table.table("tables")
        for key in all.allKeys {
            let name = ByteString(key)
            let entry = all.table(key)
            guard isFileName(key) else {
                all.complain(
                    key, "no name of a file of tables",
                    mend: "use letters, digits, - and _, and neither main.cf nor master.cf")
                entry.acceptAllKeys()
                continue
            }
            let type = entry.string("type").map { ByteString($0) } ?? "$default_database_type"
            let line = all.line(of: key)
            for parameter in entry.strings("use") ?? [] {
                let value: ByteString = "\(type):$config_directory/\(name)"
                tables.uses.append(
                    (
                        OwnedSetting(
                            ByteString(parameter), value, reason: "the table \(name) beside it"),
                        line
                    ))
            }
            guard let source = source(entry) else {
                all.complain(
                    key, "has no content", mend: "add one of text, entries, file")
                continue
            }
            tables.tables.append(DesiredTable(name: name, source: source))
            tables.lines[name] = line
        }
        return tables
    }

    private func isFileName(_ key: String) -> Bool {
        let isSafe = key.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E: true
            default: false
            }
        }
        return isSafe && !key.isEmpty && !key.hasPrefix(".") && !key.hasSuffix(".cf")
    }

    private func source(_ entry: TOMLTableReader) -> DesiredTable.Source? {
        var sources: [DesiredTable.Source] = []
        if case .string(let text)? = entry.node("text") {
            sources.append(
                .text(ByteString(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n")))
        } else if entry.has("text") {
            _ = entry.string("text")
        }
        if entry.has("entries") {
            let table = entry.table("entries")
            let lines = table.allKeys.compactMap { key in
                table.string(key).map { "\(key)\t\($0)\n" }
            }
            sources.append(.text(ByteString(lines.joined())))
        }
        if let path = entry.string("file") {
            if !path.hasPrefix("/") {
                entry.complain("file", "\"\(path)\" is no absolute path", mend: "begin it with /")
            }
            sources.append(.file(ByteString(path)))
        }
        if sources.count > 1 {
            entry.complain("text", "there is more than one content", mend: "keep one of them")
        }
        return sources.first
    }
}
