/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds base/worker.h when something breaks: neither a crash nor a hang nor a
 * signal costs more than its item. */
#include "worker_run.h"

static void crash_twice(void **state)
{
    struct run *run = *state;
    ask(run, "x");
    ask(run, "abort");
    ask(run, "x");
    ask(run, "x");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 4);
    assert_int_equal(run->codes[1], AVERROR_EXTERNAL);
    assert_non_null(strstr(run->sentences[1], "crashed twice (signal 6"));
    assert_int_equal(run->reply_sizes[1], 0);
    /* Tried twice, not once and not three times. */
    int begun = 0;
    for (const char *at = notes(run); (at = strstr(at, "begin abort")); at++)
        begun++;
    assert_int_equal(begun, 2);
    assert_int_equal(run->codes[0] | run->codes[2] | run->codes[3], 0);
    assert_true(told(run, "2:a worker ended before its work was done"));
    assert_true(told(run, "1:the worker crashed twice"));
}

static void other_ends(void **state)
{
    struct run *run = *state;
    ask(run, "exit");
    ask(run, "kill");
    assert_int_equal(go(run), 0);
    assert_non_null(strstr(run->sentences[0], "status 3"));
    assert_non_null(strstr(run->sentences[1], "lack of memory"));
    assert_int_equal(run->codes[1], AVERROR_EXTERNAL);
}

/* What beside others has too little memory may have enough alone. */
static void out_of_memory(void **state)
{
    struct run *run = *state;
    run->job.tells_errors = true;
    ask(run, "gone");
    ask(run, "short1");
    ask(run, "narrow");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 3);
    assert_int_equal(run->codes[0], AVERROR(ENOMEM));
    assert_non_null(strstr(run->sentences[0], "ran out of memory twice"));
    assert_int_equal(run->codes[1], 0);
    assert_string_equal(run->replies[1], "did short1");
    assert_int_equal(run->codes[2], AVERROR(ENOMEM));
    assert_string_equal(run->sentences[2], "too little memory");
    assert_true(told(run, "(it ran out of memory); the work is tried once"));
    int begun = 0;
    for (const char *at = notes(run); (at = strstr(at, "begin")); at++)
        begun++;
    assert_int_equal(begun, 6);
}

/* Where it ran out beside another one, no two are begun any more: each item's
 * end is the line after its begin. */
static void fewer_at_once(void **state)
{
    struct run *run = *state;
    run->job.tells_errors = true;
    ask(run, "meet2");
    ask(run, "short7");
    for (int i = 0; i < 6; i++)
        ask(run, "sleep20");
    ask(run, "score");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 9);
    int running = 1;
    const char *line = strstr(notes(run), "begin sleep20");
    assert_non_null(line);
    for (line = strchr(line, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
        running += strncmp(line, "begin", 5) == 0 ? 1 : -1;
        assert_true(running <= 1);
    }
    assert_int_equal(strtol(run->replies[8], NULL, 10), 200);
}

static void crash_once(void **state)
{
    struct run *run = *state;
    ask(run, "once1");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->codes[0], 0);
    assert_string_equal(run->replies[0], "did once1");
    /* Units that the dead worker told were taken back. */
    assert_int_equal(run->units[0], 7);
    assert_true(told(run, "2:a worker ended"));
    assert_null(run->log.first_error);
}

/* While an item is tried again, no other one is between begin and end: then
 * its end is the very next line. */
static void tried_again_alone(void **state)
{
    struct run *run = *state;
    run->job.count = 3;
    for (int i = 0; i < 30; i++)
        ask(run, i == 4 ? "once4" : i == 11 ? "once11" : "sleep20");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 30);
    int running = 0, crashed = 0, retried = 0;
    char what[8], request[16], again[32];
    for (const char *line = notes(run); *line;) {
        assert_int_equal(sscanf(line, "%7s %15s", what, request), 2);
        line = strchr(line, '\n') + 1;
        bool is_begin = strcmp(what, "begin") == 0;
        bool is_once = strncmp(request, "once", 4) == 0;
        snprintf(again, sizeof(again), "begin %s ", request);
        if (is_begin && is_once && strstr(line, again)) {
            crashed++; /* has no end */
            continue;
        }
        if (is_begin && is_once) {
            retried++;
            assert_int_equal(running, 0);
            assert_memory_equal(line, "end once", 8);
        }
        running += is_begin ? 1 : -1;
    }
    assert_int_equal(crashed, 2);
    assert_int_equal(retried, 2);
    assert_int_equal(running, 0);
}

static void deadlines(void **state)
{
    struct run *run = *state;
    run->deadline_ms = 1000;
    ask(run, "x");
    ask(run, "hang");
    ask(run, "stubborn");
    ask(run, "sleep20");
    ask(run, "steady"); /* longer than that, but never silent for so long */
    assert_int_equal(go(run), 0);
    assert_int_equal(run->done, 5);
    assert_int_equal(run->codes[4], 0);
    assert_int_equal(run->codes[1], AVERROR(ETIMEDOUT));
    assert_int_equal(run->codes[2], AVERROR(ETIMEDOUT));
    assert_non_null(strstr(run->sentences[1], "within 1 seconds"));
    assert_int_equal(run->codes[0] | run->codes[3], 0);
}

static void be_away_once(void *context)
{
    struct run *run = context;
    run->job.tick = NULL;
    sleep_ms(2300);
}

/* Main is stopped for a while (Ctrl-Z), and its workers with it. */
static void away(void **state)
{
    struct run *run = *state;
    run->deadline_ms = 2800;
    run->job.tick = be_away_once;
    ask(run, "sleep3000");
    assert_int_equal(go(run), 0);
    assert_int_equal(run->codes[0], 0);
    assert_false(told(run, "2:a worker ended"));
}

static void stop_soon(void *context)
{
    struct run *run = context;
    run->stop = 1;
}

static void stopping(void **state)
{
    struct run *run = *state;
    run->job.tick = stop_soon;
    ask(run, "hang");
    ask(run, "stubborn");
    ask(run, "x");
    assert_int_equal(go(run), AVERROR_EXIT);
    assert_int_equal(run->done, 0);
    /* And before anything was begun. */
    assert_int_equal(go(run), AVERROR_EXIT);
    assert_int_equal(run->given, 2);
}

/* Main dies without a word: its workers go too. */
static void orphans(void **state)
{
    struct run *run = *state;
    ask(run, "hang");
    ask(run, "hang");
    pid_t main_pid = fork();
    if (main_pid == 0) {
        workers_run(NULL, &run->job);
        _exit(0);
    }
    int pids[2] = {0};
    for (int i = 0; i < 2000 && !pids[1]; i++) {
        sleep_ms(10);
        sscanf(notes(run), "begin hang %d begin hang %d", &pids[0], &pids[1]);
    }
    assert_true(pids[1] > 0);
    kill(main_pid, SIGKILL);
    waitpid(main_pid, NULL, 0);
    for (int i = 0; i < 2; i++) {
        char path[40];
        snprintf(path, sizeof(path), "/proc/%d/stat", pids[i]);
        char state_letter = 'R';
        for (int tries = 0; tries < 2000; tries++) {
            struct buffer stat = {0};
            bool is_there = files_read(NULL, path, 4096, &stat) >= 0;
            const char *close = is_there ? strrchr(stat.data, ')') : NULL;
            state_letter = close ? close[2] : 'Z';
            buffer_clear(&stat);
            if (state_letter == 'Z')
                break;
            sleep_ms(10);
        }
        assert_int_equal(state_letter, 'Z'); /* dead; init reaps it */
    }
}

/* No room for one more process: an error in words, and no hang. */
static void no_fork(void **state)
{
    struct run *run = *state;
    ask(run, "x");
    pid_t pid = fork();
    if (pid == 0) {
        /* No descriptors left fails a fork's socket pair as well, and works
         * for root too. */
        setrlimit(RLIMIT_NOFILE, &(struct rlimit){3, 3});
        int ret = workers_run(&run->log, &run->job);
        _exit(ret == AVERROR(EMFILE) && run->done == 0 &&
                      told(run, "1:no worker process can be started")
                  ? 0
                  : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* Room for one worker only: the work is done by that one. */
static void few_forks(void **state)
{
    struct run *run = *state;
    run->job.count = 4;
    for (int i = 0; i < 10; i++)
        ask(run, "sleep5");
    pid_t pid = fork();
    if (pid == 0) {
        int lowest = open("/dev/null", O_RDONLY);
        setrlimit(RLIMIT_NOFILE,
                  &(struct rlimit){(rlim_t)lowest + 2, (rlim_t)lowest + 2});
        close(lowest);
        run->job.duty.serve = act_only;
        int ret = workers_run(&run->log, &run->job);
        _exit(ret == 0 && run->done == 10 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RUN(crash_twice),   RUN(other_ends),    RUN(crash_once),
        RUN(out_of_memory), RUN(fewer_at_once), RUN(tried_again_alone),
        RUN(deadlines),     RUN(away),          RUN(stopping),
        RUN(orphans),       RUN(no_fork),       RUN(few_forks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
