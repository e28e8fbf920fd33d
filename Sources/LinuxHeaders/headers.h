/* Headers of Linux that Swift's C library leaves out. */
/* Extended attributes, xattr(7): where Linux keeps access control lists and security labels. */
#include <sys/xattr.h>
/* Signals as something to read: signalfd(2). */
#include <sys/signalfd.h>
/* Renaming that replaces nothing, rename(2): stdio.h declares it for _GNU_SOURCE only. */
#include <linux/fs.h>
int renameat2(int, const char *, int, const char *, unsigned int);
