// A plan for people and for programs: what becomes of each instance and why, then the diffs.

import Blueprint
import BlueprintOperations
import Bytes
import Instances
import PostfixFormats

/// A plan in words.
struct PlanReport {
    let plan: BlueprintPlan
    let blueprint: Blueprint

    // MARK: for people

    /// The plan with the diffs of all files.
    func text(on console: Console) -> ByteString {
        var text: ByteString = ""
        if plan.isEmpty {
            text = "nothing to do: the host is as \(blueprint.file) says\n"
        } else {
            text = table.rendered(for: console)
            for compilation in plan.compilations {
                text += "compile \(compilation.type):\(compilation.path)\n"
            }
            for (_, step) in plan.changes.phasedSteps {
                guard let diff = step.planDiff, !diff.lines.isEmpty else { continue }
                text += "\n" + diff.text(for: console)
            }
            text += "\n\(summary)\n"
        }
        if !plan.leftAlone.isEmpty {
            text += "left alone: \(plan.leftAlone.abbreviated)\n"
        }
        return text
    }

    private var table: Table {
        var table = Table([
            .init("INSTANCE"), .init("FILES"), .init("THEN"), .init("BECAUSE", mayBeCut: true),
        ])
        table.rows = plan.instances.map { instance in
            let style: Style? =
                switch instance.kind {
                case .new: .good
                case .removed: .bad
                case .kept: instance.next == .nothing ? .faint : .warning
                }
            return [
                .init(instance.name, style), .init(fileWord(instance)),
                .init(instance.next == .nothing ? "-" : instance.next.word),
                .init(instance.reasons.isEmpty ? "-" : instance.reasons.abbreviated),
            ]
        }
        return table
    }

    private func fileWord(_ instance: InstancePlan) -> ByteString {
        switch instance.kind {
        case .new: "create"
        case .removed: "remove"
        case .kept: changes(instance) ? "change" : "-"
        }
    }

    private func changes(_ instance: InstancePlan) -> Bool {
        plan.changes.phasedSteps.contains { _, step in
            step.fileChange?.path.hasPrefix("\(instance.configDirectory)/") ?? false
        }
    }

    private var summary: ByteString {
        func count(_ kind: InstancePlan.Kind) -> Int {
            plan.instances.count { $0.kind == kind }
        }
        let changed = plan.instances.count { $0.kind == .kept && changes($0) }
        var parts = [
            "\(count(.new)) to create", "\(changed) to change", "\(count(.removed)) to remove",
        ]
        for step in [
            InstancePlan.NextStep.stop, .start, .restart, .reload,
        ] {
            let number = plan.instances.count { $0.next == step }
            if number > 0 { parts.append("\(number) to \(step.rawValue)") }
        }
        return ByteString(parts.joined(separator: ", "))
    }

    // MARK: findings

    /// A finding with the line of the blueprint that answers for it.
    func line(of finding: Finding) -> ByteString {
        let place = place(of: finding).map { "\(blueprint.file):\($0): " as ByteString } ?? ""
        let mend = finding.mend.map { "; \($0)" as ByteString } ?? ""
        return "\(place)\(finding.message) [\(finding.id)]\(mend)"
    }

    private func place(of finding: Finding) -> Int? {
        let named = finding.instances.compactMap { name in
            blueprint.instances.first { $0.name == name }
        }
        guard let instance = named.last else { return nil }
        let isAboutListeners =
            finding.id == "listener-overlap" || finding.id == "bind-address-absent"
        let isAsked = finding.place.parameter.map { instance.places.settings[$0] != nil } ?? false
        if isAboutListeners, !isAsked, let line = instance.places.listeners { return line }
        return instance.places.line(of: finding.place.parameter)
    }

    // MARK: for programs

    /// The plan as one object.
    ///
    /// - Parameter isApplied: It was carried out.
    func json(isApplied: Bool) -> JSONValue {
        guard case .object(let members) = plan.changes.json(isApplied: isApplied, broken: []) else {
            return .null
        }
        return .object(
            [.init("pending", .boolean(!plan.isEmpty && !isApplied))] + members + [
                .init("instances", .list(plan.instances.map(json))),
                .init(
                    "tables",
                    .list(
                        plan.compilations.map { table in
                            .object([
                                .init("type", .text(table.type)), .init("path", .text(table.path)),
                            ])
                        })),
                .init("findings", .list(plan.findings.map(json))),
                .init("left_alone", .list(plan.leftAlone.map { .text($0) })),
            ])
    }

    private func json(_ instance: InstancePlan) -> JSONValue {
        .object([
            .init("instance", .text(instance.name)),
            .init("config_directory", .text(instance.configDirectory)),
            .init("files", .text(fileWord(instance) == "-" ? "keep" : fileWord(instance))),
            .init("next", .text(instance.next.word)),
            .init("reasons", .list(instance.reasons.map { .text($0) })),
        ])
    }

    private func json(_ finding: Finding) -> JSONValue {
        guard case .object(let members) = finding.json else { return .null }
        return .object(members + [.init("blueprint_line", JSONValue(place(of: finding)))])
    }
}

extension ChangeSet.Step {
    /// The diff without the comments of the prototype that a new configuration file is made of;
    /// what the blueprint says stands in the midst of a thousand lines of them.
    fileprivate var planDiff: UnifiedDiff? {
        guard case .createFile(let path, let contents, _) = self,
            path.hasSuffix("/main.cf") || path.hasSuffix("/master.cf")
        else { return isKeptBlueprint ? nil : diff }
        let isMain = path.hasSuffix("/main.cf")
        var isMarked = false
        var text: [UInt8] = []
        for line in contents.bytes.split(separator: 0x0A) {
            let isMark = OwnershipMark.isMark(line)
            let isSaid = line.first != 0x23 && line.contains { $0 > 0x20 }
            let isContinued = line.first == 0x20 || line.first == 0x09
            // Of master.cf only what the blueprint adds is news.
            if isMark || isSaid && (isMain || isMarked) { text += line + [0x0A] }
            isMarked = isMark || isMarked && isContinued
        }
        return UnifiedDiff(path: path, old: nil, new: ByteString(text))
    }

    private var isKeptBlueprint: Bool { fileChange?.path == ApplyOperation.savedPath }
}
