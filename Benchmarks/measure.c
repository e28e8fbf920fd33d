/*
 * Runs commands in turn, round after round, and tells what each one cost. In turn, because the
 * machine's other work then slows all of them alike. The commands say nothing; all must end with
 * the same status, or they did not do the same work. It knows nothing of what it runs.
 *
 *   measure ROUNDS SECONDS -- COMMAND... [-- COMMAND...]...
 *
 * After one round that does not count there are ROUNDS that do, fewer when SECONDS have passed;
 * then one line for each command: wall clock and processor time in microseconds, peak memory of
 * its largest process in KiB, number of processes (all medians), and number of rounds.
 *
 * It is in C so that its own memory, below which the kernel does not count, is small.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { maximum_commands = 8, maximum_rounds = 1000 };

struct command {
    char **arguments;
    long wall[maximum_rounds];
    long processor[maximum_rounds];
    long processes[maximum_rounds];
    long peak[maximum_rounds];
    int status;
};

extern char **environ;

static void die(const char *what)
{
    fprintf(stderr, "measure: %s\n", what);
    exit(1);
}

static long microseconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

/* The number of the process made last. In a process namespace of our own it counts processes. */
static long last_process(void)
{
    char text[32] = "";
    int file = open("/proc/sys/kernel/ns_last_pid", O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return 0;
    if (read(file, text, sizeof(text) - 1) < 0)
        text[0] = 0;
    close(file);
    return atol(text);
}

static long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000L + time.tv_usec;
}

/* Runs a command once, with nothing to read and nobody to talk to, and keeps what it cost in the
 * place of that round. */
static void run(struct command *command, int round)
{
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    long processes = last_process();
    long start;
    int status;
    pid_t child;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    start = microseconds_now();
    if (posix_spawn(&child, command->arguments[0], &actions, NULL, command->arguments, environ))
        die("a command cannot be started");
    if (wait4(child, &status, 0, &usage) != child)
        die("a command got lost");
    command->wall[round] = microseconds_now() - start;
    posix_spawn_file_actions_destroy(&actions);

    command->processor[round] = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    command->processes[round] = last_process() - processes;
    command->peak[round] = usage.ru_maxrss;
    if (command->status >= 0 && status != command->status)
        die("a command ended in two ways");
    command->status = status;
}

static int compare(const void *left, const void *right)
{
    long difference = *(const long *) left - *(const long *) right;

    return difference < 0 ? -1 : difference > 0;
}

static long median(long *values, int count)
{
    qsort(values, (size_t) count, sizeof(*values), compare);
    return values[count / 2];
}

/* Cuts the argument list at each "--" into commands; returns their number. */
static int split(char **arguments, struct command *commands)
{
    int count = 0;

    for (; *arguments; arguments++) {
        if (strcmp(*arguments, "--") != 0)
            continue;
        *arguments = NULL;
        if (count == maximum_commands)
            die("too many commands");
        commands[count].status = -1;
        commands[count++].arguments = arguments + 1;
    }
    return count;
}

int main(int argc, char **argv)
{
    static struct command commands[maximum_commands];
    int most = argc > 2 ? atoi(argv[1]) : 0;
    long deadline = microseconds_now() + (argc > 2 ? atol(argv[2]) : 0) * 1000000L;
    int count = argc > 3 ? split(argv + 3, commands) : 0;
    int rounds = -1;
    int i;

    if (most < 1 || most > maximum_rounds || count < 1)
        die("usage: measure ROUNDS SECONDS -- COMMAND... [-- COMMAND...]...");
    do {
        for (i = 0; i < count; i++)
            run(&commands[i], rounds < 0 ? 0 : rounds);
        rounds++;
    } while (rounds < 1 || (rounds < most && microseconds_now() < deadline));

    for (i = 1; i < count; i++)
        if (commands[i].status != commands[0].status)
            die("the commands ended in different ways");
    for (i = 0; i < count; i++)
        printf("%ld\t%ld\t%ld\t%ld\t%d\n", median(commands[i].wall, rounds),
               median(commands[i].processor, rounds), median(commands[i].peak, rounds),
               median(commands[i].processes, rounds), rounds);
    return 0;
}
