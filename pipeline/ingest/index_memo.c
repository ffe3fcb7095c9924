/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An index's memo on disk: little-endian, versioned, the stat of the recording
 * inside, closed by a SHA-256. Never opens media. */
#include "ingest/index.h"

#include <stdlib.h>
#include <string.h>
#include <libavutil/intreadwrite.h>
#include "base/buffer.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/files.h"
#include "base/memo.h"

#define INDEX_MAGIC   "reelpress index"
#define INDEX_VERSION 4
#define INDEX_LIMIT   ((size_t)2 << 30)
#define INDEX_NAME    32 /* hex digits */

enum { PACKET_BYTES = 30 + INDEX_DIGEST_BYTES, FRAME_BYTES = 20 };
enum { SOUND_BYTES = 12 + INDEX_DIGEST_BYTES };
enum { STRETCH_BYTES = 40, RANGE_BYTES = 16 };

char *index_file(struct arena *arena, const char *store, const char *path)
{
    char *real = realpath(path, NULL);
    const char *name = real ? real : path;
    uint8_t sum[DIGEST_BYTES];
    char text[DIGEST_TEXT];
    digest_of(name, strlen(name), sum);
    digest_text(sum, text);
    free(real);
    return arena_printf(arena, "%s/index/%.*s.idx", store, INDEX_NAME, text);
}

bool index_is_file(const char *name)
{
    return strspn(name, "0123456789abcdef") == INDEX_NAME &&
           !strcmp(name + INDEX_NAME, ".idx");
}

static void put32(struct buffer *out, uint32_t value)
{
    uint8_t bytes[4];
    AV_WL32(bytes, value);
    buffer_append(out, bytes, sizeof(bytes));
}

static void put64(struct buffer *out, int64_t value)
{
    uint8_t bytes[8];
    AV_WL64(bytes, (uint64_t)value);
    buffer_append(out, bytes, sizeof(bytes));
}

static void index_put_head(struct buffer *out, const struct file_stamp *stamp,
                           const struct index *index)
{
    buffer_append(out, INDEX_MAGIC, sizeof(INDEX_MAGIC));
    put32(out, INDEX_VERSION);
    put64(out, (int64_t)stamp->device);
    put64(out, (int64_t)stamp->inode);
    put64(out, (int64_t)stamp->size);
    put64(out, stamp->mtime_ns);
    put64(out, stamp->ctime_ns);
    put32(out, (uint32_t)index->time_base.num);
    put32(out, (uint32_t)index->time_base.den);
    put32(out, (uint32_t)index->sound_time_base.num);
    put32(out, (uint32_t)index->sound_time_base.den);
    put64(out, index->start_flicks);
    put64(out, index->start_us);
    put64(out, index->sound_first_flicks);
    put64(out, index->sound_end_flicks);
    put32(out, index->constant_rate);
    put32(out, index->closed);
    put32(out, (uint32_t)index->rate.num);
    put32(out, (uint32_t)index->rate.den);
    put64(out, index->first_flicks);
    put64(out, index->end_flicks);
    put64(out, (int64_t)index->packet_count);
    put64(out, (int64_t)index->frame_count);
    put64(out, (int64_t)index->sound_count);
    put32(out, index->partial);
    put32(out, index->trouble);
    put32(out, (uint32_t)index->trouble_code);
    put32(out, (uint32_t)index->stretch_count);
    put32(out, (uint32_t)index->range_count);
}

static void index_put_parts(struct buffer *out, const struct index *index)
{
    for (size_t i = 0; i < index->stretch_count; i++) {
        const struct index_stretch *stretch = &index->stretches[i];
        put64(out, (int64_t)stretch->first_packet);
        put64(out, (int64_t)stretch->end_packet);
        put64(out, (int64_t)stretch->first_frame);
        put64(out, (int64_t)stretch->end_frame);
        put64(out, stretch->number);
    }
    for (size_t i = 0; i < index->range_count; i++) {
        put64(out, index->ranges[i].from_flicks);
        put64(out, index->ranges[i].to_flicks);
    }
}

static void index_put_rows(struct buffer *out, const struct index *index)
{
    for (size_t i = 0; i < index->packet_count; i++) {
        const struct index_packet *packet = &index->packets[i];
        put64(out, packet->dts);
        put64(out, packet->pts);
        put64(out, packet->position);
        put32(out, packet->size);
        buffer_append(out, &packet->entry, 1);
        buffer_append(out, &packet->corrupt, 1);
        buffer_append(out, packet->digest, INDEX_DIGEST_BYTES);
    }
    for (size_t i = 0; i < index->frame_count; i++) {
        put64(out, index->frames[i].flicks);
        put64(out, index->frames[i].pts);
        put32(out, index->frames[i].packet);
    }
    for (size_t i = 0; i < index->sound_count; i++) {
        put64(out, index->sounds[i].pts);
        put32(out, index->sounds[i].size);
        buffer_append(out, index->sounds[i].digest, INDEX_DIGEST_BYTES);
    }
}

int index_save(struct log *log, const char *path,
               const struct file_stamp *stamp, const struct index *index)
{
    struct buffer out = {0};
    uint8_t sum[DIGEST_BYTES];
    index_put_head(&out, stamp, index);
    index_put_parts(&out, index);
    index_put_rows(&out, index);
    digest_of(out.data, out.size, sum);
    buffer_append(&out, sum, sizeof(sum));
    /* The name is nobody else's. */
    if (files_is_folder(path))
        files_remove_tree(NULL, path);
    const int ret = files_write(log, path, out.data, out.size);
    buffer_clear(&out);
    return ret;
}

/* What is left to read. Running dry sets `dry` and gives zeros. */
struct cursor {
    const uint8_t *at, *end;
    bool dry;
};

static const uint8_t *take(struct cursor *in, size_t size)
{
    static const uint8_t nothing[INDEX_DIGEST_BYTES + 16];
    if ((size_t)(in->end - in->at) < size) {
        in->dry = true;
        return nothing;
    }
    const uint8_t *at = in->at;
    in->at += size;
    return at;
}

static uint32_t take32(struct cursor *in)
{
    return AV_RL32(take(in, 4));
}

static int64_t take64(struct cursor *in)
{
    return (int64_t)AV_RL64(take(in, 8));
}

static bool index_take_stamp(struct cursor *in, const struct file_stamp *stamp)
{
    if (memcmp(take(in, sizeof(INDEX_MAGIC)), INDEX_MAGIC,
               sizeof(INDEX_MAGIC)) != 0)
        return false;
    bool same = take32(in) == INDEX_VERSION;
    same &= take64(in) == (int64_t)stamp->device;
    same &= take64(in) == (int64_t)stamp->inode;
    same &= take64(in) == (int64_t)stamp->size;
    same &= take64(in) == stamp->mtime_ns;
    same &= take64(in) == stamp->ctime_ns;
    return same && !in->dry;
}

static AVRational take_rational(struct cursor *in)
{
    const int num = (int)take32(in);
    return (AVRational){num, (int)take32(in)};
}

static void index_take_head(struct cursor *in, struct index *index)
{
    index->time_base = take_rational(in);
    index->sound_time_base = take_rational(in);
    index->start_flicks = take64(in);
    index->start_us = take64(in);
    index->sound_first_flicks = take64(in);
    index->sound_end_flicks = take64(in);
    index->constant_rate = take32(in) != 0;
    index->closed = take32(in) != 0;
    index->rate = take_rational(in);
    index->first_flicks = take64(in);
    index->end_flicks = take64(in);
    index->packet_count = (size_t)take64(in);
    index->frame_count = (size_t)take64(in);
    index->sound_count = (size_t)take64(in);
    index->partial = take32(in) != 0;
    index->trouble = take32(in);
    index->trouble_code = (int)take32(in);
    index->stretch_count = take32(in);
    index->range_count = take32(in);
}

/* Before room is made for them: do the counts agree with what is there? */
static bool index_counts_fit(const struct cursor *in, const struct index *index)
{
    const size_t most = INDEX_LIMIT / SOUND_BYTES;
    if (in->dry || index->packet_count > most || index->frame_count > most ||
        index->sound_count > most)
        return false;
    return index->packet_count * PACKET_BYTES +
               index->frame_count * FRAME_BYTES +
               index->sound_count * SOUND_BYTES +
               index->stretch_count * STRETCH_BYTES +
               index->range_count * RANGE_BYTES ==
           (size_t)(in->end - in->at);
}

static void index_take_parts(struct cursor *in, struct index *index,
                             struct arena *arena)
{
    index->stretches =
        arena_alloc(arena, index->stretch_count * sizeof(*index->stretches));
    index->ranges =
        arena_alloc(arena, index->range_count * sizeof(*index->ranges));
    for (size_t i = 0; i < index->stretch_count; i++) {
        struct index_stretch *stretch = &index->stretches[i];
        stretch->first_packet = (size_t)take64(in);
        stretch->end_packet = (size_t)take64(in);
        stretch->first_frame = (size_t)take64(in);
        stretch->end_frame = (size_t)take64(in);
        stretch->number = take64(in);
    }
    for (size_t i = 0; i < index->range_count; i++) {
        index->ranges[i].from_flicks = take64(in);
        index->ranges[i].to_flicks = take64(in);
    }
}

static void index_take_rows(struct cursor *in, struct index *index,
                            struct arena *arena)
{
    index->packets =
        arena_alloc(arena, index->packet_count * sizeof(*index->packets));
    index->frames =
        arena_alloc(arena, index->frame_count * sizeof(*index->frames));
    index->sounds =
        arena_alloc(arena, index->sound_count * sizeof(*index->sounds));
    for (size_t i = 0; i < index->packet_count; i++) {
        struct index_packet *packet = &index->packets[i];
        packet->dts = take64(in);
        packet->pts = take64(in);
        packet->position = take64(in);
        packet->size = take32(in);
        packet->entry = *take(in, 1);
        packet->corrupt = *take(in, 1);
        memcpy(packet->digest, take(in, INDEX_DIGEST_BYTES),
               INDEX_DIGEST_BYTES);
    }
    for (size_t i = 0; i < index->frame_count; i++) {
        index->frames[i].flicks = take64(in);
        index->frames[i].pts = take64(in);
        index->frames[i].packet = take32(in);
    }
    for (size_t i = 0; i < index->sound_count; i++) {
        index->sounds[i].pts = take64(in);
        index->sounds[i].size = take32(in);
        memcpy(index->sounds[i].digest, take(in, INDEX_DIGEST_BYTES),
               INDEX_DIGEST_BYTES);
    }
}

static bool index_refers_inside(const struct index *index)
{
    for (size_t i = 0; i < index->frame_count; i++)
        if (index->frames[i].packet >= index->packet_count)
            return false;
    for (size_t i = 0; i < index->stretch_count; i++)
        if (index->stretches[i].end_packet > index->packet_count ||
            index->stretches[i].end_frame > index->frame_count)
            return false;
    return index->frame_count == 0 || index->rate.num > 0;
}

int index_load(struct log *log, const char *path,
               const struct file_stamp *stamp, struct arena *arena,
               struct index **out)
{
    struct buffer bytes = {0};
    uint8_t sum[DIGEST_BYTES];
    int ret = AVERROR(ENOENT);

    *out = NULL;
    /* A memo that is missing or unreadable is no news to anybody. */
    if (!files_exist(path) || files_read(NULL, path, INDEX_LIMIT, &bytes) < 0)
        goto done;
    if (bytes.size < DIGEST_BYTES)
        goto done;
    const uint8_t *data = (const uint8_t *)bytes.data;
    struct cursor in = {.at = data, .end = data + bytes.size - DIGEST_BYTES};
    /* The stamp first: it is cheap, and most misses are seen by it. */
    if (!index_take_stamp(&in, stamp))
        goto done;
    digest_of(bytes.data, bytes.size - DIGEST_BYTES, sum);
    if (memcmp(sum, in.end, DIGEST_BYTES) != 0)
        goto done;
    struct index *index = arena_alloc(arena, sizeof(*index));
    index_take_head(&in, index);
    if (!index_counts_fit(&in, index))
        goto done;
    index_take_parts(&in, index, arena);
    index_take_rows(&in, index, arena);
    if (in.dry || !index_refers_inside(index))
        goto done;
    *out = index;
    ret = 0;
done:
    buffer_clear(&bytes);
    return ret;
}

bool index_is_settled(const char *path, const struct file_stamp *stamp)
{
    struct file_stamp memo;
    return files_stamp(path, &memo) >= 0 &&
           memo_is_settled(stamp, memo.mtime_ns);
}
