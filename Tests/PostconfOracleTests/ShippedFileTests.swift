// The configuration files that the distribution ships, held against the installed postconf(1).

import Bytes
import Foundation
import PostfixFormats
import TestSupport
import Testing

/// Every main.cf and master.cf that the distribution ships, whatever it is called.
enum ShippedFile {
    static let directories = ["/etc/postfix", "/usr/share/postfix", "/usr/lib/postfix"]

    static func all(_ start: String) -> [String] {
        directories.flatMap { directory in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            return names.filter { $0.hasPrefix(start) }.sorted().map { "\(directory)/\($0)" }
        }
    }

    static func read(_ path: String) throws -> ByteString {
        ByteString([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    }
}

@Suite struct `Files of the distribution` {
    @Test(
        .enabled(if: Postconf.installed != nil, "postconf(1) is not installed"),
        arguments: ShippedFile.all("main.cf"))
    func `main.cf is read and edited alike`(path: String) throws {
        let file = try ShippedFile.read(path)
        let postconf = try #require(Postconf.installed)
        let comparison = try MainCFComparison(
            postconf: postconf,
            edits: [
                ["-e", "--", "myorigin = x", "inet_interfaces=a b", "new = $x", "biff=yes"],
                ["-#", "--", "compatibility_level", "mydestination", "smtpd_banner"],
                ["-X", "--", "compatibility_level", "mydestination", "smtpd_banner"],
            ])
        #expect(try comparison.difference(on: file) == nil)
    }

    @Test(
        .enabled(if: Postconf.installed != nil, "postconf(1) is not installed"),
        arguments: ShippedFile.all("master.cf"))
    func `master.cf is read and edited alike`(path: String) throws {
        let file = try ShippedFile.read(path)
        let postconf = try #require(Postconf.installed)
        let comparison = try MasterCFComparison(
            postconf: postconf,
            edits: [
                [
                    "-Me", "--", "smtp/inet=smtp inet n - - - 5 smtpd -o a=b",
                    "new/unix=new unix - - - - - pipe",
                ],
                ["-M#", "--", "*/unix", "smtp/inet"], ["-MX", "--", "uucp/unix", "relay/*"],
                ["-Fe", "--", "*/inet/chroot=y", "qmgr/unix/wakeup = 5?"],
                ["-Pe", "--", "relay/unix/syslog_name=x"], ["-PX", "--", "relay/unix/syslog_name"],
            ])
        #expect(try comparison.difference(on: file) == nil)
    }

    @Test(
        .enabled(if: !ShippedFile.all("postfix-files").isEmpty, "postfix-files is not installed"))
    func `postfix-files names the directories of a queue`() throws {
        let path = try #require(ShippedFile.all("postfix-files").first)
        let directories = PostfixFiles(try ShippedFile.read(path)).entries
            .compactMap(\.queueSubdirectory)
        #expect(Set(directories).isSuperset(of: ["active", "maildrop", "pid", "public", "trace"]))
    }
}
