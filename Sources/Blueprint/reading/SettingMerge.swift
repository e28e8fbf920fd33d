// Settings of several sources as one list: what comes later wins, in the place of what was there.

import Bytes
import PostfixFormats

/// Settings with the lines that ask for them.
struct SettingMerge {
    private(set) var settings: [OwnedSetting] = []
    private(set) var lines: [ByteString: Int] = [:]

    /// Takes a setting, over an earlier one of that name.
    mutating func take(_ setting: OwnedSetting, line: Int) {
        lines[setting.name] = line
        if let index = settings.firstIndex(where: { $0.name == setting.name }) {
            settings[index] = setting
        } else {
            settings.append(setting)
        }
    }
}
