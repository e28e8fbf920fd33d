/* Extended attributes, xattr(7): where Linux keeps access control lists and security labels. */
#include <sys/xattr.h>
