// The program postmulti: makes the host, hands it down, and ends with the command's exit status.

import HostAccess
import PostmultiCommand

ThisProcess.prepare()
let command = Postmulti(.live(), arguments: ThisProcess.arguments)
ThisProcess.exit(status: command.run())
