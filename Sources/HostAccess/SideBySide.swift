// Work that waits for the disk, done by a few threads at the same time.

import Glibc

/// So many requests keep a disk busy; more gain little, and each costs the start of a thread.
private let limitThreads = 8
/// Fewer pieces of work a thread are not worth its start.
private let leastWork = 32

/// Does `work` for each number below `count`, several at a time; returns what came, in order.
func sideBySide<Value: Sendable>(
    _ count: Int, _ work: @escaping @Sendable (Int) -> Value
) -> [Value] {
    let threads = min(limitThreads, count / leastWork)
    if threads < 2 { return (0..<count).map(work) }
    return unsafe [Value](unsafeUninitializedCapacity: count) { space, filled in
        guard let base = space.baseAddress else { return }
        // Each place is written by one thread only, and nobody reads before all have ended.
        let slots = unsafe Slots(base: base)
        let share = Share { first in
            for index in stride(from: first, to: count, by: threads) {
                unsafe (slots.base + index).initialize(to: work(index))
            }
        }
        share.run(onThreads: threads)
        filled = count
    }
}

/// Where the threads put what they have made.
@unsafe private struct Slots<Value>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Value>
}

/// What one thread does, known by the number of the thread.
private final class Share: Sendable {
    private let work: @Sendable (Int) -> Void

    init(_ work: @escaping @Sendable (Int) -> Void) { self.work = work }

    /// Does all shares; this thread does the first one, and those for which there is no thread.
    func run(onThreads count: Int) {
        var started: [pthread_t] = []
        var rest = [0]
        for number in 1..<count {
            var thread = pthread_t()
            let order = unsafe Unmanaged.passRetained(Order(share: self, number: number))
            let failure = unsafe pthread_create(
                &thread, nil,
                { argument in
                    guard let argument = unsafe argument else { return nil }
                    let order = unsafe Unmanaged<Order>.fromOpaque(argument).takeRetainedValue()
                    order.share.work(order.number)
                    return nil
                }, unsafe order.toOpaque())
            if failure == 0 {
                started.append(thread)
            } else {
                unsafe order.release()
                rest.append(number)
            }
        }
        for number in rest { work(number) }
        for thread in started { pthread_join(thread, nil) }
    }

    /// One share for one thread.
    private final class Order: Sendable {
        let share: Share
        let number: Int

        init(share: Share, number: Int) {
            self.share = share
            self.number = number
        }
    }
}
