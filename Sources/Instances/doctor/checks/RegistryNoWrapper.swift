// Check registry-no-wrapper: secondaries are registered, but postfix(1) cannot manage them.

import Bytes

extension Check {
    static let registryNoWrapper = Check(
        id: "registry-no-wrapper", title: "postfix(1) cannot manage the instances",
        severity: .error, reference: "postfix-wrapper(5)",
        why: """
            With multi_instance_directories set, postfix(1) hands every command to the program in \
            multi_instance_wrapper; without that it does nothing at all, not even start the \
            primary. The primary itself is started only if multi_instance_enable is yes, and \
            without it nobody takes local mail.
            """,
        example: """
            multi_instance_directories = /etc/postfix-out
            multi_instance_wrapper =
            """,
        mend: "postmulti -e init"
    ) { snapshot in
        guard let primary = snapshot.usable.first(where: \.isPrimary),
            !primary.list("multi_instance_directories").isEmpty,
            let wrapper = primary.value("multi_instance_wrapper")
        else { return [] }
        func sighting(_ parameter: ByteString, _ message: ByteString) -> Sighting {
            Sighting(
                of: [primary], at: primary.place(of: parameter), message,
                mend: "postmulti -e init")
        }
        guard let program = wrapper.split(where: { $0 == 0x20 || $0 == 0x09 }).first else {
            return [
                sighting(
                    "multi_instance_wrapper",
                    "instances are registered, but multi_instance_wrapper is empty")
            ]
        }
        if snapshot.host.wrapperIsExecutable.value == false {
            return [
                sighting(
                    "multi_instance_wrapper",
                    "multi_instance_wrapper names \(program), which is no program")
            ]
        }
        if primary.value("multi_instance_enable")?.lowercased == "no" {
            return [
                sighting(
                    "multi_instance_enable",
                    "the primary is not enabled, so postfix start leaves it out")
            ]
        }
        return []
    }
}
