/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/confine.h: each test confines a fork of its own and tries there
 * what a hijacked worker would try, and what an honest one needs. */
#include "base/confine.h"

#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <pthread.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder to read, one to write, one of somebody else, all alike. */
static int set_up(void **state)
{
    static const char *const folders[] = {"read", "write", "other",
                                          "write/sub"};
    static const char *const files[] = {"read/file", "write/file", "other/file",
                                        "other/target"};
    int ret = scratch_create(state);
    struct scratch *scratch = *state;
    for (size_t i = 0; ret == 0 && i < 4; i++)
        ret = files_make_folders(NULL, scratch_path(scratch, folders[i]));
    for (size_t i = 0; ret == 0 && i < 4; i++)
        ret = files_write(NULL, scratch_path(scratch, files[i]), "abc", 3);
    if (ret == 0)
        ret = symlink(scratch_path(scratch, "other/target"),
                      scratch_path(scratch, "read/placed"));
    if (ret == 0)
        ret = symlink(scratch_path(scratch, "other/file"),
                      scratch_path(scratch, "read/later"));
    return ret;
}

/* Runs `act` in a confined fork: 0, or the line that it did not expect. */
static int confined(struct scratch *scratch, int (*act)(struct scratch *))
{
    struct confinement confinement = {.arena = scratch->arena};
    confinement_read(&confinement, scratch_path(scratch, "read"));
    confinement_read(&confinement, scratch_path(scratch, "read/placed"));
    confinement_read(&confinement, scratch_path(scratch, "nowhere"));
    confinement_read(&confinement, NULL);
    confinement_write(&confinement, scratch_path(scratch, "write"));
    pid_t pid = fork();
    if (pid == 0)
        _exit(confine_self(NULL, &confinement) < 0 ? 255 : act(scratch));
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* In the fork: its exit status is the check that failed, counted from 1. */
#define EXPECT(number, condition)                                              \
    do {                                                                       \
        if (!(condition))                                                      \
            return number;                                                     \
    } while (0)

static bool can_open(struct scratch *scratch, const char *name, int flags)
{
    int descriptor = open(scratch_path(scratch, name), flags, 0600);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0;
}

static bool landlocked(void)
{
    return syscall(444, NULL, 0, 1) >= 2;
}

static bool filtered(void)
{
    return prctl(PR_SET_SECCOMP, 2, NULL, 0, 0) < 0 && errno == EFAULT;
}

static void need(bool there, const char *what)
{
    if (there)
        return;
    print_message("skipped: this kernel has no %s\n", what);
    skip();
}

/* --- files ---------------------------------------------------------------- */

static int read_allowed(struct scratch *scratch)
{
    struct buffer text = {0};
    EXPECT(1, can_open(scratch, "read/file", O_RDONLY));
    EXPECT(2, can_open(scratch, "read", O_RDONLY | O_DIRECTORY));
    EXPECT(3, can_open(scratch, "read/placed", O_RDONLY));
    EXPECT(4, files_read(NULL, scratch_path(scratch, "write/file"), 10,
                         &text) == 0);
    EXPECT(5, text.size == 3);
    return 0;
}

static int read_refused(struct scratch *scratch)
{
    EXPECT(1, !can_open(scratch, "other/file", O_RDONLY) && errno == EACCES);
    EXPECT(2, !can_open(scratch, "other", O_RDONLY | O_DIRECTORY));
    EXPECT(3, !can_open(scratch, "read/../other/file", O_RDONLY));
    /* A link that was not known beforehand opens nothing up. */
    EXPECT(4, !can_open(scratch, "read/later", O_RDONLY));
    EXPECT(5, !can_open(scratch, "", O_RDONLY | O_DIRECTORY));
    EXPECT(6, open("/etc/passwd", O_RDONLY) < 0);
    EXPECT(7, open("/etc/shadow", O_RDONLY) < 0);
    EXPECT(8, open("/proc/1/environ", O_RDONLY) < 0);
    EXPECT(9, open("/proc/self/root/etc/passwd", O_RDONLY) < 0);
    EXPECT(10, open("/", O_RDONLY | O_DIRECTORY) < 0);
    return 0;
}

static int write_allowed(struct scratch *scratch)
{
    const char *made = scratch_path(scratch, "write/new");
    EXPECT(1, files_write(NULL, made, "x", 1) == 0);
    EXPECT(2,
           files_make_folders(NULL, scratch_path(scratch, "write/a/b")) == 0);
    EXPECT(3, files_publish(NULL, made, scratch_path(scratch, "write/a/b/c")) ==
                  0);
    EXPECT(4, can_open(scratch, "write/file", O_RDWR | O_TRUNC));
    EXPECT(5, files_copy(NULL, scratch_path(scratch, "read/file"),
                         scratch_path(scratch, "write/copy")) == 0);
    EXPECT(6, files_remove_tree(NULL, scratch_path(scratch, "write/a")) == 0);
    EXPECT(7, open("/dev/null", O_RDWR) >= 0);
    return 0;
}

static int write_refused(struct scratch *scratch)
{
    const char *placed = scratch_path(scratch, "write/file");
    EXPECT(1, !can_open(scratch, "read/file", O_WRONLY) && errno == EACCES);
    EXPECT(2, !can_open(scratch, "read/new", O_WRONLY | O_CREAT));
    EXPECT(3, !can_open(scratch, "other/new", O_WRONLY | O_CREAT));
    EXPECT(4, !can_open(scratch, "new", O_WRONLY | O_CREAT));
    EXPECT(5, unlink(scratch_path(scratch, "read/file")) < 0);
    EXPECT(6, rename(placed, scratch_path(scratch, "read/new")) < 0);
    EXPECT(7, rename(placed, scratch_path(scratch, "other/new")) < 0);
    EXPECT(8, mkdir(scratch_path(scratch, "other/sub"), 0700) < 0);
    EXPECT(9, truncate(scratch_path(scratch, "read/file"), 0) < 0);
    /* What main would follow later. */
    EXPECT(10, symlink("/etc/passwd", scratch_path(scratch, "write/l")) < 0);
    EXPECT(11, link(scratch_path(scratch, "other/file"),
                    scratch_path(scratch, "write/h")) < 0);
    EXPECT(12, mkfifo(scratch_path(scratch, "write/f"), 0600) < 0);
    return 0;
}

static void reading(void **state)
{
    need(landlocked(), "Landlock");
    assert_int_equal(confined(*state, read_allowed), 0);
    assert_int_equal(confined(*state, read_refused), 0);
}

static void writing(void **state)
{
    need(landlocked(), "Landlock");
    assert_int_equal(confined(*state, write_allowed), 0);
    assert_int_equal(confined(*state, write_refused), 0);
}

/* A path with a link on its way, and one that is a link itself. */
static int linked(struct scratch *scratch)
{
    struct confinement confinement = {.arena = scratch->arena};
    confinement_read(&confinement, scratch_path(scratch, "alias/target"));
    EXPECT(1, confine_self(NULL, &confinement) == 0);
    EXPECT(2, can_open(scratch, "alias/target", O_RDONLY));
    EXPECT(3, can_open(scratch, "other/target", O_RDONLY));
    EXPECT(4, !can_open(scratch, "other/file", O_RDONLY));
    return 0;
}

static void links(void **state)
{
    struct scratch *scratch = *state;
    need(landlocked(), "Landlock");
    assert_int_equal(
        symlink(scratch_path(scratch, "other"), scratch_path(scratch, "alias")),
        0);
    pid_t pid = fork();
    if (pid == 0)
        _exit(linked(scratch));
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* --- calls ---------------------------------------------------------------- */

static bool refused(long result)
{
    return result < 0 && errno == EPERM;
}

static int call(struct scratch *scratch)
{
    char name[] = "true", *const words[] = {name, NULL};
    int pair[2];
    (void)scratch;
    EXPECT(1, refused(socket(AF_INET, SOCK_STREAM, 0)));
    EXPECT(2, refused(socket(AF_UNIX, SOCK_STREAM, 0)));
    EXPECT(3, refused(connect(0, NULL, 0)));
    EXPECT(4, refused(execv("/bin/true", words)));
    EXPECT(5, refused(syscall(SYS_execveat, -1, "/bin/true", words, NULL, 0)));
    EXPECT(6, refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL)));
    EXPECT(7, refused(kill(getppid(), SIGTERM)));
    EXPECT(8, refused(syscall(SYS_tgkill, getppid(), getppid(), SIGTERM)));
    EXPECT(9, refused(kill(-1, 0)));
    EXPECT(10, refused(unshare(CLONE_NEWUSER)));
    EXPECT(11,
           refused(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)));
    EXPECT(12, refused(syscall(425, 1, NULL))); /* io_uring_setup */
    EXPECT(13, refused(ioctl(0, TIOCSTI, "x")));
    EXPECT(14, refused(syscall(SYS_mount, "a", "/", "tmpfs", 0, NULL)));
    EXPECT(15, refused(syscall(SYS_bpf, 0, NULL, 0)));
    /* What stays: the worker's pair of sockets, signals to itself. */
    EXPECT(20, socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    EXPECT(21, send(pair[0], "x", 1, MSG_NOSIGNAL) == 1);
    EXPECT(22, kill(getpid(), 0) == 0);
    EXPECT(23, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    return 0;
}

static void calls(void **state)
{
    need(filtered(), "seccomp filters");
    assert_int_equal(confined(*state, call), 0);
}

/* --- what libraries need -------------------------------------------------- */

static void *answer(void *opaque)
{
    *(int *)opaque = 42;
    return NULL;
}

static int live(struct scratch *scratch)
{
    pthread_t thread;
    int number = 0;
    iconv_t table = iconv_open("UTF-8", "GB18030");
    (void)scratch;
    EXPECT(1, table != (iconv_t)-1);
    EXPECT(2, pthread_create(&thread, NULL, answer, &number) == 0);
    EXPECT(3, pthread_join(thread, NULL) == 0 && number == 42);
    EXPECT(4, sysconf(_SC_NPROCESSORS_ONLN) > 0);
    EXPECT(5, open("/dev/urandom", O_RDONLY) >= 0);
    EXPECT(6, open("/proc/self/maps", O_RDONLY) >= 0);
    EXPECT(7, open("/usr", O_RDONLY | O_DIRECTORY) >= 0);
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    EXPECT(8, timezone == -8 * 3600 || access("/usr/share/zoneinfo", F_OK));
    return 0;
}

static void living(void **state)
{
    assert_int_equal(confined(*state, live), 0);
}

static int abort_confined(struct scratch *scratch)
{
    (void)scratch;
    signal(SIGABRT, SIG_DFL); /* not a sanitizer's */
    abort();
}

/* A crash stays a crash: abort() signals itself. */
static void crashing(void **state)
{
    struct scratch *scratch = *state;
    struct confinement confinement = {.arena = scratch->arena};
    pid_t pid = fork();
    if (pid == 0)
        _exit(confine_self(NULL, &confinement) < 0 ? 255
                                                   : abort_confined(scratch));
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* --- what is told --------------------------------------------------------- */

static void to_pipe(void *opaque, enum log_level level, const char *message)
{
    dprintf(*(int *)opaque, "%d:%s", (int)level, message);
}

static void to_buffer(void *opaque, enum log_level level, const char *message)
{
    (void)level;
    buffer_puts(opaque, message);
}

static void telling(void **state)
{
    struct scratch *scratch = *state;
    struct confinement confinement = {.arena = scratch->arena};
    int ends[2];
    char text[300] = "";
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct log log;
        log_init(&log, LOG_LEVEL_VERBOSE, to_pipe, &ends[1]);
        _exit(confine_self(&log, &confinement) < 0);
    }
    close(ends[1]);
    assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 0);
    print_message("%s\n", text);
    assert_int_equal(text[0], '4');
    assert_int_equal(!!strstr(text, "Landlock (version"), landlocked());
    assert_int_equal(!!strstr(text, "calls by seccomp"), filtered());
}

/* Landlock takes sixteen layers and no more: then nothing may be read. */
static void refusing(void **state)
{
    struct scratch *scratch = *state;
    struct confinement confinement = {.arena = scratch->arena};
    need(landlocked(), "Landlock");
    confinement_read(&confinement, "/");
    pid_t pid = fork();
    if (pid == 0) {
        struct log log;
        int ret = 0, layers = 0;
        log_init(&log, LOG_LEVEL_NONE, NULL, NULL);
        while (ret >= 0 && layers++ < 40)
            ret = confine_self(&log, &confinement);
        bool told =
            log.first_error && strstr(log.first_error, "can't be confined");
        _exit(layers > 10 && layers < 20 && ret < 0 && told ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* An outer filter that answers one call for the kernel, then confine_self:
 * 0, or 1 when it failed with its sentence told, 2 for anything else. */
static int under_filter(int number, int answer, const char *words)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct buffer told = {0};
        struct log log;
        struct confinement confinement = {.arena = arena_create()};
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
        seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint16_t)answer), number, 0);
        if (seccomp_load(filter) < 0)
            _exit(3);
        log_init(&log, LOG_LEVEL_VERBOSE, to_buffer, &told);
        int ret = confine_self(&log, &confinement);
        if (!strstr(buffer_text(&told), words))
            _exit(2);
        _exit(ret < 0);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* A kernel without is gone on with; one that has it and refuses is not. */
static void lacking(void **state)
{
    static const char none[] = "this kernel has no Landlock";
    static const char refusal[] = "can't be confined (Landlock";
    (void)state;
    need(filtered() && landlocked(), "Landlock or seccomp filters");
    assert_int_equal(under_filter(444, ENOSYS, none), 0);
    assert_int_equal(under_filter(444, EOPNOTSUPP, none), 0);
    assert_int_equal(under_filter(444, EPERM, none), 0);
    assert_int_equal(under_filter(444, EMFILE, refusal), 1);
    assert_int_equal(under_filter(445, EPERM, refusal), 1);
    assert_int_equal(under_filter(446, EPERM, refusal), 1);
}

#define RUN(test) cmocka_unit_test_setup_teardown(test, set_up, scratch_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN(reading),  RUN(writing), RUN(links),    RUN(calls),   RUN(living),
        RUN(crashing), RUN(telling), RUN(refusing), RUN(lacking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
