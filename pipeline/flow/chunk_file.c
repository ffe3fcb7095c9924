/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the reading of chunk files: proves the digest first, then takes the
 * bytes apart. Refuses to know what is in the packets and where files lie. */
#include "flow/chunk_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <libavcodec/avcodec.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mem.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "base/files.h"
#include "flow/chunk_layout.h"

#define CHUNK_LIMIT ((size_t)4 << 30)

/* What is still to be read; `bad` once it ran out. */
struct chunk_cursor {
    const uint8_t *at, *end;
    bool bad;
};

static const uint8_t *chunk_take(struct chunk_cursor *cursor, size_t size)
{
    if (cursor->bad || (size_t)(cursor->end - cursor->at) < size) {
        cursor->bad = true;
        return NULL;
    }
    const uint8_t *bytes = cursor->at;
    cursor->at += size;
    return bytes;
}

static uint32_t chunk_take_32(struct chunk_cursor *cursor)
{
    const uint8_t *bytes = chunk_take(cursor, 4);
    return bytes ? AV_RL32(bytes) : 0;
}

static int64_t chunk_take_64(struct chunk_cursor *cursor)
{
    const uint8_t *bytes = chunk_take(cursor, 8);
    return bytes ? (int64_t)AV_RL64(bytes) : 0;
}

static int chunk_take_extradata(struct chunk_cursor *cursor,
                                AVCodecParameters *parameters)
{
    uint32_t size = chunk_take_32(cursor);
    const uint8_t *bytes = chunk_take(cursor, size);
    if (!bytes || size > INT32_MAX - AV_INPUT_BUFFER_PADDING_SIZE)
        return AVERROR_INVALIDDATA;
    if (!size)
        return 0;
    parameters->extradata =
        av_mallocz((size_t)size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!parameters->extradata)
        return AVERROR(ENOMEM);
    memcpy(parameters->extradata, bytes, size);
    parameters->extradata_size = (int)size;
    return 0;
}

static int chunk_take_parameters(struct chunk_cursor *cursor,
                                 struct chunk_file *chunk)
{
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    chunk->parameters = parameters;
    if (!parameters)
        return AVERROR(ENOMEM);
    int64_t values[CHUNK_VALUES];
    for (size_t i = 0; i < CHUNK_VALUES; i++)
        values[i] = chunk_take_64(cursor);
    if (cursor->bad)
        return AVERROR_INVALIDDATA;
    chunk_values_set(values, parameters, &chunk->time_base);
    return chunk_take_extradata(cursor, parameters);
}

static int chunk_append(struct chunk_file *chunk, AVPacket *packet)
{
    /* Grown at powers of two: the count says when. */
    if (!(chunk->count & (chunk->count - 1))) {
        size_t room = chunk->count ? chunk->count * 2 : 1;
        AVPacket **grown =
            av_realloc_array(chunk->packets, room, sizeof(*grown));
        if (!grown)
            return AVERROR(ENOMEM);
        chunk->packets = grown;
    }
    chunk->packets[chunk->count++] = packet;
    return 0;
}

static int chunk_take_packet(struct chunk_cursor *cursor,
                             struct chunk_file *chunk)
{
    int64_t pts = chunk_take_64(cursor);
    int64_t dts = chunk_take_64(cursor);
    int64_t duration = chunk_take_64(cursor);
    uint32_t flags = chunk_take_32(cursor);
    uint32_t size = chunk_take_32(cursor);
    const uint8_t *bytes = chunk_take(cursor, size);
    if (!bytes || size > INT32_MAX - AV_INPUT_BUFFER_PADDING_SIZE)
        return AVERROR_INVALIDDATA;
    AVPacket *packet = av_packet_alloc();
    int ret = packet ? av_new_packet(packet, (int)size) : AVERROR(ENOMEM);
    if (ret >= 0) {
        memcpy(packet->data, bytes, size);
        packet->pts = pts;
        packet->dts = dts;
        packet->duration = duration;
        packet->flags = (int)flags;
        packet->time_base = chunk->time_base;
        ret = chunk_append(chunk, packet);
    }
    if (ret < 0)
        av_packet_free(&packet);
    return ret;
}

static int chunk_take_measures(struct chunk_cursor *cursor,
                               struct chunk_file *chunk)
{
    uint32_t size = chunk_take_32(cursor);
    const uint8_t *text = chunk_take(cursor, size);
    if (!text)
        return AVERROR_INVALIDDATA;
    chunk->measures = json_loadb((const char *)text, size, 0, NULL);
    return json_is_object(chunk->measures) ? 0 : AVERROR_INVALIDDATA;
}

static int chunk_parse(struct chunk_cursor *cursor, struct chunk_file *chunk)
{
    int ret = chunk_take_parameters(cursor, chunk);
    while (ret >= 0) {
        const uint8_t *mark = chunk_take(cursor, 1);
        if (!mark)
            return AVERROR_INVALIDDATA;
        if (*mark == CHUNK_MARK_MEASURES)
            break;
        ret = *mark == CHUNK_MARK_PACKET ? chunk_take_packet(cursor, chunk)
                                         : AVERROR_INVALIDDATA;
    }
    if (ret >= 0)
        ret = chunk_take_measures(cursor, chunk);
    if (ret >= 0 && cursor->at != cursor->end)
        ret = AVERROR_INVALIDDATA;
    return ret;
}

/* The digest is looked at before anything is believed. */
static int chunk_prove(const struct buffer *bytes, struct chunk_cursor *cursor)
{
    const uint8_t *data = (const uint8_t *)bytes->data;
    if (bytes->size < CHUNK_MAGIC_BYTES + DIGEST_BYTES)
        return AVERROR_INVALIDDATA;
    size_t covered = bytes->size - DIGEST_BYTES;
    if (memcmp(data, CHUNK_MAGIC, CHUNK_MAGIC_BYTES))
        return AVERROR_INVALIDDATA;
    uint8_t sum[DIGEST_BYTES];
    digest_of(data, covered, sum);
    if (memcmp(sum, data + covered, DIGEST_BYTES))
        return AVERROR_INVALIDDATA;
    cursor->at = data + CHUNK_MAGIC_BYTES;
    cursor->end = data + covered;
    return 0;
}

int chunk_file_load(struct log *log, const char *path, struct chunk_file **out)
{
    *out = NULL;
    if (!files_exist(path))
        return AVERROR(ENOENT);
    struct buffer bytes = {0};
    struct chunk_cursor cursor = {0};
    struct chunk_file *chunk = NULL;
    int ret = files_read(NULL, path, CHUNK_LIMIT, &bytes);
    if (ret >= 0)
        ret = chunk_prove(&bytes, &cursor);
    if (ret < 0)
        goto done;
    chunk = calloc(1, sizeof(*chunk));
    ret = chunk ? chunk_parse(&cursor, chunk) : AVERROR(ENOMEM);
done:
    buffer_clear(&bytes);
    if (ret < 0) {
        log_verbose(log, _("%s is not a whole chunk: it is made again"), path);
        chunk_file_destroy(&chunk);
        if (ret != AVERROR(ENOENT) && ret != AVERROR(ENOMEM))
            ret = AVERROR_INVALIDDATA;
    }
    *out = chunk;
    return ret < 0 ? ret : 0;
}

void chunk_file_destroy(struct chunk_file **chunk)
{
    if (!*chunk)
        return;
    for (size_t i = 0; i < (*chunk)->count; i++)
        av_packet_free(&(*chunk)->packets[i]);
    av_freep(&(*chunk)->packets);
    avcodec_parameters_free(&(*chunk)->parameters);
    json_decref((*chunk)->measures);
    free(*chunk);
    *chunk = NULL;
}
