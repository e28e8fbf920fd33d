// The role plain: nothing but what the operator says.

import Bytes
import PostfixFormats

extension Role {
    static let plain = Role("plain", "has nothing but what the blueprint says itself") { _ in [] }
}
