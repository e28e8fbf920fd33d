// The action move: registered instances get another place in the start order.

import Bytes

/// The change set of move; empty if the order stays as it is.
package func moving(
    _ request: MoveRequest, among instances: InstanceSet, registration: Registration
) throws(LifecycleRefusal) -> ChangeSet {
    let directories = instances.registeredDirectories
    let primary = instances.primary.configDirectory
    for directory in request.moved + request.anchors where directory != primary {
        guard directories.contains(directory) else { throw .noSuchInstance(directory) }
    }
    // All but the first place come after the primary.
    if request.moved.contains(primary) { throw .cannotMovePrimary }
    if request.anchors.contains(primary), !request.isAfter { throw .cannotMovePrimary }
    let anchors = request.anchors.filter { !request.moved.contains($0) }
    guard !anchors.isEmpty else { throw .noOtherPlace }

    var order = directories.filter { !request.moved.contains($0) }
    let places = order.indices.filter { anchors.contains(order[$0]) }
    // Next to the primary alone is the first place.
    let place = request.isAfter ? places.last.map { $0 + 1 } ?? 0 : places.first ?? 0
    order.insert(contentsOf: directories.filter(request.moved.contains), at: place)

    let side: ByteString = request.isAfter ? "after" : "before"
    var changes = ChangeSet(
        title: "move \(names(request.moved, instances)) \(side) \(names(anchors, instances))")
    if order != directories { changes.commit = registration.reordering(order) }
    return changes
}

/// The instances as people name them.
private func names(_ directories: [ByteString], _ instances: InstanceSet) -> ByteString {
    let names = instances.members.filter { directories.contains($0.configDirectory) }
        .map(\.displayName)
    return names.joined(by: " and ")
}
