/* Headers of Linux that Swift's C library leaves out. */
/* Extended attributes, xattr(7): where Linux keeps access control lists and security labels. */
#include <sys/xattr.h>
/* Signals as something to read: signalfd(2). */
#include <sys/signalfd.h>
