// Reading postfix-files: tables of rules.

import Bytes
import PostfixFormats
import Testing

@Suite struct `postfix-files` {
    let files = PostfixFiles(
        """
        # $comment:d:root
        no_dollar:f:root
        $queue_directory:d:root:-:755:uc
        $queue_directory/maildrop:d:$mail_owner:$setgid_group:730:uc
        $queue_directory/active:d:$mail_owner:-:700:\\
        ucr
        $config_directory/main.cf:f:root:-:644:p1
        $daemon_directory/lmtp:h:$daemon_directory/smtp
        $sample_directory/x:f:root:-:644:o
        $odd:x

        """)

    @Test func `has an entry for each line that begins with a dollar sign`() {
        #expect(files.entries.count == 7)
        let maildrop = files.entries[1]
        #expect(maildrop.path == "$queue_directory/maildrop")
        #expect(maildrop.type == .directory)
        #expect(maildrop.owner == "$mail_owner")
        #expect(maildrop.group == "$setgid_group")
        #expect(maildrop.mode == "730")
        #expect(maildrop.flags == [.update, .create])
        #expect(files.entries[0].group == "")
        #expect(files.entries[2].flags == [.update, .create, .recursive])
        #expect(files.entries[3].flags == [.preserve, .optional])
        #expect(files.entries[4].type == .hardLink)
        #expect(files.entries[4].owner == "$daemon_directory/smtp")
        #expect(files.entries[5].flags == .obsolete)
        #expect(files.entries[6].type == .unknown("x"))
    }

    @Test func `knows the directories of a queue`() {
        #expect(files.entries.compactMap(\.queueSubdirectory) == ["maildrop", "active"])
    }

    @Test func `knows what instances do not share`() {
        #expect(files.entries.map(\.isShared) == [false, false, false, false, true, true, true])
    }
}
