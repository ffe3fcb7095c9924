/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the writing of chunk files: packets go to disk as they come, a running
 * digest with them. Refuses to know final names: the store renames. */
#include "flow/chunk_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include <libavutil/intreadwrite.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "flow/chunk_layout.h"
#include "flow/frame_sink.h"

#define CHUNK_FLUSH (256 * 1024)

struct chunk_writer {
    struct packet_sink sink;
    struct log *log;
    char *path;
    int file; /* -1: not open */
    bool whole;
    struct buffer held; /* not yet written */
    struct digest *digest;
    json_t *measures;
};

static struct chunk_writer *chunk_writer_of(struct packet_sink *sink)
{
    return container_of(sink, struct chunk_writer, sink);
}

static int chunk_writer_flush(struct chunk_writer *writer)
{
    const char *at = writer->held.data;
    size_t left = writer->held.size;
    while (left) {
        ssize_t done = write(writer->file, at, left);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0) {
            int code = AVERROR(errno);
            return log_fail(writer->log, code,
                            _("%s: the coded pictures or sound can't be "
                              "written: %s; make room on the disk and run "
                              "again"),
                            writer->path, LOG_REASON(code));
        }
        at += done;
        left -= (size_t)done;
    }
    buffer_reset(&writer->held);
    return 0;
}

static void chunk_writer_add(struct chunk_writer *writer, const void *bytes,
                             size_t size)
{
    digest_add(writer->digest, bytes, size);
    buffer_append(&writer->held, bytes, size);
}

static void chunk_writer_32(struct chunk_writer *writer, uint32_t value)
{
    uint8_t bytes[4];
    AV_WL32(bytes, value);
    chunk_writer_add(writer, bytes, sizeof(bytes));
}

static void chunk_writer_64(struct chunk_writer *writer, int64_t value)
{
    uint8_t bytes[8];
    AV_WL64(bytes, (uint64_t)value);
    chunk_writer_add(writer, bytes, sizeof(bytes));
}

static int chunk_writer_open(struct packet_sink *sink,
                             const AVCodecParameters *parameters,
                             AVRational time_base)
{
    struct chunk_writer *writer = chunk_writer_of(sink);
    assert(writer->file < 0);
    writer->file =
        open(writer->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (writer->file < 0) {
        int code = AVERROR(errno);
        return log_fail(writer->log, code,
                        _("%s can't be created: %s; see that the folder can "
                          "be written"),
                        writer->path, LOG_REASON(code));
    }
    writer->whole = false;
    writer->digest = digest_create();
    chunk_writer_add(writer, CHUNK_MAGIC, CHUNK_MAGIC_BYTES);
    int64_t values[CHUNK_VALUES];
    chunk_values_get(parameters, time_base, values);
    for (size_t i = 0; i < CHUNK_VALUES; i++)
        chunk_writer_64(writer, values[i]);
    chunk_writer_32(writer, (uint32_t)parameters->extradata_size);
    chunk_writer_add(writer, parameters->extradata,
                     (size_t)parameters->extradata_size);
    return 0;
}

static int chunk_writer_push(struct packet_sink *sink, AVPacket *packet)
{
    struct chunk_writer *writer = chunk_writer_of(sink);
    chunk_writer_add(writer, &(char){CHUNK_MARK_PACKET}, 1);
    chunk_writer_64(writer, packet->pts);
    chunk_writer_64(writer, packet->dts);
    chunk_writer_64(writer, packet->duration);
    chunk_writer_32(writer, (uint32_t)packet->flags);
    chunk_writer_32(writer, (uint32_t)packet->size);
    chunk_writer_add(writer, packet->data, (size_t)packet->size);
    av_packet_free(&packet);
    return writer->held.size < CHUNK_FLUSH ? 0 : chunk_writer_flush(writer);
}

static int chunk_writer_finish(struct packet_sink *sink)
{
    struct chunk_writer *writer = chunk_writer_of(sink);
    /* Sorted and compact: equal measures are equal bytes. */
    char *text = writer->measures ? json_dumps(writer->measures,
                                               JSON_COMPACT | JSON_SORT_KEYS)
                                  : NULL;
    if (writer->measures && !text)
        return AVERROR(ENOMEM);
    const char *measures = text ? text : "{}";
    chunk_writer_add(writer, &(char){CHUNK_MARK_MEASURES}, 1);
    chunk_writer_32(writer, (uint32_t)strlen(measures));
    chunk_writer_add(writer, measures, strlen(measures));
    free(text);
    uint8_t sum[DIGEST_BYTES];
    digest_finish(writer->digest, sum);
    buffer_append(&writer->held, sum, sizeof(sum));
    int ret = chunk_writer_flush(writer);
    if (ret >= 0)
        writer->whole = true;
    return ret;
}

static void chunk_writer_close(struct packet_sink *sink)
{
    struct chunk_writer *writer = chunk_writer_of(sink);
    close(writer->file);
    writer->file = -1;
    if (!writer->whole)
        unlink(writer->path);
    digest_destroy(&writer->digest);
    buffer_clear(&writer->held);
}

static const struct packet_sink_ops chunk_writer_ops = {
    .open = chunk_writer_open,
    .push = chunk_writer_push,
    .finish = chunk_writer_finish,
    .close = chunk_writer_close,
};

int chunk_writer_create(struct log *log, const char *path,
                        struct chunk_writer **out)
{
    struct chunk_writer *writer = calloc(1, sizeof(*writer));
    *out = writer;
    if (!writer)
        return AVERROR(ENOMEM);
    writer->sink.ops = &chunk_writer_ops;
    writer->log = log;
    writer->file = -1;
    writer->path = strdup(path);
    if (!writer->path) {
        chunk_writer_destroy(out);
        return AVERROR(ENOMEM);
    }
    return 0;
}

struct packet_sink *chunk_writer_sink(struct chunk_writer *writer)
{
    return &writer->sink;
}

void chunk_writer_measures(struct chunk_writer *writer, json_t *measures)
{
    json_decref(writer->measures);
    writer->measures = measures;
}

void chunk_writer_destroy(struct chunk_writer **writer)
{
    if (!*writer)
        return;
    json_decref((*writer)->measures);
    free((*writer)->path);
    free(*writer);
    *writer = NULL;
}
