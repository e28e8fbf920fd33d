// What must hold for any set of main.cf files: who is usable, who is meant, who is registered.
//
// Input: a configuration directory and its main.cf, again and again; the first is the primary's.

import Bytes
import Instances
import PostfixFormats

/// Checks a set of instances with these files.
@Sendable
func checkInstances(_ input: ByteString) throws(BrokenProperty) {
    var input = FuzzInput(input)
    let primaryCF = MainCF("\(input.next())\n")
    var words: [ByteString] = []
    guard let primary = try? instance("/etc/postfix", primaryCF, isPrimary: true),
        var instances = try? InstanceSet(primary: primary, claims: Claims(), isAlone: false)
    else { return }
    while !input.isEmpty, words.count < 8 {
        let directory = input.next()
        words.append(directory)
        do throws(LoadFailure) {
            instances.append(.instance(try instance(directory, MainCF(input.next()))))
        } catch {
            instances.append(.broken(BrokenInstance(configDirectory: directory, reason: error)))
        }
    }
    try expect(
        instances.registeredDirectories == words, "every directory keeps its place in the order")
    try checkClaims(instances)
    try checkSelection(instances, words: words)
    try checkRegistration(
        Registration(path: "/etc/postfix/main.cf", mainCF: primaryCF),
        // What cannot be part of a path in a list is refused before.
        words.flatMap { word in
            ParameterList.split(word).filter { $0.bytes.allSatisfy { $0 > 0x20 } }
        })
}

private func instance(
    _ directory: ByteString, _ mainCF: MainCF, isPrimary: Bool = false
) throws(LoadFailure) -> Instance {
    guard directory.hasPrefix("/") else { throw .relativeDirectory(directory) }
    let defaults: ByteString = """
        data_directory = /var/lib/postfix
        multi_instance_enable = no
        multi_instance_group =
        multi_instance_name =
        queue_directory = /var/spool/postfix

        """
    let view = ParameterView(
        mainCF: mainCF, configDirectory: directory, defaults: ParameterDefaults(defaults),
        hostName: "mx.example.com")
    return try Instance(view, isPrimary: isPrimary)
}

/// No two usable instances share anything, and a broken one holds nothing.
private func checkClaims(_ instances: InstanceSet) throws(BrokenProperty) {
    var owners: [ByteString: ByteString] = [:]
    for instance in instances.usable {
        let own = [instance.configDirectory, instance.queueDirectory, instance.dataDirectory]
        try expect(
            Set(own).count == 3, "the directories of \(instance.configDirectory) differ")
        for value in own + (instance.name.map { [$0.text] } ?? []) {
            let owner = owners.updateValue(instance.configDirectory, forKey: value)
            // A directory that is registered twice is one instance.
            try expect(
                owner == nil || owner == instance.configDirectory, "\(value) has one owner")
            try expect(
                instances.claims.owner(of: value)?.configDirectory == instance.configDirectory,
                "\(value) is claimed by its owner")
        }
    }
    for broken in instances.broken {
        guard case .conflict(let conflict) = broken.reason else { continue }
        let isUsable = owners.values.contains(conflict.owner.configDirectory)
        try expect(
            isUsable || conflict.owner.configDirectory == broken.configDirectory,
            "a conflict is with a usable instance, or within one")
    }
}

private func checkSelection(
    _ instances: InstanceSet, words: [ByteString]
) throws(BrokenProperty) {
    for instance in instances.usable {
        try expect(Selection.all.matches(instance), "all means every instance")
        try expect(
            !instance.configDirectory.hasPrefix("/")
                || Selection.instance(instance.configDirectory).matches(instance),
            "a directory means its instance")
        try expect(
            Selection.instance("-").matches(instance)
                == (instance.isPrimary || instance.name?.short == "-"),
            "- means the primary")
        if let name = instance.name, !name.text.hasPrefix("/") {
            try expect(
                Selection.instance(name.text).matches(instance), "a name means its instance")
        }
        for word in words { _ = Selection.group(word).matches(instance) }
        let environment = ChildEnvironment(words).forCommand(
            instance, commandDirectory: "/usr/sbin", daemonDirectory: "/usr/lib/postfix")
        try expect(
            environment.value(of: "MAIL_CONFIG") == instance.configDirectory
                && environment.value(of: "PATH")?.hasPrefix("/usr/sbin:") == true,
            "a child learns its instance")
    }
    for broken in instances.broken {
        try expect(
            Selection.instance(broken.configDirectory).matches(broken),
            "a directory means its broken instance")
        for word in words { _ = Selection.instance(word).matches(broken) }
    }
}

/// What is registered is read back, whatever else the primary's main.cf says.
private func checkRegistration(
    _ registration: Registration, _ directories: [ByteString]
) throws(BrokenProperty) {
    if isOdd(registration.mainCF) { return }
    let own = directories.first ?? "/etc/postfix-new"
    for alternate in [Registration.Alternate.kept(own), .dropped(own)] {
        let step = registration.registering(directories, alternate: alternate)
        guard case .editFile(_, let old, let new) = step else {
            throw BrokenProperty("a registration is an edit")
        }
        let list = ParameterList.split(
            MainCF(new).value(of: "multi_instance_directories") ?? "")
        try expect(list == directories, "the registered directories are read back")
        let alternates = ParameterList.split(
            MainCF(new).value(of: "alternate_config_directories") ?? "")
        if case .kept = alternate {
            try expect(alternates.contains(own), "\(own) is an alternate directory")
        } else {
            try expect(!alternates.contains(own), "\(own) is no alternate directory")
        }
        // Others may edit on before an interrupted command is finished.
        guard MainCF(old).value(of: "unrelated_parameter") == nil else { continue }
        let later = MainCF(new).setting([.init("unrelated_parameter", "1")]).text
        try expect(
            hasTaken(later, editFrom: old, to: new) || isSame(old, new),
            "a later edit does not hide the registration")
    }
}

/// True if an edit changed how the file looks and not what it says.
private func isSame(_ old: ByteString, _ new: ByteString) -> Bool {
    let (old, new) = (MainCF(old), MainCF(new))
    let names = Set((old.entries + new.entries).map(\.name))
    return names.allSatisfy { old.value(of: $0) == new.value(of: $0) }
}
