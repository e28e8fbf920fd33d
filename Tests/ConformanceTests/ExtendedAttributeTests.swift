// Labels of files: the file that replaces another one has them, too. Only on the disk; the file
// system in memory has none.

import Bytes
import HostAccess
import TestSupport
import Testing

@Suite struct `Extended attributes` {
    private static let isPossible: Bool = {
        guard let ground = try? LiveGround() else { return false }
        ground.addFile(ground.path("file"), "")
        return ground.setNote("probe", of: ground.path("file"))
    }()

    @Test(.enabled(if: isPossible, "the temporary directory's file system has none"))
    func `stay when the content changes`() throws {
        let ground = try LiveGround()
        let path = ground.path("file")
        ground.addFile(path, "old")
        #expect(ground.setNote("kept", of: path))
        try ground.files.replace(
            path,
            with: FileReplacement(
                contents: "new", expected: .contents("old"), attributes: .kept))
        #expect(ground.contents(of: path) == "new")
        #expect(ground.note(of: path) == "kept")
    }

    @Test(.enabled(if: isPossible, "the temporary directory's file system has none"))
    func `are not inherited by a file with attributes of its own`() throws {
        let ground = try LiveGround()
        let path = ground.path("file")
        ground.addFile(path, "old")
        #expect(ground.setNote("gone", of: path))
        try ground.files.replace(
            path,
            with: FileReplacement(
                contents: "new", expected: .anything,
                attributes: try ground.attributes(mode: 0o644)))
        #expect(ground.note(of: path) == "")
    }
}

extension LiveGround {
    // The numbers of setxattr(2) and getxattr(2) on the machines that Postfix usually runs on; few
    // hosts have attr(1).
    private static let numbers = """
        my %set = (x86_64 => 188, aarch64 => 5); my %get = (x86_64 => 191, aarch64 => 8);
        my $m = `uname -m`; chomp $m; my $k = "user.note";
        """

    /// Gives a file the attribute user.note; false if that is not possible here.
    fileprivate func setNote(_ value: ByteString, of path: ByteString) -> Bool {
        let script =
            "perl -e '\(Self.numbers) exit(!$set{$m} || "
            + "syscall($set{$m}, $ARGV[0], $k, $ARGV[1], length $ARGV[1], 0) != 0)' "
            + "\"$1\" \"$2\""
        return run(script, [path, value])?.succeeded == true
    }

    /// The attribute user.note of a file; empty if it has none.
    fileprivate func note(of path: ByteString) -> ByteString {
        let script =
            "perl -e '\(Self.numbers) my $v = \" \" x 99; "
            + "my $n = syscall($get{$m}, $ARGV[0], $k, $v, 99); "
            + "print substr($v, 0, $n) if $n > 0' \"$1\""
        return run(script, [path])?.output ?? ""
    }
}
