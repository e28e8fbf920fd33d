// Reads the table of an instance's own settings: any parameter of main.cf, verbatim.

import Bytes
import PostfixFormats
import TOMLReading

/// A reader of `[instance.settings]`.
struct SettingsReader {
    let table: TOMLTableReader

    init(_ table: TOMLTableReader) { self.table = table }

    /// The settings by name, each with its line.
    func settings() -> [(setting: OwnedSetting, line: Int)] {
        let table = table.table("settings")
        return table.allKeys.compactMap { key in
            guard let value = value(key, table) else { return nil }
            guard isParameterName(key) else {
                table.complain(
                    key, "no name of a parameter", mend: "use letters, digits and underscores")
                return nil
            }
            if let reason = Self.forbidden[key] {
                table.complain(key, "\(reason)", mend: "take it out of settings")
                return nil
            }
            return (OwnedSetting(ByteString(key), value), table.line(of: key))
        }
    }

    /// What has keys of its own, because more hangs on it than a line of main.cf.
    private static let forbidden = [
        "multi_instance_name": "the key name says it",
        "multi_instance_group": "the key group says it",
        "multi_instance_enable": "the key enabled says it",
        "multi_instance_directories": "the order of instances says it",
        "multi_instance_wrapper": "belongs to the instance manager",
        "queue_directory": "is a key of the instance itself",
        "data_directory": "is a key of the instance itself",
    ]

    private func isParameterName(_ key: String) -> Bool {
        !key.isEmpty
            && key.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E: true
                default: false
                }
            }
    }

    private func value(_ key: String, _ table: TOMLTableReader) -> ByteString? {
        settingValue(key, table)
    }
}

/// The value of a parameter: text, a number, true or false, or a list of texts.
func settingValue(_ key: String, _ table: TOMLTableReader) -> ByteString? {
    switch table.node(key) {
    case .integer(let number)?: "\(number)"
    case .boolean(let isTrue)?: isTrue ? "yes" : "no"
    case .array?: table.strings(key).map { ByteString($0.joined(separator: ", ")) }
    default: table.string(key).map { ByteString($0) }
    }
}
