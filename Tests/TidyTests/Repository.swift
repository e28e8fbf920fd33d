// The files of the repository as the house rules see them. Reads only.

import Bytes
import HostAccess

/// All text files below the directory of Package.swift.
enum Repository {
    /// What builds, editors and version control keep there.
    private static let skipped: Set<String> = [".git", ".swiftpm", ".vscode", "Package.resolved"]

    static let files: [TextFile] = {
        let marker = "/Tests/TidyTests/Repository.swift"
        let root = ByteString(String(#filePath.dropLast(marker.utf8.count)))
        var files: [TextFile] = []
        collect(root, path: "", into: &files)
        return files
    }()

    /// Collects the places of lines that break a rule, each with what a word says of it.
    static func places(
        in files: [TextFile], _ fault: (_ line: String, TextFile) -> String?
    ) -> [String] {
        var places: [String] = []
        for file in files {
            // Swift is judged without comments and strings.
            for (index, line) in (file.code.isEmpty ? file.lines : file.code).enumerated() {
                if let words = fault(line, file) {
                    places.append("\(file.place(index)): \(words)")
                }
            }
        }
        return places
    }

    static let swiftFiles = files.filter { $0.path.hasSuffix(".swift") }

    private static func collect(
        _ root: ByteString, path: String, into files: inout [TextFile]
    ) {
        let reading = LiveFileReading()
        let directory: ByteString = path.isEmpty ? root : "\(root)/\(path)"
        // What goes away while we look is none of the repository's files.
        for name in (try? reading.list(directory)) ?? [] {
            let inner = path.isEmpty ? name.text : "\(path)/\(name.text)"
            if skipped.contains(name.text) || name.hasPrefix(".build") { continue }
            let place: ByteString = "\(root)/\(inner)"
            switch try? reading.status(of: place, followingLinks: false)?.kind {
            case .directory:
                collect(root, path: inner, into: &files)
            case .regular:
                guard let bytes = try? reading.read(place, limitBytes: 1 << 24).bytes,
                    !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self)
                else { continue }
                files.append(TextFile(path: inner, text: text))
            default:
                continue
            }
        }
    }
}

/// One text file.
struct TextFile: Sendable {
    /// The path from the root of the repository.
    let path: String
    let text: String
    let lines: [String]
    /// The lines of a Swift file without comments, and with empty strings.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code = path.hasSuffix(".swift") ? CodeReader(text).lines : []
    }

    /// The target that the file is of: the second component of the path.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// The last component of the path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// The place of a line, for messages.
    func place(_ index: Int) -> String { "\(path):\(index + 1)" }
}

extension String {
    /// The words of a line of code: letters, digits and underscores in a row.
    var words: [Substring] {
        split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// The line without the blanks around it.
    var trimmed: Substring {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
