/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the making of a run of chunks: span by span, one decode for all that
 * lack it. Does not know why these chunks were put together. */
#include "produce/maker_parts.h"

#include "check/check.h"
#include "produce/setting.h"
#include "render/render.h"

#include <limits.h>
#include <malloc.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The chunks of one span that are still to be made. */
struct span_work {
    struct render_target *targets;
    char (*keys)[DIGEST_TEXT];
    size_t count;
};

/* An encoder takes some 200 MB and gives it back at its chunk's end. Left to
 * itself glibc returns it to the system, which has to clear the pages for the
 * next encoder: 3 % of a run's time and more, where chunks are short. */
static void keep_memory(void)
{
#ifdef M_MMAP_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, 32 << 20); /* the most that glibc takes */
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

int maker_prepare_kit(struct maker *maker, struct log *log)
{
    if (maker->kit)
        return 0;
    keep_memory();
    return render_kit_create(log, maker->queue->plan->session, &maker->kit);
}

int64_t maker_cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Renditions that agree in all have one chunk with one key. */
static bool span_has_key(const struct span_work *work, const char *key)
{
    for (size_t i = 0; i < work->count; i++)
        if (!strcmp(work->keys[i], key))
            return true;
    return false;
}

static size_t place_number(const json_t *place, size_t i)
{
    return (size_t)json_integer_value(json_array_get(place, i));
}

/* What the store has is not made again: a run whose worker died goes on where
 * it ended. */
static void span_add(const struct maker *maker, const json_t *place,
                     struct arena *arena, struct span_work *work)
{
    const struct store *store = maker->queue->store;
    struct render_target *target = &work->targets[work->count];
    char *key = work->keys[work->count];
    target->rendition = maker->queue->plan->renditions[place_number(place, 1)];
    target->setting = setting_read(json_array_get(place, 2));
    chunk_key(&target->rendition->chunks[place_number(place, 0)],
              target->setting, key);
    if (span_has_key(work, key) || store_has(store, key, "chunk"))
        return;
    target->path = store_temporary(store, key, "chunk", arena);
    work->count++;
}

/* Takes the places of one span from the list; returns where the next begins. */
static size_t span_read(const struct maker *maker, const json_t *list,
                        size_t from, struct arena *arena, struct span_work *out)
{
    size_t count = json_array_size(list), end = from;
    size_t span = place_number(json_array_get(list, from), 0);
    out->count = 0;
    out->targets = arena_alloc(arena, (count - from) * sizeof *out->targets);
    out->keys = arena_alloc(arena, (count - from) * sizeof *out->keys);
    while (end < count && place_number(json_array_get(list, end), 0) == span)
        span_add(maker, json_array_get(list, end++), arena, out);
    return end;
}

static int span_publish(const struct maker *maker, const struct span_work *work,
                        size_t span, int64_t *check_cpu_us, struct log *log)
{
    int ret = 0;
    for (size_t i = 0; ret >= 0 && i < work->count; i++) {
        const struct render_target *target = &work->targets[i];
        json_t *figures = NULL;
        int64_t begin_us = maker_cpu_us();
        ret = check_chunk(log, target->path, target->rendition, span, &figures);
        *check_cpu_us += maker_cpu_us() - begin_us;
        json_decref(figures);
        if (ret >= 0)
            ret = store_publish(log, maker->queue->store, target->path,
                                work->keys[i], "chunk");
    }
    return ret;
}

static int span_make(const struct maker *maker, const struct clip *clip,
                     size_t span, const struct span_work *work,
                     struct render_stats *sum, int64_t *check_cpu_us,
                     struct log *log)
{
    struct render_stats stats = {0};
    int ret = render_span(log, maker->kit, clip, span, work->targets,
                          work->count, &stats);
    if (ret >= 0)
        ret = span_publish(maker, work, span, check_cpu_us, log);
    for (size_t i = 0; ret < 0 && i < work->count; i++)
        unlink(work->targets[i].path);
    sum->frames_decoded += stats.frames_decoded;
    sum->frames_needed += stats.frames_needed;
    sum->frames_pushed += stats.frames_pushed;
    return ret;
}

int maker_run(struct maker *maker, const json_t *request, json_t *reply,
              struct arena *arena, struct log *log)
{
    size_t index =
        (size_t)json_integer_value(json_object_get(request, "index"));
    const struct clip *clip = maker->queue->plan->clips[index];
    const json_t *list = json_object_get(request, "list");
    struct render_stats sum = {0};
    int64_t check_cpu_us = 0;
    int ret = maker_prepare_kit(maker, log);
    for (size_t at = 0; ret >= 0 && at < json_array_size(list);) {
        size_t span = place_number(json_array_get(list, at), 0);
        struct span_work work;
        at = span_read(maker, list, at, arena, &work);
        if (work.count)
            ret = span_make(maker, clip, span, &work, &sum, &check_cpu_us, log);
    }
    json_object_set_new(reply, "decoded", json_integer(sum.frames_decoded));
    json_object_set_new(reply, "needed", json_integer(sum.frames_needed));
    json_object_set_new(reply, "encoded", json_integer(sum.frames_pushed));
    json_object_set_new(reply, "check_cpu_us", json_integer(check_cpu_us));
    return ret;
}
