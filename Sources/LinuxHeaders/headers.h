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
/* A process as something to wait for: pidfd_open(2), which not every C library has a name for. */
#include <sys/syscall.h>
#include <unistd.h>
static inline int postilion_pidfd_open(pid_t process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}
/* Networks of other namespaces, setns(2): sched.h declares it for _GNU_SOURCE only. */
int setns(int, int);
