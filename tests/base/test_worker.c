/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/worker.h when all goes well: items, replies, messages, and what a
 * worker is born with. */
#include "worker_run.h"

#include <sys/prctl.h>
#include <sys/socket.h>

/* Processes in the notes: begin lines whose last word is new. */
static int count_workers(const char *text)
{
    int workers = 0;
    for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
        char pid[16], needle[24];
        if (sscanf(line, "begin %*s %15s", pid) != 1)
            continue;
        snprintf(needle, sizeof(needle), " %s\n", pid);
        workers += strstr(text, needle) > line &&
                   strstr(text, needle) < strchr(line, '\n');
    }
    return workers;
}

static void no_items(void **state)
{
    assert_int_equal(go(*state), 0);
}

static void one_item(void **state)
{
    struct run *run = *state;
    ask(run, "读书");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 1);
    assert_int_equal(run->codes[0], 0);
    assert_string_equal(run->replies[0], "did 读书");
    assert_string_equal(buffer_text(&run->told), "");
}

static void many_items(void **state)
{
    struct run *run = *state;
    run->job.count = 3;
    run->job.duty.items_per_worker = 7;
    for (int i = 0; i < 200; i++)
        ask(run, i % 10 ? "x" : "sleep3");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 200);
    bool seen[200] = {false};
    for (int i = 0; i < 200; i++) {
        seen[run->order[i] - 100] = true;
        assert_int_equal(run->codes[i], 0);
        assert_string_equal(run->replies[i], i % 10 ? "did x" : "did sleep3");
    }
    for (int i = 0; i < 200; i++)
        assert_true(seen[i]);
    assert_in_range(count_workers(notes(run)), 200 / 7 + 1, 60);
}

/* As many at once as there are workers, and no more. */
static void at_once(void **state)
{
    struct run *run = *state;
    run->job.count = 3;
    for (int i = 0; i < 6; i++)
        ask(run, "meet3");
    assert_int_equal(go(run), 0);
    int running = 0, most = 0;
    for (const char *line = notes(run); *line; line = strchr(line, '\n') + 1) {
        running += strncmp(line, "begin", 5) == 0 ? 1 : -1;
        most = running > most ? running : most;
    }
    assert_int_equal(most, 3);
    assert_int_equal(running, 0);
}

static void ticking(void **state)
{
    struct run *run = *state;
    ask(run, "sleep600");
    assert_int_equal(go(run), 0);
    assert_true(run->ticks >= 2);
}

static void failing(void **state)
{
    struct run *run = *state;
    ask(run, "fail");
    ask(run, "silent");
    ask(run, "x");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->codes[0], AVERROR(EIO));
    assert_string_equal(run->sentences[0], "first trouble");
    assert_int_equal(run->codes[1], AVERROR(ENOENT));
    assert_string_equal(run->sentences[1], "No such file or directory");
    assert_int_equal(run->codes[2], 0);
    assert_true(told(run, "2:look out|1:first trouble|1:second trouble|"));
    assert_string_equal(run->log.first_error, "first trouble");
    assert_int_equal(run->log.first_code, AVERROR(ENODATA));
}

static void told_once_and_by_whom(void **state)
{
    struct run *run = *state;
    for (int i = 0; i < 6; i++)
        ask(run, "fail");
    run->job.tells_errors = true;
    assert_int_equal(go(run), 0);
    /* Six workers' same warning once; their errors only through done(). */
    assert_string_equal(buffer_text(&run->told), "2:look out|");
    assert_null(run->log.first_error);
    for (int i = 0; i < 6; i++)
        assert_string_equal(run->sentences[i], "first trouble");
}

static void levels_hold_in_workers(void **state)
{
    struct run *run = *state;
    ask(run, "flood");
    ask(run, "fail");
    run->log.level = LOG_LEVEL_ERROR;
    assert_int_equal(go(run), 0);
    assert_false(told(run, "flood"));
    assert_false(told(run, "look out"));
    assert_true(told(run, "1:second trouble|"));
}

static void floods(void **state)
{
    struct run *run = *state;
    ask(run, "flood");
    ask(run, "flood");
    assert_int_equal(go(run), 0);
    assert_true(told(run, "3:flood 0|"));
    assert_true(told(run, "3:flood 19999|"));
    assert_int_equal(run->done, 2);
}

static void big_messages(void **state)
{
    struct run *run = *state;
    struct buffer request = {0};
    for (int i = 0; i < 300000; i++)
        buffer_puts(&request, "0123456789");
    ask(run, request.data);
    ask(run, "big");
    assert_int_equal(go(run), 0);
    assert_string_equal(run->replies[0], "did 01234567890123456789");
    assert_int_equal(run->reply_sizes[1], 5000000);
    buffer_clear(&request);
}

static void nobody_listens(void **state)
{
    struct run *run = *state;
    ask(run, "fail");
    ask(run, "abort");
    ask(run, "progress");
    run->job.progress = NULL;
    run->job.tick = NULL;
    run->job.stop = NULL;
    assert_int_equal(workers_run(NULL, &run->job), 0);
    assert_int_equal(run->done, 3);
    assert_string_equal(run->sentences[0], "first trouble");
}

static void progressing(void **state)
{
    struct run *run = *state;
    ask(run, "progress");
    ask(run, "progress");
    pid_t pid = fork();
    if (pid == 0) {
        worker_progress(99); /* outside a worker: nothing, not even an end */
        _exit(7);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_int_equal(go(run), 0);
    assert_int_equal(run->units[0], 45);
    assert_int_equal(run->units[1], 45);
}

/* More work may come with a result: two items ask for two more each. */
static bool next_later(void *context, struct worker_item *item)
{
    struct run *run = context;
    if (run->given >= 2 + 2 * run->done || run->given >= 20)
        return false;
    run->requests[run->given] = "x";
    run->count = run->given + 1;
    return next(context, item);
}

static void work_that_comes_later(void **state)
{
    struct run *run = *state;
    run->job.next = next_later;
    run->job.count = 8;
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 20);
}

/* A runner may have left us some that are none of ours. */
static int count_sockets(void)
{
    int sockets = 0, type;
    socklen_t size = sizeof(type);
    for (int i = 3; i < 64; i++)
        sockets += getsockopt(i, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
    return sockets;
}

struct started {
    int number; /* 7 in a worker */
    int sockets;
    struct run *run;
};

/* What a worker is born with: sockets of its own only, no handlers. */
static int serve_state(void *context, const struct buffer *request,
                       struct buffer *reply, struct log *log)
{
    struct sigaction interrupt, hang_up, alarm;
    const struct started *started = context;
    int death = 0;
    sleep_ms(20);
    sigaction(SIGINT, NULL, &interrupt);
    sigaction(SIGHUP, NULL, &hang_up);
    sigaction(SIGALRM, NULL, &alarm);
    prctl(PR_GET_PDEATHSIG, &death);
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    buffer_printf(reply, "%d %d %d %d %d %d %d",
                  count_sockets() - started->sockets,
                  interrupt.sa_handler == SIG_IGN,
                  hang_up.sa_handler == SIG_IGN, alarm.sa_handler == SIG_DFL,
                  death, sigismember(&mask, SIGTERM), started->number == 7);
    return 0;
}

static void never(int number)
{
    (void)number;
}

static int start(void *context, struct log *log)
{
    struct started *started = context;
    started->number = 7;
    return 0;
}

static bool next_started(void *context, struct worker_item *item)
{
    return next(((struct started *)context)->run, item);
}

static void done_started(void *context, const struct worker_result *result)
{
    done(((struct started *)context)->run, result);
}

static void birth(void **state)
{
    struct run *run = *state;
    struct started started = {.run = run, .sockets = count_sockets()};
    struct worker_job job = {.count = 3,
                             .duty = {.serve = serve_state,
                                      .start = start,
                                      .context = &started},
                             .context = &started,
                             .next = next_started,
                             .done = done_started};
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    signal(SIGHUP, never);
    signal(SIGALRM, never);
    signal(SIGINT, never);
    for (int i = 0; i < 6; i++)
        ask(run, "x");
    assert_int_equal(workers_run(&run->log, &job), 0);
    signal(SIGHUP, SIG_DFL);
    signal(SIGALRM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    assert_int_equal(started.number, 0);
    for (int i = 0; i < 6; i++)
        assert_string_equal(run->replies[i], "1 1 1 1 9 0 1");
}

/* A worker that can't be made safe serves nothing and says why. */
static int start_badly(void *context, struct log *log)
{
    return log_fail(log, AVERROR(E2BIG), "not fit");
}

static void unfit(void **state)
{
    struct run *run = *state;
    run->job.duty.start = start_badly;
    for (int i = 0; i < 5; i++)
        ask(run, "x");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(run->codes[i], AVERROR(E2BIG));
        assert_string_equal(run->sentences[i], "not fit");
    }
    assert_true(told(run, "1:not fit|"));
    assert_string_equal(notes(run), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN(no_items),
        RUN(one_item),
        RUN(many_items),
        RUN(at_once),
        RUN(ticking),
        RUN(failing),
        RUN(levels_hold_in_workers),
        RUN(told_once_and_by_whom),
        RUN(floods),
        RUN(big_messages),
        RUN(nobody_listens),
        RUN(progressing),
        RUN(work_that_comes_later),
        RUN(birth),
        RUN(unfit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
