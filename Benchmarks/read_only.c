/*
 * Opens and reads every file that is named in a list, one path a line, and does nothing with them:
 * the least that a listing of that many instances can cost. It must not learn to parse.
 *
 *   read_only LIST
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Larger than any main.cf that is measured. */
static char content[1 << 20];

/* Reads one file whole; returns its size, or -1 if that failed. */
static long read_file(const char *path)
{
    struct stat status;
    long size = 0;
    ssize_t count;
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return -1;
    if (fstat(file, &status) < 0 || status.st_size > (off_t) sizeof(content))
        size = -1;
    while (size >= 0 && size < status.st_size) {
        count = read(file, content + size, sizeof(content) - size);
        if (count <= 0)
            break;
        size += count;
    }
    close(file);
    return size;
}

int main(int argc, char **argv)
{
    FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
    char path[4096];
    long total = 0;
    long size;

    if (!list) {
        fprintf(stderr, "usage: read_only LIST\n");
        return 1;
    }
    while (fgets(path, sizeof(path), list)) {
        path[strcspn(path, "\n")] = 0;
        if ((size = read_file(path)) < 0) {
            perror(path);
            return 1;
        }
        total += size;
    }
    printf("%ld\n", total);
    return 0;
}
