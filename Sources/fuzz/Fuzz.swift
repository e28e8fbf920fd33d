// The fuzzer: libFuzzer brings main() and the inputs, FUZZ_TARGET names the property.
//
// Built only by scripts/fuzz, which also explains the options.

import Bytes
import FuzzProperties
import Glibc

/// The chosen target; looked up once, because this runs ten thousand times a second.
private let target: FuzzTarget = {
    let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget.named(name) else {
        print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
        exit(64)
    }
    return target
}()

/// Is called by libFuzzer with each input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe ByteString(Array(UnsafeBufferPointer(start: start, count: count)))
    do throws(BrokenProperty) {
        try target.check(input)
    } catch {
        // libFuzzer keeps the input when the program ends by a signal.
        print("\nBROKEN PROPERTY of \(target.name): \(error)\n")
        fflush(nil)
        abort()
    }
    return 0
}
