/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probing one photo: which kind it is by its bytes (never by its name), that
 * it decodes, how large and which way up. Knows nothing of films. */
#include "ingest/photo.h"

#include <string.h>
#include <libavcodec/avcodec.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/pixdesc.h>
#include <libheif/heif.h>
#include "base/buffer.h"
#include "base/files.h"
#include "ingest/photo_exif.h"

#define PHOTO_FILE_MOST  ((size_t)512 << 20)
#define PHOTO_PIXEL_MOST (INT64_C(250) << 20) /* a 200-megapixel phone's */

enum photo_kind {
    PHOTO_NONE,
    PHOTO_JPEG,
    PHOTO_PNG,
    PHOTO_WEBP,
    PHOTO_BMP,
    PHOTO_TIFF,
    PHOTO_HEIF,
};

static const enum AVCodecID photo_codec[] = {
    [PHOTO_JPEG] = AV_CODEC_ID_MJPEG, [PHOTO_PNG] = AV_CODEC_ID_PNG,
    [PHOTO_WEBP] = AV_CODEC_ID_WEBP,  [PHOTO_BMP] = AV_CODEC_ID_BMP,
    [PHOTO_TIFF] = AV_CODEC_ID_TIFF,
};

bool photo_is_photo(const char *path)
{
    static const char *const endings[] = {"jpg",  "jpeg", "jpe", "png",
                                          "webp", "bmp",  "tif", "tiff",
                                          "heic", "heif", "hif", NULL};
    return files_has_ending(path, endings);
}

static enum photo_kind photo_kind_of(const uint8_t *bytes, size_t size)
{
    if (size < 16)
        return PHOTO_NONE;
    if (AV_RB24(bytes) == 0xffd8ff)
        return PHOTO_JPEG;
    if (AV_RB64(bytes) == 0x89504e470d0a1a0a)
        return PHOTO_PNG;
    if (memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0)
        return PHOTO_WEBP;
    if (AV_RB16(bytes) == 0x424d)
        return PHOTO_BMP;
    if (memcmp(bytes, "II*", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0)
        return PHOTO_TIFF;
    if (memcmp(bytes + 4, "ftyp", 4) == 0 &&
        (memcmp(bytes + 8, "hei", 3) == 0 || memcmp(bytes + 8, "hev", 3) == 0 ||
         memcmp(bytes + 8, "mif1", 4) == 0 ||
         memcmp(bytes + 8, "msf1", 4) == 0))
        return PHOTO_HEIF;
    return PHOTO_NONE;
}

static int photo_tell_damaged(struct log *log)
{
    return log_fail(log, AVERROR_INVALIDDATA,
                    _("the photo is damaged and can't be decoded; copy it "
                      "again from the camera, or export it as JPEG"));
}

/* ---- by libavcodec ------------------------------------------------------- */

static int photo_decode(AVCodecContext *decoder, const struct buffer *bytes,
                        AVFrame *frame)
{
    AVPacket *packet = av_packet_alloc();
    int ret =
        packet ? av_new_packet(packet, (int)bytes->size) : AVERROR(ENOMEM);
    if (ret >= 0) {
        memcpy(packet->data, bytes->data, bytes->size);
        ret = avcodec_send_packet(decoder, packet);
    }
    if (ret >= 0)
        ret = avcodec_send_packet(decoder, NULL);
    if (ret >= 0)
        ret = avcodec_receive_frame(decoder, frame);
    av_packet_free(&packet);
    return ret;
}

/* What libavcodec calls clear in a JPEG is its black ink. */
static bool photo_is_drawn(enum photo_kind kind, enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(format);
    return kind != PHOTO_JPEG && desc &&
           desc->flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL);
}

static int photo_measure(struct log *log, enum photo_kind kind,
                         const struct buffer *bytes, int *width, int *height,
                         bool *drawn)
{
    const AVCodec *codec = avcodec_find_decoder(photo_codec[kind]);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    AVFrame *frame = av_frame_alloc();
    int ret = AVERROR(ENOMEM);
    if (!decoder || !frame)
        goto done;
    decoder->thread_count = 1;
    decoder->max_pixels = PHOTO_PIXEL_MOST;
    ret = avcodec_open2(decoder, codec, NULL);
    if (ret >= 0)
        ret = photo_decode(decoder, bytes, frame);
    if (ret >= 0 && (frame->width <= 0 || frame->height <= 0))
        ret = AVERROR_INVALIDDATA;
    *width = frame->width;
    *height = frame->height;
    *drawn = ret >= 0 && photo_is_drawn(kind, frame->format);
done:
    av_frame_free(&frame);
    avcodec_free_context(&decoder);
    return ret < 0 ? photo_tell_damaged(log) : 0;
}

/* A JPEG that was cut off decodes to grey below: libavcodec hands it out. The
 * end marker is looked for anywhere behind the start of the picture's data,
 * as cameras append previews and films. */
static bool photo_jpeg_ends(const struct buffer *bytes)
{
    const uint8_t *data = (const uint8_t *)bytes->data;
    size_t at = 2;
    while (at + 4 <= bytes->size && data[at] == 0xff && data[at + 1] != 0xda)
        at += data[at + 1] == 0xff ? 1 : 2 + (size_t)AV_RB16(data + at + 2);
    for (; at + 1 < bytes->size; at++)
        if (data[at] == 0xff && data[at + 1] == 0xd9)
            return true;
    return false;
}

static int photo_probe_coded(struct log *log, enum photo_kind kind,
                             const struct buffer *bytes, json_t **facts)
{
    struct photo_exif exif;
    int width = 0;
    int height = 0;
    bool drawn = false;
    int ret = photo_measure(log, kind, bytes, &width, &height, &drawn);
    if (ret < 0)
        return ret;
    if (kind == PHOTO_JPEG && !photo_jpeg_ends(bytes))
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("the photo breaks off before its end; copy it again "
                          "from the camera"));
    photo_exif_of_file((const uint8_t *)bytes->data, bytes->size, &exif);
    *facts = json_pack("{s:b,s:i,s:i,s:i,s:b,s:b,s:s}", "ok", 1, "width", width,
                       "height", height, "orientation", exif.orientation,
                       "heif", 0, "drawn", drawn, "taken", exif.taken);
    return 0;
}

/* ---- by libheif ---------------------------------------------------------- */

static void photo_heif_exif(const struct heif_image_handle *handle,
                            struct photo_exif *out)
{
    heif_item_id id;
    *out = (struct photo_exif){.orientation = ORIENTATION_NORMAL};
    if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id,
                                                         1) != 1)
        return;
    const size_t size = heif_image_handle_get_metadata_size(handle, id);
    struct buffer block = {0};
    if (size < 12 || size > 1 << 20)
        return;
    for (size_t i = 0; i < size; i++)
        buffer_append(&block, "", 1);
    if (heif_image_handle_get_metadata(handle, id, block.data).code ==
        heif_error_Ok) {
        /* The offset of the TIFF header stands in front. */
        const size_t skip = 4 + (size_t)AV_RB32(block.data);
        if (skip < size)
            photo_exif_of_block((const uint8_t *)block.data + skip, size - skip,
                                out);
    }
    buffer_clear(&block);
}

static int photo_probe_heif(struct log *log, const struct buffer *bytes,
                            json_t **facts)
{
    struct heif_image_handle *handle = NULL;
    struct photo_exif exif;
    int ret = 0;
    struct heif_context *context = heif_context_alloc();
    if (!context)
        return photo_tell_damaged(log);
    if (!heif_have_decoder_for_format(heif_compression_HEVC)) {
        ret = log_fail(log, AVERROR_DECODER_NOT_FOUND,
                       _("HEIC photos can't be decoded on this computer; "
                         "install the package libheif-plugin-libde265 or "
                         "libde265-0, or export the photo as JPEG"));
        goto done;
    }
    if (heif_context_read_from_memory_without_copy(context, bytes->data,
                                                   bytes->size, NULL)
                .code != heif_error_Ok ||
        heif_context_get_primary_image_handle(context, &handle).code !=
            heif_error_Ok) {
        ret = photo_tell_damaged(log);
        goto done;
    }
    const int width = heif_image_handle_get_width(handle);
    const int height = heif_image_handle_get_height(handle);
    if (width <= 0 || height <= 0 ||
        (int64_t)width * height > PHOTO_PIXEL_MOST) {
        ret = photo_tell_damaged(log);
        goto done;
    }
    photo_heif_exif(handle, &exif);
    /* libheif turns while it decodes, and gives the turned size. */
    *facts = json_pack("{s:b,s:i,s:i,s:i,s:b,s:s}", "ok", 1, "width", width,
                       "height", height, "orientation", ORIENTATION_NORMAL,
                       "heif", 1, "taken", exif.taken);
done:
    heif_image_handle_release(handle);
    heif_context_free(context);
    return ret;
}

/* ---- the probe ----------------------------------------------------------- */

static int photo_read(struct log *log, const char *path, struct buffer *bytes)
{
    int ret = files_read(NULL, path, PHOTO_FILE_MOST, bytes);
    if (ret == AVERROR(EFBIG))
        return log_fail(log, ret,
                        _("the photo's file is larger than 512 MB; export it "
                          "as JPEG"));
    if (ret < 0)
        return log_fail(log, ret,
                        _("the photo can't be read: %s; check that "
                          "it is there and may be read"),
                        LOG_REASON(ret));
    if (bytes->size == 0)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("the photo is empty (0 bytes); copy it again from "
                          "the camera"));
    return 0;
}

static int photo_run(struct log *log, const char *path, json_t **facts)
{
    struct buffer bytes = {0};
    uint8_t sum[DIGEST_BYTES];
    char digest[DIGEST_TEXT];
    int ret = photo_read(log, path, &bytes);
    if (ret < 0)
        goto done;
    const enum photo_kind kind =
        photo_kind_of((const uint8_t *)bytes.data, bytes.size);
    if (kind == PHOTO_NONE)
        ret = log_fail(log, AVERROR_INVALIDDATA,
                       _("this is no photo of a known kind (JPEG, PNG, HEIC, "
                         "WebP, TIFF, BMP), whatever its name says; export it "
                         "as JPEG"));
    else if (kind == PHOTO_HEIF)
        ret = photo_probe_heif(log, &bytes, facts);
    else
        ret = photo_probe_coded(log, kind, &bytes, facts);
    if (ret < 0)
        goto done;
    digest_of(bytes.data, bytes.size, sum);
    digest_text(sum, digest);
    json_object_set_new(*facts, "digest", json_string(digest));
done:
    buffer_clear(&bytes);
    return ret;
}

json_t *photo_probe(struct log *log, const char *path)
{
    struct log own;
    json_t *facts = NULL;
    log_init(&own, LOG_LEVEL_NONE, NULL, NULL);
    const int ret = photo_run(&own, path, &facts);
    if (ret < 0) {
        json_decref(facts);
        facts = json_pack("{s:b,s:i,s:s}", "ok", 0, "code", ret, "trouble",
                          own.first_error ? own.first_error : "");
    }
    log_clear(&own);
    return facts;
}

void photo_adopt(struct photo *photo, const json_t *facts, struct arena *arena)
{
    const char *trouble = json_string_value(json_object_get(facts, "trouble"));
    const char *digest = json_string_value(json_object_get(facts, "digest"));
    const char *taken = json_string_value(json_object_get(facts, "taken"));
    const json_int_t code = json_integer_value(json_object_get(facts, "code"));
    const json_int_t width =
        json_integer_value(json_object_get(facts, "width"));
    const json_int_t height =
        json_integer_value(json_object_get(facts, "height"));
    const json_int_t turned =
        json_integer_value(json_object_get(facts, "orientation"));

    photo->usable = false;
    if (trouble || !json_is_true(json_object_get(facts, "ok")) || width < 1 ||
        width > 1 << 16 || height < 1 || height > 1 << 16 || !digest ||
        strlen(digest) != DIGEST_TEXT - 1) {
        photo->trouble_code = code < 0 ? (int)code : AVERROR_INVALIDDATA;
        photo->trouble = arena_strdup(
            arena, trouble ? trouble
                           : _("looking at the photo gave no usable answer; "
                               "the file may be damaged: copy it again"));
        return;
    }
    photo->usable = true;
    photo->width = (int)width;
    photo->height = (int)height;
    photo->orientation =
        turned >= ORIENTATION_NORMAL && turned <= ORIENTATION_QUARTER_LEFT
            ? (int)turned
            : ORIENTATION_NORMAL;
    photo->is_heif = json_is_true(json_object_get(facts, "heif"));
    photo->drawn = json_is_true(json_object_get(facts, "drawn"));
    photo->taken = taken && *taken ? arena_strdup(arena, taken) : NULL;
    memcpy(photo->digest, digest, DIGEST_TEXT);
}
