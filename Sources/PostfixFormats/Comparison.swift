// The comparisons of `${{x} == {y} ? ...}`: by number, by text, or by compatibility level.
//
// Operands arrive expanded; this only judges them, as mac_expand(3) and compat_level(3) do.

import Bytes

/// A comparison of two texts.
struct Comparison {
    /// What is asked of the operands.
    enum Relation: ByteString {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case greater = ">"
    }

    /// As what the operands are read: the suffix of the operator.
    enum OperandType: ByteString {
        /// As numbers if both consist of digits, else as texts.
        case numberOrText = ""
        /// As compatibility levels, major.minor.patch.
        case level
    }

    /// Why two operands cannot be compared.
    enum Fault: Error {
        case malformedLevel(ByteString)
        /// Postfix dies of this one at once.
        case numberTooLarge(ByteString)
    }

    var relation: Relation
    var type: OperandType

    /// Whether the relation holds between the operands.
    func holds(_ left: ByteString, _ right: ByteString) -> Result<Bool, Fault> {
        do throws(Fault) {
            switch type {
            case .level: return .success(holds(try Self.level(left), try Self.level(right)))
            case .numberOrText:
                guard left.isAllDigits, right.isAllDigits else {
                    return .success(holds(left, right))
                }
                return .success(holds(try Self.number(left), try Self.number(right)))
            }
        } catch {
            return .failure(error)
        }
    }

    private func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch relation {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greaterOrEqual: left >= right
        case .greater: left > right
        }
    }

    private static func number(_ text: ByteString) throws(Fault) -> Int {
        guard let number = Int(text.text) else { throw .numberTooLarge(text) }
        return number
    }

    /// Reads `3`, `3.6` or `3.6.1` into one number; minor and patch level have ten bits each.
    private static func level(_ text: ByteString) throws(Fault) -> Int {
        let parts = text.bytes.split(
            separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        let limits = [Int.max >> 20, 0x3FF, 0x3FF]
        var level = 0
        for (index, limit) in limits.enumerated() {
            level <<= index == 0 ? 0 : 10
            if index >= parts.count { continue }
            guard let number = leadingNumber(parts[index]), (0...limit).contains(number) else {
                throw .malformedLevel(text)
            }
            level |= number
        }
        if parts.count > limits.count { throw .malformedLevel(text) }
        return level
    }

    /// A number as strtol(3) reads it, if nothing follows it: blanks and a sign may precede it.
    private static func leadingNumber(_ text: ArraySlice<UInt8>) -> Int? {
        var digits = text.drop { $0.isSpace }
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        guard ByteString(digits).isAllDigits, let number = Int(ByteString(digits).text) else {
            return nil
        }
        return isNegative ? -number : number
    }
}

extension ByteString {
    /// True if there is at least one digit and nothing else.
    fileprivate var isAllDigits: Bool { !isEmpty && bytes.allSatisfy { $0.isDigit } }
}
