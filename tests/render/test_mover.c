/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Photos that move: how far, whither, and that they glide. */
#include "scene.h"

#include <math.h>
#include <libavutil/common.h>

#include "base/clock.h"
#include "render/mover.h"

#define TICKS 100 /* four seconds */

/* --- the way ---------------------------------------------------------------
 */

static void test_window(void **state)
{
    for (int turn = 0; turn < 6; turn++) {
        struct move move = {.turn = turn,
                            .length_flicks = 4 * FLICKS_PER_SECOND};
        struct converter_area begin = move_window(&move, 0, 400, 300);
        struct converter_area end =
            move_window(&move, move.length_flicks, 400, 300);
        const struct converter_area *whole = turn % 2 ? &end : &begin;
        const struct converter_area *near = turn % 2 ? &begin : &end;
        assert_true(whole->width == 400 && whole->left == 0);
        assert_true(fabs(400 / near->width - 1.06) < 1e-9);
        assert_true(fabs(near->width / near->height - 4.0 / 3) < 1e-9);
        assert_true(near->left > 0 && near->left + near->width < 400);
        assert_true(near->top > 0 && near->top + near->height < 300);
    }
    /* A second is too short for all of it. */
    struct move move = {.length_flicks = FLICKS_PER_SECOND};
    struct converter_area end = move_window(&move, FLICKS_PER_SECOND, 400, 300);
    assert_true(fabs(400 / end.width - 1.015) < 1e-9);
    /* Nothing goes past its end. */
    struct converter_area after =
        move_window(&move, 2 * FLICKS_PER_SECOND, 400, 300);
    assert_memory_equal(&end, &after, sizeof(end));
}

/* --- the picture -------------------------------------------------------------
 */

struct keeper {
    struct frame_sink sink;
    AVFrame *frames[TICKS];
    int count;
};

static int keeper_open(struct frame_sink *sink,
                       const struct frame_format *format)
{
    assert_int_equal(AV_PIX_FMT_YUV420P, format->format);
    return 0;
}

static int keeper_push(struct frame_sink *sink, AVFrame *frame)
{
    struct keeper *keeper = container_of(sink, struct keeper, sink);
    assert_int_equal(keeper->count, frame->pts);
    keeper->frames[keeper->count++] = frame;
    return 0;
}

static int keeper_finish(struct frame_sink *sink)
{
    return 0;
}

static void keeper_close(struct frame_sink *sink)
{
}

static const struct frame_sink_ops keeper_ops = {
    .open = keeper_open,
    .push = keeper_push,
    .finish = keeper_finish,
    .close = keeper_close,
};

/* Grey, with a white disc at a corner, where movement is most. */
static AVFrame *disc_photo(int width, int height, int x0, int y0, int radius)
{
    AVFrame *photo = av_frame_alloc();
    photo->width = width;
    photo->height = height;
    photo->format = AV_PIX_FMT_YUVJ420P;
    assert_true(av_frame_get_buffer(photo, 0) >= 0);
    memset(photo->data[1], 128, (size_t)photo->linesize[1] * height / 2);
    memset(photo->data[2], 128, (size_t)photo->linesize[2] * height / 2);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            double off = hypot(x - x0, y - y0) - radius;
            double white = fmin(fmax(0.5 - off, 0), 1);
            photo->data[0][y * photo->linesize[0] + x] =
                (uint8_t)lrint(60 + 180 * white);
        }
    }
    return photo;
}

static void run_mover(const AVFrame *photo, int width, int height,
                      const struct move *move, struct keeper *keeper)
{
    const struct fit_wish wish = {FIT_BLUR, 50, -1};
    struct frame_format from = {
        .width = photo->width,
        .height = photo->height,
        .format = photo->format,
        .rate = {25, 1},
        .sar = {1, 1},
        .matrix = AVCOL_SPC_SMPTE170M,
        .range = AVCOL_RANGE_JPEG,
        .primaries = AVCOL_PRI_BT709,
        .transfer = AVCOL_TRC_BT709,
        .chroma = AVCHROMA_LOC_CENTER,
    };
    struct mover mover;
    *keeper = (struct keeper){.sink.ops = &keeper_ops};
    mover_init(&mover, NULL, width, height, &wish, move, &keeper->sink);
    struct frame_sink *sink = &mover.sink;
    assert_int_equal(0, sink->ops->open(sink, &from));
    for (int n = 0; n < TICKS; n++) {
        AVFrame *frame = av_frame_clone(photo);
        frame->pts = n;
        assert_int_equal(0, sink->ops->push(sink, frame));
    }
    assert_int_equal(0, sink->ops->finish(sink));
    sink->ops->close(sink);
}

static void keeper_clear(struct keeper *keeper)
{
    for (int n = 0; n < keeper->count; n++)
        av_frame_free(&keeper->frames[n]);
}

/* Where the bright disc's middle lies, by its weight, in pixels. */
static void disc_at(const AVFrame *frame, double out[2])
{
    double sum = 0, across = 0, down = 0;
    for (int y = 0; y < frame->height; y++) {
        for (int x = 0; x < frame->width; x++) {
            double v = frame->data[0][y * frame->linesize[0] + x] - 120;
            if (v <= 0)
                continue;
            sum += v;
            across += v * x;
            down += v * y;
        }
    }
    out[0] = across / sum;
    out[1] = down / sum;
}

/* Between two ticks the disc goes a twentieth of a pixel; a movement in whole
 * pixels stands still for twenty ticks and then jumps. */
static void expect_gliding(const struct keeper *keeper)
{
    double at[TICKS][2];
    double worst = 0;
    for (int n = 0; n < TICKS; n++)
        disc_at(keeper->frames[n], at[n]);
    for (int n = 2; n < TICKS; n++) {
        for (int i = 0; i < 2; i++)
            worst =
                fmax(worst, fabs(at[n][i] - 2 * at[n - 1][i] + at[n - 2][i]));
    }
    if (worst > 0.02)
        fail_msg("jumps by %.3f pixels", worst);
    assert_true(
        hypot(at[TICKS - 1][0] - at[0][0], at[TICKS - 1][1] - at[0][1]) > 2);
}

static void test_glides(void **state)
{
    static const int frames[][2] = {{320, 180}, {180, 320}, {240, 180}};
    for (int i = 0; i < 6; i++) {
        /* larger than it is shown, and smaller */
        int wide = i < 3 ? 1200 : 200;
        AVFrame *photo =
            disc_photo(wide, wide * 3 / 4, wide / 5, wide / 6, wide / 16);
        struct move move = {.turn = i, .length_flicks = 4 * FLICKS_PER_SECOND};
        struct keeper keeper;
        run_mover(photo, frames[i % 3][0], frames[i % 3][1], &move, &keeper);
        expect_gliding(&keeper);
        keeper_clear(&keeper);
        av_frame_free(&photo);
    }
}

/* The ground and the edge of the place stay, to the bit. */
static void test_ground_stays(void **state)
{
    AVFrame *photo = disc_photo(400, 300, 80, 60, 30);
    struct move move = {.length_flicks = 4 * FLICKS_PER_SECOND};
    struct keeper keeper;
    run_mover(photo, 320, 180, &move, &keeper);
    for (int n = 1; n < TICKS; n++) {
        const AVFrame *a = keeper.frames[0], *b = keeper.frames[n];
        for (int y = 0; y < 180; y++)
            assert_memory_equal(a->data[0] + y * a->linesize[0],
                                b->data[0] + y * b->linesize[0], 40);
    }
    /* The whole photo is seen at one end: 240 of 320 pixels. */
    assert_true(level_at(keeper.frames[0], 0, 38, 90) !=
                level_at(keeper.frames[0], 0, 42, 90));
    keeper_clear(&keeper);
    av_frame_free(&photo);
}

/* --- in a clip
 * ----------------------------------------------------------------
 */

static struct photo *photo_save(struct scene *scene, const char *name, int x0)
{
    struct photo *photo = arena_alloc(scene->arena, sizeof(*photo));
    struct media media = {.codec = "mjpeg",
                          .options = "qmin=1,qmax=1",
                          .width = 640,
                          .height = 384,
                          .rate = {25, 1},
                          .format = AV_PIX_FMT_YUVJ420P};
    AVFrame *frame = disc_photo(640, 384, x0, 60, 40);
    AVCodecContext *encoder = media_encoder(&media, false);
    AVPacket *packet = av_packet_alloc();
    frame->pts = 0;
    frame->quality = FF_QP2LAMBDA;
    assert_true(avcodec_send_frame(encoder, frame) >= 0);
    avcodec_send_frame(encoder, NULL);
    assert_true(avcodec_receive_packet(encoder, packet) >= 0);
    photo->file = name;
    photo->path = scene_path(scene, name);
    photo->orientation = ORIENTATION_NORMAL;
    assert_int_equal(
        0, files_write(NULL, photo->path, packet->data, (size_t)packet->size));
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&encoder);
    return photo;
}

/* Under a dissolve the outgoing photo goes on from where it was, and a shot of
 * two chunks is one way. */
static void test_goes_on(void **state)
{
    struct scene scene;
    scene_begin(&scene);
    const int64_t length = 4 * FLICKS_PER_SECOND;
    for (int i = 0; i < 2; i++) {
        struct shot *shot =
            ARENA_PUSH(scene.arena, scene.clip.shots, scene.clip.shot_count);
        *shot = (struct shot){
            .photo = photo_save(&scene, i ? "b.jpg" : "a.jpg", i ? 540 : 100),
            .out_flicks = length,
            .offset_flicks = i * length,
            .turn = i,
            .transition = i ? TRANSITION_DISSOLVE : TRANSITION_CUT,
            .transition_flicks = i ? FLICKS_PER_SECOND : 0,
            .crop_percent = -1};
    }
    scene.clip.length_flicks = 2 * length;
    scene_span(&scene, 0, 0, 2000, JOIN_NONE);
    scene_span(&scene, 0, 2000, 4000, JOIN_NONE);
    scene_span(&scene, 1, 0, 1000, JOIN_DISSOLVE);
    scene_span(&scene, 1, 1000, 4000, JOIN_NONE);
    struct preset *preset = scene_preset(&scene, 320, 192, FIT_INSIDE);
    preset->photo_move = true;
    struct rendition *rendition =
        scene_rendition(&scene, preset, (AVRational){25, 1}, true);
    AVFrame *last = NULL;
    for (size_t span = 0; span < 3; span++) {
        struct pictures made;
        scene_make(&scene, rendition, span, &made);
        double there[2], here[2];
        if (last) {
            disc_at(last, there);
            disc_at(made.frames[0], here);
            assert_true(fabs(here[0] - there[0]) < 0.3);
            assert_true(fabs(here[1] - there[1]) < 0.3);
        }
        av_frame_free(&last);
        last = av_frame_clone(made.frames[made.count - 1]);
        pictures_clear(&made);
    }
    av_frame_free(&last);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_glides),
        cmocka_unit_test(test_ground_stays),
        cmocka_unit_test(test_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
