// The main.cf of a new instance.

import Bytes
import Instances
import PostfixFormats
import Testing

@Suite struct `The main.cf of a new instance` {
    private let prototype: ByteString = """
        # Prototype.
        compatibility_level = 3.7
        command_directory = /usr/sbin
        data_directory = /var/lib/postfix
        mail_owner = postfix
        setgid_group =
        html_directory =
        sample_directory = /a
          /b

        """

    private func made(
        primary: ByteString = "", name: ByteString? = nil, group: ByteString? = nil
    ) -> ByteString {
        newMainCF(
            prototype: MainCF(prototype), primary: MainCF(primary), queueDirectory: "/q",
            dataDirectory: "/d", name: name, group: group
        ).text
    }

    @Test func `is the prototype with its directories and without mail`() {
        #expect(
            made() == """
                # Prototype.
                compatibility_level = 3.7
                #command_directory = /usr/sbin
                data_directory = /d
                #mail_owner = postfix
                #setgid_group =
                #html_directory =
                #sample_directory = /a
                #  /b
                authorized_submit_users = \n\
                master_service_disable = inet
                queue_directory = /q

                """)
    }

    @Test func `has the primary's shared parameters`() {
        let text = made(
            primary: """
                command_directory = /opt/postfix/sbin
                setgid_group = maildrop
                html_directory =
                readme_directory = no
                mail_owner = $owner
                queue_directory = /var/spool/postfix
                myhostname = primary.example.com

                """)
        let mainCF = MainCF(text)
        #expect(mainCF.value(of: "command_directory") == "/opt/postfix/sbin")
        #expect(mainCF.value(of: "setgid_group") == "maildrop")
        #expect(mainCF.value(of: "readme_directory") == "no")
        // Values are cloned as they are written.
        #expect(mainCF.value(of: "mail_owner") == "$owner")
        // An empty one counts as not set.
        #expect(mainCF.value(of: "html_directory") == nil)
        #expect(mainCF.value(of: "myhostname") == nil)
        #expect(mainCF.value(of: "queue_directory") == "/q")
    }

    @Test func `has the names that were asked for`() {
        let mainCF = MainCF(made(name: "postfix-x", group: "mta"))
        #expect(mainCF.value(of: "multi_instance_name") == "postfix-x")
        #expect(mainCF.value(of: "multi_instance_group") == "mta")
        #expect(MainCF(made()).value(of: "multi_instance_name") == nil)
        #expect(MainCF(made()).value(of: "multi_instance_group") == nil)
    }

    @Test func `is not enabled`() {
        #expect(MainCF(made(name: "postfix-x")).value(of: "multi_instance_enable") == nil)
    }

    @Test func `names only what is to be named`() {
        let mainCF = MainCF("a = b\nmulti_instance_group = old\n")
        #expect(naming(mainCF, name: nil, group: nil).text == mainCF.text)
        #expect(
            naming(mainCF, name: nil, group: "new").text == "a = b\nmulti_instance_group = new\n")
        #expect(
            naming(mainCF, name: "", group: nil).value(of: "multi_instance_name") == "")
    }
}
