/*
 * Fills the deferred queue of a Postfix instance that does not run with messages as its daemons
 * write them, each with the log of why it waits.
 *
 *   fill_queue QUEUE-DIRECTORY COUNT
 *
 * Nothing is random, so that each run measures the same. It must not be used on a real queue.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char file[65536];
static size_t used;
static struct stat owner;

static void fail(const char *what)
{
    fprintf(stderr, "fill_queue: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* A record: its type, its length in base 128, its data. */
static void record(char type, const char *data)
{
    size_t length = strlen(data);

    file[used++] = type;
    if (length > 127) {
        file[used++] = (char) ((length & 0x7f) | 0x80);
        file[used++] = (char) (length >> 7);
    } else {
        file[used++] = (char) length;
    }
    memcpy(file + used, data, length);
    used += length;
}

/* Writes a file into queue/D/NAME, D the first character of the name; returns its inode. */
static void put(const char *queue, const char *name, mode_t mode)
{
    char path[4096];
    int file_number;

    snprintf(path, sizeof path, "%s/%c/%s", queue, name[0], name);
    if ((file_number = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600)) < 0)
        fail(path);
    if (write(file_number, file, used) != (ssize_t) used || fchmod(file_number, mode) < 0
        || fchown(file_number, owner.st_uid, owner.st_gid) < 0 || close(file_number) < 0)
        fail(path);
}

static int make_directories(const char *queue)
{
    char path[4096];

    for (const char *letter = "0123456789ABCDEF"; *letter; letter++) {
        snprintf(path, sizeof path, "%s/%c", queue, *letter);
        if (mkdir(path, 0700) < 0 && errno != EEXIST)
            fail(path);
        if (chown(path, owner.st_uid, owner.st_gid) < 0)
            fail(path);
    }
    return 0;
}

static void message(const char *name, int number, time_t now)
{
    char text[512], body[4096] = "";
    int recipients = 1 + (number % 5 > 2) + (number % 50 == 0) * 8;
    long content;

    for (int line = 0; line < 5 + number % 40; line++)
        strcat(body, "A line of the message, as long as lines of messages often are, and no more.");
    used = 0;
    content = 0;
    snprintf(text, sizeof text, "%95s", "");  /* Sizes, known in the end. */
    record('C', text);
    snprintf(text, sizeof text, "%ld %06d", (long) (now - number % 400000), number % 1000000);
    record('T', text);
    record('A', "log_client_name=client.example.net");
    record('A', "log_client_address=192.0.2.77");
    record('A', "log_helo_name=client.example.net");
    record('A', "log_protocol_name=ESMTP");
    record('A', "client_name=client.example.net");
    record('A', "client_address=192.0.2.77");
    snprintf(text, sizeof text, "sender%d@example.org", number % 1000);
    record('S', text);
    for (int i = 0; i < recipients; i++) {
        snprintf(text, sizeof text, "user%d@domain%d.example.com", i, (number + i) % 100);
        record('O', text);
        record('R', text);
    }
    record('p', "              0");
    record('M', "");
    size_t start = used;
    record('N', "Received: from client.example.net (client.example.net [192.0.2.77])");
    record('N', "Subject: a message that waits");
    record('N', "");
    for (size_t i = 0; i + 75 <= strlen(body); i += 75) {
        snprintf(text, sizeof text, "%.75s", body + i);
        record('N', text);
    }
    content = (long) (used - start);
    record('X', "");
    record('E', "");
    snprintf(text, sizeof text, "%15ld %15d %15d %15d %15ld %15d", content, (int) start, recipients,
             0, content, 0);
    memcpy(file + 2, text, strlen(text));
    put("deferred", name, 0700);

    used = 0;
    for (int i = 0; i < recipients; i++)
        used += (size_t) snprintf(
            file + used, sizeof file - used,
            "<user%d@domain%d.example.com>: connect to mx.domain%d.example.com[192.0.2.9]:25: "
            "Connection timed out\nrecipient=user%d@domain%d.example.com\noffset=%d\n"
            "dsn_orig_rcpt=rfc822;user%d@domain%d.example.com\nstatus=4.4.1\naction=delayed\n"
            "reason=connect to mx.domain%d.example.com[192.0.2.9]:25: Connection timed out\n\n",
            i, (number + i) % 100, (number + i) % 100, i, (number + i) % 100, 300 + i, i,
            (number + i) % 100, (number + i) % 100);
    put("defer", name, 0600);
}

int main(int argc, char **argv)
{
    char name[64];
    time_t now = time(NULL);

    if (argc != 3) {
        fprintf(stderr, "usage: fill_queue QUEUE-DIRECTORY COUNT\n");
        return 64;
    }
    if (chdir(argv[1]) < 0 || stat("deferred", &owner) < 0)
        fail(argv[1]);
    make_directories("deferred");
    make_directories("defer");
    for (int number = 0; number < atoi(argv[2]); number++) {
        /* The first digits are microseconds, spread over the directories. */
        snprintf(name, sizeof name, "%05X%X", (unsigned) (number * 7919L % 1000000),
                 0x100000 + number);
        message(name, number, now);
    }
    return 0;
}
