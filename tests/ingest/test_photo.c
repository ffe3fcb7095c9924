/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photos made here, with EXIF written by hand, damaged ones and impostors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/buffer.h"
#include "base/files.h"
#include "ingest/make_media.h"
#include "ingest/photo.h"
#include "ingest/photo_exif.h"

struct rig {
    char *folder;
    struct arena *arena;
};

static int rig_open(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    rig->folder = make_folder();
    rig->arena = arena_create();
    av_log_set_level(AV_LOG_QUIET);
    *state = rig;
    return 0;
}

static int rig_close(void **state)
{
    struct rig *rig = *state;
    files_remove_tree(NULL, rig->folder);
    arena_destroy(&rig->arena);
    free(rig->folder);
    free(rig);
    return 0;
}

/* One picture of 48 x 32 as the encoder codes it. */
static void code_picture(const char *encoder, enum AVPixelFormat format,
                         struct buffer *out)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(encoder);
    AVCodecContext *c = avcodec_alloc_context3(codec);
    AVFrame *frame = av_frame_alloc();
    AVPacket *packet = av_packet_alloc();
    c->width = frame->width = 48;
    c->height = frame->height = 32;
    c->pix_fmt = frame->format = format;
    c->time_base = (AVRational){1, 25};
    make_must(avcodec_open2(c, codec, NULL), encoder);
    make_must(av_frame_get_buffer(frame, 0), "frame");
    for (int i = 0; frame->data[i]; i++)
        memset(frame->data[i], 100, (size_t)frame->linesize[i] * 16);
    make_must(avcodec_send_frame(c, frame), "code");
    avcodec_send_frame(c, NULL);
    make_must(avcodec_receive_packet(c, packet), "packet");
    buffer_append(out, packet->data, (size_t)packet->size);
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&c);
}

/* A TIFF block: orientation in IFD 0, DateTimeOriginal in the EXIF IFD. */
static const uint8_t block[] = {
    'I', 'I',  42,   0,   8,   0,   0,   0,   2,   0,    0x12, 0x01, 3,
    0,   1,    0,    0,   0,   6,   0,   0,   0,   0x69, 0x87, 4,    0,
    1,   0,    0,    0,   38,  0,   0,   0,   0,   0,    0,    0,    1,
    0,   0x03, 0x90, 2,   0,   20,  0,   0,   0,   56,   0,    0,    0,
    0,   0,    0,    0,   '2', '0', '2', '2', ':', '0',  '6',  ':',  '2',
    '8', ' ',  '1',  '4', ':', '3', '0', ':', '0', '5',  0,
};

static struct photo rig_probe(struct rig *rig, const char *name,
                              const void *bytes, size_t size)
{
    struct photo photo = {0};
    char *path = make_path(rig->folder, name);
    assert_int_equal(files_write(NULL, path, bytes, size), 0);
    json_t *facts = photo_probe(NULL, path);
    assert_non_null(facts);
    photo_adopt(&photo, facts, rig->arena);
    json_decref(facts);
    free(path);
    return photo;
}

static void jpeg_with_exif(struct buffer *out)
{
    struct buffer plain = {0};
    const uint8_t head[] = {0xff, 0xd8, 0xff, 0xe1, 0, sizeof(block) + 8,
                            'E',  'x',  'i',  'f',  0, 0};
    code_picture("mjpeg", AV_PIX_FMT_YUVJ420P, &plain);
    buffer_append(out, head, sizeof(head));
    buffer_append(out, block, sizeof(block));
    buffer_append(out, plain.data + 2, plain.size - 2);
    buffer_clear(&plain);
}

static void test_jpeg(void **state)
{
    struct buffer bytes = {0};
    jpeg_with_exif(&bytes);
    const struct photo p = rig_probe(*state, "a.jpg", bytes.data, bytes.size);
    assert_true(p.usable);
    assert_int_equal(p.width, 48);
    assert_int_equal(p.height, 32);
    assert_int_equal(p.orientation, ORIENTATION_QUARTER_RIGHT);
    assert_string_equal(p.taken, "2022:06:28 14:30:05");
    assert_false(p.is_heif);
    assert_int_equal(strlen(p.digest), 64);
    buffer_clear(&bytes);
}

static void test_other_kinds(void **state)
{
    static const struct {
        const char *encoder;
        enum AVPixelFormat format;
        const char *name;
        bool drawn;
    } rows[] = {
        {"png", AV_PIX_FMT_RGB24, "b.png"},
        {"png", AV_PIX_FMT_RGBA, "clear.png", true},
        {"bmp", AV_PIX_FMT_BGR24, "b.bmp"},
        {"tiff", AV_PIX_FMT_RGB24, "b.tiff"},
        {"png", AV_PIX_FMT_RGB24, "really-png.jpg"}, /* bytes, not name */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer bytes = {0};
        code_picture(rows[i].encoder, rows[i].format, &bytes);
        const struct photo p =
            rig_probe(*state, rows[i].name, bytes.data, bytes.size);
        assert_true(p.usable);
        assert_int_equal(p.width, 48);
        assert_int_equal(p.height, 32);
        assert_int_equal(p.orientation, ORIENTATION_NORMAL);
        assert_null(p.taken);
        assert_int_equal(rows[i].drawn, p.drawn);
        buffer_clear(&bytes);
    }
}

static void test_exif_elsewhere(void **state)
{
    struct photo_exif exif;
    struct buffer png = {0};
    struct buffer webp = {0};
    const uint8_t length[] = {0, 0, 0, sizeof(block)};
    const uint8_t length_le[] = {sizeof(block), 0, 0, 0};
    (void)state;
    buffer_append(&png, "\x89PNG\r\n\x1a\n", 8);
    buffer_append(&png, length, 4);
    buffer_puts(&png, "eXIf");
    buffer_append(&png, block, sizeof(block));
    photo_exif_of_file((uint8_t *)png.data, png.size, &exif);
    assert_int_equal(exif.orientation, ORIENTATION_QUARTER_RIGHT);
    buffer_append(&webp, "RIFF\x60\0\0\0WEBPVP8 \3\0\0\0abc\0", 24);
    buffer_puts(&webp, "EXIF");
    buffer_append(&webp, length_le, 4);
    buffer_append(&webp, block, sizeof(block));
    photo_exif_of_file((uint8_t *)webp.data, webp.size, &exif);
    assert_int_equal(exif.orientation, ORIENTATION_QUARTER_RIGHT);
    assert_string_equal(exif.taken, "2022:06:28 14:30:05");
    buffer_clear(&png);
    buffer_clear(&webp);
}

/* Every cut of the block and every flipped byte: no crash, sane values. */
static void test_exif_damaged(void **state)
{
    struct photo_exif exif;
    uint8_t copy[sizeof(block)];
    (void)state;
    for (size_t size = 0; size < sizeof(block); size++) {
        photo_exif_of_block(block, size, &exif);
        assert_in_range(exif.orientation, 1, 8);
    }
    for (size_t i = 0; i < sizeof(block); i++) {
        memcpy(copy, block, sizeof(block));
        copy[i] ^= 0xff;
        photo_exif_of_block(copy, sizeof(copy), &exif);
        assert_in_range(exif.orientation, 1, 8);
    }
}

static void expect_trouble(struct rig *rig, const char *name, const void *bytes,
                           size_t size, const char *word)
{
    const struct photo p = rig_probe(rig, name, bytes, size);
    assert_false(p.usable);
    assert_true(p.trouble_code < 0);
    assert_non_null(strstr(p.trouble, word));
}

static void test_troubles(void **state)
{
    struct buffer bytes = {0};
    jpeg_with_exif(&bytes);
    expect_trouble(*state, "cut.jpg", bytes.data, bytes.size - 20,
                   "breaks off");
    expect_trouble(*state, "head.jpg", bytes.data, 120, "damaged");
    expect_trouble(*state, "empty.jpg", "", 0, "0 bytes");
    expect_trouble(*state, "text.jpg", "this is no picture at all", 25,
                   "no photo");
    json_t *facts = photo_probe(NULL, "/nowhere/a.jpg");
    assert_non_null(json_object_get(facts, "trouble"));
    json_decref(facts);
    buffer_clear(&bytes);
}

static void test_disbelieves(void **state)
{
    struct rig *rig = *state;
    static const char *const answers[] = {
        "null", "{}", "{\"ok\":true}",
        "{\"ok\":true,\"width\":-1,\"height\":5,\"digest\":\"\"}",
        "{\"ok\":true,\"width\":10,\"height\":5,\"digest\":\"short\"}"};
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        struct photo photo = {0};
        json_t *facts = json_loads(answers[i], JSON_DECODE_ANY, NULL);
        photo_adopt(&photo, facts, rig->arena);
        assert_false(photo.usable);
        assert_non_null(photo.trouble);
        json_decref(facts);
    }
}

static void test_names(void **state)
{
    (void)state;
    assert_true(photo_is_photo("a/b.JPG"));
    assert_true(photo_is_photo("照片.heic"));
    assert_true(photo_is_photo("x.webp"));
    assert_false(photo_is_photo("a.jpg/b"));
    assert_false(photo_is_photo("C0001.MP4"));
    assert_false(photo_is_photo("jpg"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_jpeg, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_other_kinds, rig_open, rig_close),
        cmocka_unit_test(test_exif_elsewhere),
        cmocka_unit_test(test_exif_damaged),
        cmocka_unit_test_setup_teardown(test_troubles, rig_open, rig_close),
        cmocka_unit_test_setup_teardown(test_disbelieves, rig_open, rig_close),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
