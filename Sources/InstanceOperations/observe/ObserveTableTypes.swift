// Which kinds of lookup tables the installed Postfix has: only its postconf(1) knows.

import Bytes
import HostAccess
import Instances

/// The kinds of tables of the installed Postfix, which only postconf(1) knows.
func observeTableTypes(
    _ host: Host, primary: ParameterView
) -> Observed<Set<ByteString>> {
    let directory = (try? primary.value(of: "command_directory")) ?? "/usr/sbin"
    let program: ByteString = "\(directory)/postconf"
    let command = ChildCommand(
        program: program, arguments: [program, "-m"], environment: ["PATH=/usr/bin:/bin"],
        isQuiet: true)
    // One child for the whole host; without it nothing is said about types.
    guard
        let answer = try? host.processes.capture(
            command, limitBytes: 1 << 16, limitSeconds: 10),
        answer.status.isSuccess
    else { return .unknown(reason: "\(program) -m does not work") }
    return .known(Set(answer.output.split { $0 == 0x0A }))
}
