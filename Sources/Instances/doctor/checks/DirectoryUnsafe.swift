// Check directory-unsafe: files that others than root and Postfix could change.

import Bytes

extension Check {
    static let directoryUnsafe = Check(
        id: "directory-unsafe", title: "Others could change the instance's files",
        severity: .error, reference: "postfix(1) check",
        why: """
            Whoever may write a main.cf or master.cf decides what root runs. The configuration \
            directory and its files must be root's and writable by root alone, the queue \
            directory root's, the data directory mail_owner's. Postfix's check only warns.
            """,
        example: "drwxrwxr-x root mail /etc/postfix-out",
        mend: "chown root /etc/postfix-out && chmod go-w /etc/postfix-out"
    ) { snapshot in
        snapshot.usable.flatMap { instance in
            var sightings: [Sighting] = []
            let deciding = [instance.directory, instance.mainPath, instance.masterPath]
            for file in instance.facts.configuration.value ?? [] {
                guard var sighting = judge(file, owner: 0, called: "root", instance)
                else { continue }
                // A table may be another program's to write; whoever may do so decides less.
                if !deciding.contains(file.path) { sighting.severity = .warning }
                sightings.append(sighting)
            }
            if let queue = instance.facts.queueDirectory.value,
                let sighting = judge(queue, owner: 0, called: "root", instance)
            {
                sightings.append(sighting)
            }
            if let data = instance.facts.dataDirectory.value,
                let owner = instance.facts.mailOwner.value,
                let sighting = judge(
                    data, owner: owner, called: instance.value("mail_owner") ?? "", instance)
            {
                sightings.append(sighting)
            }
            return sightings
        }
    }

    private static func judge(
        _ file: FileFact, owner: UInt32, called name: ByteString, _ instance: InstanceSnapshot
    ) -> Sighting? {
        let fault: ByteString
        let path = file.path.quotedForShell
        let mend: ByteString
        if file.owner != owner {
            fault = "does not belong to \(name)"
            mend =
                "chown \(name) \(path)" + (file.isWritableByOthers ? " && chmod go-w \(path)" : "")
        } else if file.isWritableByOthers {
            fault = "can be written by others than \(name)"
            mend = "chmod go-w \(path)"
        } else {
            return nil
        }
        return Sighting(
            of: [instance], at: Finding.Place(file: file.path),
            "\(file.path) of \(instance.name) \(fault)", mend: mend)
    }
}
