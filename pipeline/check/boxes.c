/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the walk over an MP4's outer boxes. Knows no plan. */
#include "check/boxes.h"

#include <libavutil/intreadwrite.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct walk {
    int file;
    int64_t at;
    bool mdat, moov;
};

/* An error is told by a short read: nothing here is worth a reason. */
static bool read_at(const struct walk *walk, int64_t at, void *bytes,
                    size_t size)
{
    return pread(walk->file, bytes, size, at) == (ssize_t)size;
}

/* mvhd is the first box in moov, as libavformat writes it; version 0 and 1
 * differ in the width of the times. */
static bool has_creation_time(const struct walk *walk, int64_t moov)
{
    uint8_t bytes[8 + 12];
    if (!read_at(walk, moov + 8, bytes, sizeof(bytes)) ||
        memcmp(bytes + 4, "mvhd", 4))
        return true;
    return bytes[8] == 0 ? AV_RB32(bytes + 12) != 0 : AV_RB64(bytes + 12) != 0;
}

static bool step(struct walk *walk, struct boxes *out)
{
    uint8_t head[16];
    if (!read_at(walk, walk->at, head, 8))
        return false;
    int64_t size = AV_RB32(head);
    if (size == 1) {
        if (!read_at(walk, walk->at, head, 16))
            return false;
        size = (int64_t)AV_RB64(head + 8);
    }
    if (size < 8 || size > out->bytes - walk->at)
        return false;
    if (!memcmp(head + 4, "ftyp", 4)) {
        if (walk->at || !read_at(walk, walk->at + 8, out->brand, 4))
            return false;
    } else if (!memcmp(head + 4, "moov", 4)) {
        walk->moov = true;
        out->moov_first = !walk->mdat;
        out->has_clock = has_creation_time(walk, walk->at);
    } else if (!memcmp(head + 4, "mdat", 4)) {
        walk->mdat = true;
    }
    walk->at += size;
    return true;
}

int boxes_read(struct log *log, const char *path, struct boxes *out)
{
    *out = (struct boxes){0};
    struct walk walk = {.file = open(path, O_RDONLY | O_CLOEXEC)};
    if (walk.file < 0) {
        int code = AVERROR(errno);
        return log_fail(log, code, _("%s can't be read: %s"), path,
                        LOG_REASON(code));
    }
    out->bytes = lseek(walk.file, 0, SEEK_END);
    while (walk.at < out->bytes && step(&walk, out))
        ;
    out->whole = walk.at == out->bytes && walk.moov && walk.mdat;
    close(walk.file);
    return 0;
}
