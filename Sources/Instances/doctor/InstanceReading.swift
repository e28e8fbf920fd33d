// What checks ask of an instance: values, places and short ways to mend. Nothing here judges.

import Bytes
import PostfixFormats

extension Snapshot {
    /// The instances that can be read, broken ones left out.
    var usable: [InstanceSnapshot] { instances.filter { $0.parameters != nil } }

    /// The instances that can be read and that a manager starts.
    var enabled: [InstanceSnapshot] { usable.filter(\.isEnabled) }

    /// The enabled ones beside the primary.
    var enabledSecondaries: [InstanceSnapshot] { enabled.filter { !$0.isPrimary } }
}

extension InstanceSnapshot {
    var isEnabled: Bool { instance?.isEnabled ?? false }
    var isPrimary: Bool { instance?.isPrimary ?? false }
    var directory: ByteString { member.configDirectory }
    var name: ByteString { member.displayName }
    var mainPath: ByteString { "\(directory)/main.cf" }
    var masterPath: ByteString { "\(directory)/master.cf" }

    /// The expanded value of a parameter; nil if that is not known.
    func value(_ parameter: ByteString) -> ByteString? {
        // What cannot be expanded has a check of its own.
        parameters.flatMap { try? $0.value(of: parameter) }
    }

    /// The members of a list parameter; none if its value is not known.
    func list(_ parameter: ByteString) -> [ByteString] {
        ParameterList.split(value(parameter) ?? "")
    }

    /// True if the parameter's value is "yes".
    func isYes(_ parameter: ByteString) -> Bool { value(parameter)?.lowercased == "yes" }

    /// True if main.cf sets the parameter.
    func sets(_ parameter: ByteString) -> Bool {
        parameters?.mainCF.value(of: parameter) != nil
    }

    /// Where the parameter is set; without a line if it is at its default.
    func place(of parameter: ByteString) -> Finding.Place {
        Finding.Place(
            file: mainPath, line: parameters?.mainCF.entry(of: parameter)?.firstLine,
            parameter: parameter)
    }

    /// A line of master.cf.
    func place(inMaster line: Int, parameter: ByteString? = nil) -> Finding.Place {
        Finding.Place(file: masterPath, line: line, parameter: parameter)
    }

    /// The command that sets a parameter.
    func setting(_ parameter: ByteString, _ value: ByteString) -> ByteString {
        let setting = value.isEmpty ? "\(parameter) =" : "\(parameter) = \(value)" as ByteString
        return "postconf -c \(directory.quotedForShell) -e \(setting.quotedForShell)"
    }

    /// The command that gives a parameter its default back.
    func resetting(_ parameter: ByteString) -> ByteString {
        "postconf -c \(directory.quotedForShell) -X \(parameter)"
    }

    /// The command that removes or sets a parameter of one service.
    func setting(
        _ parameter: ByteString, _ value: ByteString, of entry: MasterCF.Entry
    ) -> ByteString {
        let service = entry.service.label
        let setting: ByteString = "\(service)/\(parameter)=\(value)"
        return "postconf -c \(directory.quotedForShell) -P \(setting.quotedForShell)"
    }

    /// The services that master(8) runs, those switched off left out.
    var activeServices: [MasterCF.Entry] {
        guard let parameters, let services = services.value else { return [] }
        let disabled = DisabledServices(parameters)
        return services.entries.filter { !disabled.contain($0.service) }
    }

    /// A line of master.cf with a parameter that its service sees, `-o` before main.cf.
    func value(_ parameter: ByteString, in entry: MasterCF.Entry) -> ByteString? {
        guard let parameters else { return nil }
        let view = ServiceParameters(service: entry.service, main: parameters)
        guard let raw = view.unexpandedValue(of: parameter) else { return "" }
        // What cannot be expanded has a check of its own.
        return try? ParameterExpansion.expand(raw, in: view)
    }

    /// The place of a parameter as a service sees it.
    func place(of parameter: ByteString, in entry: MasterCF.Entry) -> Finding.Place {
        entry.service.parameters.contains { $0.name == parameter }
            ? place(inMaster: entry.firstLine, parameter: parameter) : place(of: parameter)
    }
}

extension ByteString {
    /// The text as one word of a shell command, quoted only where it must be.
    var quotedForShell: ByteString {
        let isPlain =
            !isEmpty
            && bytes.allSatisfy { byte in
                byte.isLetterOrDigit
                    || [0x2D, 0x2E, 0x2F, 0x3A, 0x3D, 0x40, 0x5F, 0x2B].contains(byte)
            }
        if isPlain { return self }
        let inside = bytes.flatMap { $0 == 0x27 ? Array("'\\''".utf8) : [$0] }
        return ByteString([0x27] + inside + [0x27])
    }
}

extension UInt8 {
    /// An ASCII letter or digit.
    var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self & 0xDF)
    }
}
