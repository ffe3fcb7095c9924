/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the checks of a poster's two files. Decodes by libavcodec, not by the
 * libraries that wrote them. */
#include "check/check.h"

#include "base/buffer.h"
#include "base/files.h"
#include "check/watcher.h"

#include <libavutil/intreadwrite.h>

#include <string.h>

#define MOST_BYTES ((size_t)256 << 20)

struct png_facts {
    int width, height;
    bool srgb, whole;
};

/* Chunks of a PNG: length, type, data, CRC (the decoder looks at that). */
static void read_png(const struct buffer *bytes, struct png_facts *facts)
{
    static const uint8_t signature[8] = {137, 'P', 'N', 'G', 13, 10, 26, 10};
    const uint8_t *data = (const uint8_t *)bytes->data;
    *facts = (struct png_facts){0};
    if (bytes->size < 8 || memcmp(data, signature, 8))
        return;
    size_t at = 8;
    while (at + 12 <= bytes->size) {
        size_t size = AV_RB32(data + at);
        const uint8_t *type = data + at + 4;
        if (size > bytes->size - at - 12)
            return;
        if (!memcmp(type, "IHDR", 4) && size >= 8) {
            facts->width = (int)AV_RB32(data + at + 8);
            facts->height = (int)AV_RB32(data + at + 12);
        }
        facts->srgb |= !memcmp(type, "sRGB", 4);
        at += size + 12;
        if (!memcmp(type, "IEND", 4)) {
            facts->whole = at == bytes->size;
            return;
        }
    }
}

static int decode_picture(struct log *log, const char *path,
                          const struct buffer *bytes, enum AVCodecID codec,
                          const struct cover *cover)
{
    AVCodecParameters *parameters = avcodec_parameters_alloc();
    AVPacket *packet = av_packet_alloc();
    struct watcher watcher = {0};
    int ret = parameters && packet ? av_new_packet(packet, (int)bytes->size)
                                   : AVERROR(ENOMEM);
    if (ret < 0)
        goto done;
    memcpy(packet->data, bytes->data, bytes->size);
    parameters->codec_type = AVMEDIA_TYPE_VIDEO;
    parameters->codec_id = codec;
    ret = watcher_open(log, parameters, true, &watcher);
    if (ret < 0)
        goto done;
    watcher_take(&watcher, packet);
    watcher_take(&watcher, NULL);
    if (watcher.faults || watcher.pictures != 1)
        ret = log_fail(log, AVERROR_INVALIDDATA,
                       _("%s does not decode; run again"), path);
    else if (watcher.width != cover->width || watcher.height != cover->height)
        ret = log_fail(
            log, AVERROR_INVALIDDATA, _("%s is %dx%d, not %dx%d; run again"),
            path, watcher.width, watcher.height, cover->width, cover->height);
done:
    watcher_close(&watcher);
    av_packet_free(&packet);
    avcodec_parameters_free(&parameters);
    return ret;
}

static int check_one(struct log *log, const char *path, enum AVCodecID codec,
                     const struct cover *cover, int64_t most_bytes,
                     const char *figure, json_t *figures)
{
    struct buffer bytes = {0};
    int ret = files_read(log, path, MOST_BYTES, &bytes);
    if (ret < 0)
        goto done;
    json_object_set_new(figures, figure, json_integer((json_int_t)bytes.size));
    if (codec == AV_CODEC_ID_PNG) {
        struct png_facts facts;
        read_png(&bytes, &facts);
        if (!facts.whole || !facts.srgb)
            ret = log_fail(log, AVERROR_INVALIDDATA,
                           facts.whole ? _("%s is not tagged as sRGB; run "
                                           "again")
                                       : _("%s is not a whole PNG; run again"),
                           path);
    }
    if (ret >= 0)
        ret = decode_picture(log, path, &bytes, codec, cover);
    if (ret >= 0 && most_bytes && (int64_t)bytes.size > most_bytes)
        ret = log_fail(log, AVERROR(EFBIG),
                       _("%s has %zu bytes, and the outlet takes %lld at most; "
                         "ask for a smaller cover in the preset"),
                       path, bytes.size, (long long)most_bytes);
done:
    buffer_clear(&bytes);
    return ret;
}

int check_poster(struct log *log, const char *png_path, const char *jpeg_path,
                 const struct poster *poster, json_t **figures)
{
    const struct cover *cover = poster->cover;
    *figures = json_object();
    json_object_set_new(*figures, "width", json_integer(cover->width));
    json_object_set_new(*figures, "height", json_integer(cover->height));
    int ret = check_one(log, png_path, AV_CODEC_ID_PNG, cover, cover->png_bytes,
                        "bytes", *figures);
    if (ret >= 0 && jpeg_path)
        ret = check_one(log, jpeg_path, AV_CODEC_ID_MJPEG, cover,
                        cover->jpeg_bytes, "jpeg_bytes", *figures);
    return ret;
}
