// The program postmulti: makes the host, hands it down, and ends with the command's exit status.

import HostAccess
import PostmultiCommand

ThisProcess.prepare()
ThisProcess.exit(status: Postmulti(.live()).run())
