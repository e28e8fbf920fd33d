/* Headers of Linux that Swift's C library leaves out. */
/* Extended attributes, xattr(7): where Linux keeps access control lists and security labels. */
#include <sys/xattr.h>
/* Signals as something to read: signalfd(2). */
#include <sys/signalfd.h>
/* Renaming that replaces nothing, rename(2): stdio.h declares it for _GNU_SOURCE only. */
#include <linux/fs.h>
int renameat2(int, const char *, int, const char *, unsigned int);
/* Questions about sockets, sock_diag(7). */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
/* Many names of a directory at a time, getdents64(2): dirent.h declares it for _GNU_SOURCE only. */
#include <sys/types.h>
ssize_t getdents64(int, void *, size_t);
