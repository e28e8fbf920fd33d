// The program postilion: makes the host, hands it down, and ends with the command's exit status.

import HostAccess
import PostilionCommand

ThisProcess.prepare()
ThisProcess.exit(status: Postilion.run(on: .live()))
