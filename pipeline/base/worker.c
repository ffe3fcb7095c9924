/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns main's poll loop over its workers: who gets which item, what becomes of
 * one whose worker died, when it is over. Knows items as bytes only.
 *
 *   next() ─▶ a free slot ─▶ worker ─▶ reply ─▶ done()
 *                              └─ died ─▶ waiting ─▶ fresh worker, alone
 */
#include "base/worker.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/worker_end.h"
#include "base/worker_slot.h"
#include "base/worker_wire.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define POLL_MS 100
/* Main itself did not run for so long: it was stopped (Ctrl-Z), the machine
 * was, or it planned the next session. */
#define AWAY_MS 2000
/* Further ones are told however often they come. */
#define WARNINGS_KEPT 256

/* An item that waits until nothing else runs. */
struct waiting {
    struct worker_item item;
    int attempts; /* made so far */
};

struct warning {
    const struct log *log;
    const char *text;
};

struct pool {
    struct log *log;
    const struct worker_job *job;
    struct slot *slots;
    struct pollfd *polls;
    int count, busy;
    int64_t looked; /* when the deadlines were last looked at */
    int beside;     /* busy when main last listened */
    int most;       /* busy at once: fewer than `count` where memory ran out */
    bool is_alone;  /* the one busy slot tries an item again */
    struct arena *arena; /* of the list, which is short: crashes are rare */
    struct waiting *waiting;
    size_t first, added;      /* waiting from first to added */
    struct warning *warnings; /* told already */
    size_t warning_count;
};

static const struct worker_duty *duty_of(const struct pool *pool,
                                         const struct worker_item *item)
{
    return item->duty ? item->duty : &pool->job->duty;
}

static struct log *log_of(const struct pool *pool,
                          const struct worker_duty *duty)
{
    return duty->log ? duty->log : pool->log;
}

static void wait_alone(struct pool *pool, const struct worker_item *item,
                       int attempts)
{
    struct waiting *waiting =
        ARENA_PUSH(pool->arena, pool->waiting, pool->added);
    waiting->item = *item;
    waiting->attempts = attempts;
}

static void settle(struct pool *pool, struct slot *slot, int code,
                   const char *sentence, const struct buffer *reply)
{
    const struct worker_result result = {.id = slot->item.id,
                                         .code = code,
                                         .sentence = sentence,
                                         .reply = reply};
    pool->busy--;
    pool->is_alone = false;
    pool->job->done(pool->job->context, &result);
    slot_drop_item(slot);
}

static void give_up(struct pool *pool, struct slot *slot, int status,
                    bool is_late)
{
    struct log told;
    struct buffer nothing = {0};
    log_init(&told, LOG_LEVEL_NONE, NULL, NULL);
    int code = worker_end_fail(&told, status, is_late, slot->item.deadline_ms);
    if (!pool->job->tells_errors)
        log_fail(log_of(pool, slot->duty), code, "%s", told.first_error);
    settle(pool, slot, code, told.first_error, &nothing);
    log_clear(&told);
}

/* What ran out of memory did so beside the others, as a rule. */
static void try_again(struct pool *pool, struct slot *slot, bool for_memory,
                      const char *how)
{
    const struct worker_job *job = pool->job;
    if (for_memory && pool->beside > 1)
        pool->most = pool->beside - 1;
    log_warn(log_of(pool, slot->duty),
             _("a worker ended before its work was done (%s); the work is "
               "tried once more, alone"),
             how);
    if (slot->units && job->progress)
        job->progress(job->context, slot->item.id, -slot->units);
    wait_alone(pool, &slot->item, slot->attempt);
    slot->item.request = (struct buffer){0}; /* now the list's */
    slot_drop_item(slot);
    pool->busy--;
    pool->is_alone = false;
}

/* The worker is gone, or is sent off when `is_late`. */
static void lose_worker(struct pool *pool, struct slot *slot, bool is_late)
{
    struct buffer how = {0};
    int status = slot_end(slot, is_late ? 0 : 500);
    if (!slot->is_busy)
        return;
    worker_end_describe(status, is_late, &how);
    if (slot->attempt < 2)
        try_again(pool, slot, !is_late && worker_end_is_memory(status),
                  buffer_text(&how));
    else
        give_up(pool, slot, status, is_late);
    buffer_clear(&how);
}

/* Each of many workers meets the same damaged spot: it is told once. */
static void relay_warning(struct pool *pool, struct log *log, const char *bytes,
                          size_t size)
{
    for (size_t i = 0; i < pool->warning_count; i++) {
        const struct warning *warning = &pool->warnings[i];
        if (warning->log == log && strlen(warning->text) == size &&
            memcmp(warning->text, bytes, size) == 0)
            return;
    }
    log_warn(log, "%.*s", (int)size, bytes);
    if (pool->warning_count == WARNINGS_KEPT)
        return;
    struct warning *kept =
        ARENA_PUSH(pool->arena, pool->warnings, pool->warning_count);
    *kept = (struct warning){log, arena_strndup(pool->arena, bytes, size)};
}

static void relay(struct pool *pool, const struct worker_duty *duty,
                  int64_t value, const char *bytes, size_t size)
{
    struct log *log = log_of(pool, duty);
    enum log_level level = (enum log_level)(value & 255);
    int code = (int)((value - level) / 256), length = (int)size;
    if (level == LOG_LEVEL_ERROR && pool->job->tells_errors)
        return;
    if (level == LOG_LEVEL_ERROR)
        log_fail(log, code ? code : AVERROR_EXTERNAL, "%.*s", length, bytes);
    else if (level == LOG_LEVEL_WARNING)
        relay_warning(pool, log, bytes, size);
    else if (level == LOG_LEVEL_INFO)
        log_info(log, "%.*s", length, bytes);
    else
        log_verbose(log, "%.*s", length, bytes);
}

/* A reply is the last thing that a worker sends for an item, so the buffer's
 * closing zero stands behind it. */
static void take_reply(struct pool *pool, struct slot *slot, int code,
                       char *bytes, size_t size)
{
    size_t length = strnlen(bytes, size);
    struct buffer reply = {0};
    /* Alone it may have enough. */
    if (code == AVERROR(ENOMEM) && slot->attempt < 2 &&
        pool->job->tells_errors) {
        try_again(pool, slot, true, _("it ran out of memory"));
        buffer_reset(&slot->in);
        return;
    }
    if (length + 1 < size) {
        reply.data = bytes + length + 1;
        reply.size = size - length - 1;
    }
    const char *sentence = length ? bytes : LOG_REASON(code);
    settle(pool, slot, code, code < 0 ? sentence : NULL, &reply);
    buffer_reset(&slot->in);
    int limit = slot->duty->items_per_worker;
    if (limit && slot->served >= limit)
        slot_end(slot, 200);
}

/* False when the slot has no further frames to give. */
static bool take_frame(struct pool *pool, struct slot *slot,
                       const struct wire_head *head, char *bytes)
{
    const struct worker_job *job = pool->job;
    if (head->kind == WIRE_REPLY && slot->is_busy) {
        take_reply(pool, slot, (int)head->value, bytes, head->size);
        return false;
    }
    if (head->kind == WIRE_LOG) {
        relay(pool, slot->duty, head->value, bytes, head->size);
    } else if (head->kind == WIRE_PROGRESS && slot->is_busy) {
        slot->units += head->value;
        slot_renew(slot);
        if (job->progress)
            job->progress(job->context, slot->item.id, head->value);
    }
    return true;
}

static bool is_sound(const struct wire_head *head)
{
    return head->kind > WIRE_REQUEST && head->kind <= WIRE_REPLY &&
           head->size <= WIRE_MAX_SIZE;
}

static void take_frames(struct pool *pool, struct slot *slot)
{
    struct buffer *in = &slot->in;
    struct wire_head head;
    size_t at = 0;
    while (in->size - at >= sizeof(head)) {
        memcpy(&head, in->data + at, sizeof(head));
        if (!is_sound(&head)) {
            lose_worker(pool, slot, false);
            return;
        }
        if (in->size - at - sizeof(head) < head.size)
            break;
        at += sizeof(head);
        if (!take_frame(pool, slot, &head, in->data + at))
            return;
        at += head.size;
    }
    if (!at)
        return;
    in->size -= at;
    memmove(in->data, in->data + at, in->size + 1);
}

/* A worker that waits for work of this duty before one that has to be forked,
 * and that before one which idles in another. NULL: all are busy. */
static struct slot *free_slot(struct pool *pool, const struct worker_duty *duty)
{
    struct slot *empty = NULL, *other = NULL;
    for (int i = 0; i < pool->count; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->is_busy)
            continue;
        if (slot->pid && slot->duty == duty)
            return slot;
        if (slot->pid)
            other = slot;
        else if (!empty)
            empty = slot;
    }
    return empty ? empty : other;
}

static int give(struct pool *pool, struct slot *slot,
                const struct worker_item *item, int attempt)
{
    const struct worker_duty *duty = duty_of(pool, item);
    if (slot->pid && slot->duty != duty)
        slot_end(slot, 200);
    if (!slot->pid) {
        int ret =
            slot_fork(slot, pool->slots, pool->count, duty, log_of(pool, duty));
        if (ret < 0)
            return ret;
    }
    slot->item = *item;
    slot->attempt = attempt;
    pool->busy++;
    slot_begin(slot);
    return 0;
}

static int tell_no_fork(struct pool *pool, int code)
{
    return log_fail(pool->log, code,
                    _("no worker process can be started (%s); close other "
                      "programs and run the same command again"),
                    LOG_REASON(code));
}

/* Nothing is under way: all workers that idle are sent off, so that the item
 * has the machine's memory and a fresh worker to itself. */
static int give_alone(struct pool *pool)
{
    struct waiting *waiting = &pool->waiting[pool->first];
    for (int i = 0; i < pool->count; i++) {
        if (pool->slots[i].pid)
            slot_end(&pool->slots[i], 200);
    }
    int ret =
        give(pool, &pool->slots[0], &waiting->item, waiting->attempts + 1);
    if (ret < 0)
        return tell_no_fork(pool, ret);
    pool->first++;
    pool->is_alone = true;
    return 0;
}

static int give_work(struct pool *pool)
{
    if (pool->first < pool->added)
        return pool->busy ? 0 : give_alone(pool);
    while (!pool->is_alone && pool->first == pool->added) {
        struct worker_item item = {0};
        if (pool->busy >= pool->most ||
            !pool->job->next(pool->job->context, &item))
            return 0;
        int ret = give(pool, free_slot(pool, duty_of(pool, &item)), &item, 1);
        if (ret >= 0)
            continue;
        /* The system has no room for one more: go on with fewer. */
        wait_alone(pool, &item, 0);
        return pool->busy ? 0 : give_alone(pool);
    }
    return 0;
}

static int poll_timeout(const struct pool *pool)
{
    int64_t timeout = POLL_MS, now = slot_now();
    for (int i = 0; i < pool->count; i++) {
        int64_t deadline = pool->slots[i].deadline;
        if (deadline && deadline - now < timeout)
            timeout = deadline > now ? deadline - now : 0;
    }
    return (int)timeout;
}

static void listen_once(struct pool *pool)
{
    for (int i = 0; i < pool->count; i++) {
        const struct slot *slot = &pool->slots[i];
        short events = slot->out.size ? POLLIN | POLLOUT : POLLIN;
        pool->polls[i] = (struct pollfd){.fd = slot->socket, .events = events};
    }
    pool->beside = pool->busy;
    /* An interrupting signal is looked at through *stop. */
    if (poll(pool->polls, (nfds_t)pool->count, poll_timeout(pool)) <= 0)
        return;
    for (int i = 0; i < pool->count; i++) {
        struct slot *slot = &pool->slots[i];
        short events = pool->polls[i].revents;
        if (events & POLLOUT)
            slot_send(slot);
        if (!(events & (POLLIN | POLLHUP | POLLERR)))
            continue;
        bool is_gone = slot_receive(slot) == AVERROR_EOF;
        pid_t pid = slot->pid;
        take_frames(pool, slot);
        if (is_gone && slot->pid == pid)
            lose_worker(pool, slot, false);
    }
}

/* The time that main was away is not the workers' fault: as a rule they were
 * stopped with it. */
static void put_off_deadlines(struct pool *pool, int64_t now)
{
    int64_t away = now - pool->looked;
    for (int i = 0; away > AWAY_MS && i < pool->count; i++)
        if (pool->slots[i].deadline)
            pool->slots[i].deadline += away;
    pool->looked = now;
}

static void hold_deadlines(struct pool *pool)
{
    int64_t now = slot_now();
    put_off_deadlines(pool, now);
    for (int i = 0; i < pool->count; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->is_busy && slot->deadline && now >= slot->deadline &&
            !slot_has_news(slot))
            lose_worker(pool, slot, true);
    }
}

/* Ends the workers whose items need not be finished; true when that is all. */
static bool stop_all(struct pool *pool)
{
    bool all = true;
    for (int i = 0; i < pool->count; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->is_busy && slot->duty->finishes) {
            all = false;
            continue;
        }
        if (slot->pid)
            slot_end(slot, slot->is_busy ? 0 : 200);
        pool->busy -= slot->is_busy;
        slot_drop_item(slot);
    }
    return all;
}

static int run(struct pool *pool)
{
    const struct worker_job *job = pool->job;
    int64_t ticked = slot_now();
    pool->looked = ticked;
    for (;;) {
        bool stops = job->stop && *job->stop;
        if (stops && stop_all(pool))
            return AVERROR_EXIT;
        int ret = stops ? 0 : give_work(pool);
        if (ret < 0 || !pool->busy)
            return ret;
        listen_once(pool);
        hold_deadlines(pool);
        if (job->tick && slot_now() - ticked >= POLL_MS) {
            ticked = slot_now();
            job->tick(job->context);
        }
    }
}

static void pool_clear(struct pool *pool)
{
    for (int i = 0; i < pool->count; i++) {
        struct slot *slot = &pool->slots[i];
        if (slot->pid)
            slot_end(slot, slot->is_busy ? 0 : 200);
        slot_drop_item(slot);
        buffer_clear(&slot->in);
        buffer_clear(&slot->out);
    }
    for (size_t i = pool->first; i < pool->added; i++)
        buffer_clear(&pool->waiting[i].item.request);
    free(pool->slots);
    free(pool->polls);
    arena_destroy(&pool->arena);
}

int worker_deadline_ms(int64_t usual_ms, int patience_s)
{
    if (patience_s <= 0)
        patience_s = PATIENCE_S;
    return (int)FFMIN(usual_ms * patience_s / PATIENCE_S, INT32_MAX);
}

int workers_run(struct log *log, const struct worker_job *job)
{
    assert(job->count > 0 && job->next && job->done);
    struct pool pool = {
        .log = log, .job = job, .count = job->count, .most = job->count};
    pool.arena = arena_create();
    pool.slots = calloc((size_t)pool.count, sizeof(*pool.slots));
    pool.polls = calloc((size_t)pool.count, sizeof(*pool.polls));
    if (!pool.slots || !pool.polls)
        memory_gone();
    for (int i = 0; i < pool.count; i++)
        pool.slots[i].socket = -1;
    int ret = run(&pool);
    pool_clear(&pool);
    return ret;
}
