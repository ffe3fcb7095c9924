/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of base/worker.h for its tests: requests are words that say what the
 * worker shall do, and all that comes back is kept. */
#ifndef REELPRESS_TESTS_BASE_WORKER_RUN_H
#define REELPRESS_TESTS_BASE_WORKER_RUN_H

#include "base/worker.h"

#include "base/memory.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MAX_ITEMS 300

/* What one run is asked to do and what came of it. */
struct run {
    struct scratch *scratch;
    const char *requests[MAX_ITEMS]; /* see serve(); item i has id 100 + i */
    int64_t count, given;
    int deadline_ms;
    int64_t done;
    int64_t order[MAX_ITEMS]; /* ids in the order of their results */
    int codes[MAX_ITEMS];
    char sentences[MAX_ITEMS][256];
    char replies[MAX_ITEMS][64];
    size_t reply_sizes[MAX_ITEMS];
    int64_t units[MAX_ITEMS];
    int ticks;
    volatile int stop;
    struct buffer told; /* "level:message|" */
    struct worker_job job;
    struct log log;
};

/* Files are the memory of the crashing: "a worker was here". */
static inline bool mark(struct run *run, const char *name)
{
    const char *path = scratch_path(run->scratch, name);
    int descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0;
}

static inline void sleep_ms(int ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

static inline const char *notes(struct run *run)
{
    struct buffer text = {0};
    files_read(NULL, scratch_path(run->scratch, "notes"), 100000, &text);
    const char *copy = arena_strdup(run->scratch->arena, buffer_text(&text));
    buffer_clear(&text);
    return copy;
}

/* Until so many were begun; for 20 s, should they never be. */
static inline void meet(struct run *run, int wanted)
{
    int begun = 0;
    for (int tries = 0; tries < 4000 && begun < wanted; tries++) {
        begun = 0;
        for (const char *at = notes(run); (at = strstr(at, "begin ")); at++)
            begun++;
        if (begun < wanted)
            sleep_ms(5);
    }
}

static inline void die_quietly(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    signal(SIGABRT, SIG_DFL); /* not a sanitizer's */
    abort();
}

/* Writes "begin" and "end" lines, so that a test sees what ran beside what. */
static inline void note(struct run *run, const char *what, const char *request)
{
    int descriptor = open(scratch_path(run->scratch, "notes"),
                          O_CREAT | O_APPEND | O_WRONLY, 0600);
    dprintf(descriptor, "%s %s %d\n", what, request, (int)getpid());
    close(descriptor);
}

static inline int act(struct run *run, const char *request,
                      struct buffer *reply, struct log *log)
{
    if (strcmp(request, "abort") == 0)
        die_quietly();
    if (strncmp(request, "once", 4) == 0) {
        bool is_first = mark(run, request);
        worker_progress(5);
        sleep_ms(30);
        if (is_first)
            die_quietly();
        worker_progress(2);
        sleep_ms(30);
    }
    if (strcmp(request, "exit") == 0)
        _exit(3);
    if (strcmp(request, "score") == 0) {
        files_read(NULL, "/proc/self/oom_score_adj", 16, reply);
        return 0;
    }
    if (strcmp(request, "gone") == 0)
        memory_gone();
    if (strncmp(request, "short", 5) == 0 && mark(run, request))
        return log_fail(log, AVERROR(ENOMEM), "too little memory");
    if (strcmp(request, "narrow") == 0)
        return log_fail(log, AVERROR(ENOMEM), "too little memory");
    if (strcmp(request, "kill") == 0)
        raise(SIGKILL);
    if (strcmp(request, "hang") == 0)
        sleep_ms(60000);
    if (strcmp(request, "stubborn") == 0) {
        signal(SIGTERM, SIG_IGN);
        /* Not for ever, should the test itself be killed. */
        for (time_t until = time(NULL) + 20; time(NULL) < until;)
            ;
    }
    if (strncmp(request, "sleep", 5) == 0)
        sleep_ms((int)strtol(request + 5, NULL, 10));
    if (strncmp(request, "meet", 4) == 0)
        meet(run, (int)strtol(request + 4, NULL, 10));
    for (int i = 0; strcmp(request, "steady") == 0 && i < 8; i++) {
        sleep_ms(180);
        worker_progress(1);
    }
    if (strcmp(request, "progress") == 0) {
        for (int i = 0; i < 10; i++)
            worker_progress(i);
    }
    if (strcmp(request, "flood") == 0) {
        for (int i = 0; i < 20000; i++)
            log_info(log, "flood %d", i);
    }
    if (strcmp(request, "big") == 0) {
        for (int i = 0; i < 500000; i++)
            buffer_puts(reply, "0123456789");
        return 0;
    }
    if (strcmp(request, "fail") == 0) {
        log_warn(log, "look out");
        log_fail(log, AVERROR(ENODATA), "first trouble");
        return log_fail(log, AVERROR(EIO), "second trouble");
    }
    if (strcmp(request, "silent") == 0)
        return AVERROR(ENOENT);
    buffer_printf(reply, "did %.20s", request);
    return 0;
}

static inline int serve(void *context, const struct buffer *request,
                        struct buffer *reply, struct log *log)
{
    struct run *run = context;
    note(run, "begin", buffer_text(request));
    int ret = act(run, buffer_text(request), reply, log);
    note(run, "end", buffer_text(request));
    return ret;
}

/* Without notes, which take a descriptor. */
static inline int act_only(void *context, const struct buffer *request,
                           struct buffer *reply, struct log *log)
{
    return act(context, buffer_text(request), reply, log);
}

static inline bool next(void *context, struct worker_item *item)
{
    struct run *run = context;
    if (run->given == run->count)
        return false;
    item->id = 100 + run->given;
    item->deadline_ms = run->deadline_ms;
    buffer_puts(&item->request, run->requests[run->given++]);
    return true;
}

static inline void done(void *context, const struct worker_result *result)
{
    struct run *run = context;
    int64_t index = result->id - 100;
    run->order[run->done++] = result->id;
    run->codes[index] = result->code;
    assert_true((result->code < 0) == (result->sentence != NULL));
    snprintf(run->sentences[index], sizeof(run->sentences[index]), "%s",
             result->sentence ? result->sentence : "");
    snprintf(run->replies[index], sizeof(run->replies[index]), "%s",
             buffer_text(result->reply));
    run->reply_sizes[index] = result->reply->size;
}

static inline void progress(void *context, int64_t id, int64_t units)
{
    struct run *run = context;
    run->units[id - 100] += units;
}

static inline void tick(void *context)
{
    struct run *run = context;
    run->ticks++;
}

static inline void hear(void *opaque, enum log_level level, const char *message)
{
    struct run *run = opaque;
    buffer_printf(&run->told, "%d:%s|", (int)level, message);
}

static inline int set_up(void **state)
{
    struct run *run = calloc(1, sizeof(*run));
    int ret = scratch_create((void **)&run->scratch);
    run->job = (struct worker_job){.count = 2,
                                   .duty = {.serve = serve, .context = run},
                                   .context = run,
                                   .next = next,
                                   .done = done,
                                   .tick = tick,
                                   .progress = progress,
                                   .stop = &run->stop};
    log_init(&run->log, LOG_LEVEL_INFO, hear, run);
    *state = run;
    return ret;
}

static inline int tear_down(void **state)
{
    struct run *run = *state;
    int ret = scratch_destroy((void **)&run->scratch);
    log_clear(&run->log);
    buffer_clear(&run->told);
    free(run);
    return ret;
}

static inline void ask(struct run *run, const char *request)
{
    run->requests[run->count++] = request;
}

static inline int go(struct run *run)
{
    int ret = workers_run(&run->log, &run->job);
    /* Nobody is left behind, whatever happened. */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    return ret;
}

static inline bool told(const struct run *run, const char *words)
{
    return strstr(buffer_text(&run->told), words);
}

#define RUN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
