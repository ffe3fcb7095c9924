/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A clip by hand: recordings that are generated, shots and spans as a test
 * lists them, one rendition after the other made and read back. */
#ifndef REELPRESS_TESTS_SCENE_H
#define REELPRESS_TESTS_SCENE_H

#include "numbered.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>
#include <libavutil/avstring.h>

#include "base/arena.h"
#include "flow/chunk_file.h"
#include "ingest/index.h"
#include "ingest/session.h"
#include "plan/plan.h"
#include "render/render.h"

#define SCENE_ENCODER                                                          \
    "preset=ultrafast:profile=high:level=4.0:crf=8:keyint=50:threads=1:"       \
    "cpu-independent=1:stitchable=1:open-gop=0:force-cfr=1"

struct scene {
    char folder[64];
    struct arena *arena;
    struct log log;
    struct session session;
    struct render_kit *kit;
    struct clip clip;
    struct render_stats stats;
};

/* Decoded pictures of one chunk. */
struct pictures {
    AVFrame *frames[512];
    int count;
};

static inline void scene_tell(void *opaque, enum log_level level,
                              const char *message)
{
    (void)opaque;
    if (getenv("REELPRESS_TEST_TALK"))
        print_message("%d: %s\n", level, message);
}

static inline void scene_begin(struct scene *scene)
{
    *scene = (struct scene){0};
    snprintf(scene->folder, sizeof(scene->folder), "/tmp/reelpress-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    scene->arena = arena_create();
    log_init(&scene->log, LOG_LEVEL_VERBOSE, scene_tell, NULL);
    scene->clip.id = "1";
    assert_int_equal(
        0, render_kit_create(&scene->log, &scene->session, &scene->kit));
    av_log_set_level(AV_LOG_QUIET);
}

/* Files other than those that a test made and named stay for the caller to
 * look for: returns how many of `ending` lie in the folder. */
static inline int scene_files(const struct scene *scene, const char *ending)
{
    DIR *dir = opendir(scene->folder);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir));)
        count += !!av_match_ext(entry->d_name, ending);
    closedir(dir);
    return count;
}

static inline void scene_end(struct scene *scene)
{
    render_kit_destroy(&scene->kit);
    log_clear(&scene->log);
    arena_destroy(&scene->arena);
    DIR *dir = opendir(scene->folder);
    for (struct dirent *entry; (entry = readdir(dir));)
        unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(scene->folder);
}

static inline char *scene_path(struct scene *scene, const char *name)
{
    return arena_printf(scene->arena, "%s/%s", scene->folder, name);
}

static inline struct recording *scene_recording(struct scene *scene,
                                                const char *name,
                                                const struct media *media)
{
    char *path = scene_path(scene, name);
    media_write(media, path);
    struct recording *recording = arena_alloc(scene->arena, sizeof(*recording));
    struct index *index = NULL;
    assert_int_equal(
        0, index_build(&scene->log, path, 0, -1, scene->arena, &index));
    recording->name = recording->file = arena_strdup(scene->arena, name);
    recording->path = path;
    recording->usable = true;
    recording->index = index;
    recording->end_flicks = index->end_flicks;
    bool full = media->range == AVCOL_RANGE_JPEG;
    recording->picture = (struct picture_stream){
        .stream = 0,
        .codec = "",
        .width = media->width,
        .height = media->height,
        .sar = {1, 1},
        .orientation = media->rotation == 90    ? ORIENTATION_QUARTER_RIGHT
                       : media->rotation == 180 ? ORIENTATION_HALF_TURN
                       : media->rotation == 270 ? ORIENTATION_QUARTER_LEFT
                                                : ORIENTATION_NORMAL,
        .fields = media->interlaced ? FIELDS_TOP_FIRST : FIELDS_PROGRESSIVE,
        .format = media->format ? media->format : AV_PIX_FMT_YUV420P,
        .matrix = media->matrix ? media->matrix : AVCOL_SPC_BT709,
        .primaries = AVCOL_PRI_BT709,
        .transfer = AVCOL_TRC_BT709,
        .range = full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG,
        .chroma = AVCHROMA_LOC_LEFT,
        .guessed = true,
    };
    return recording;
}

static inline struct shot *scene_shot(struct scene *scene,
                                      const struct recording *recording,
                                      size_t first, size_t end)
{
    struct clip *clip = &scene->clip;
    struct shot *shot = ARENA_PUSH(scene->arena, clip->shots, clip->shot_count);
    *shot = (struct shot){
        .recording = recording,
        .first_frame = first,
        .end_frame = end,
        .in_flicks = index_time(recording->index, first),
        .out_flicks = index_time(recording->index, end),
        .offset_flicks = clip->length_flicks,
        .crop_percent = -1,
    };
    clip->length_flicks += shot->out_flicks - shot->in_flicks;
    return shot;
}

/* Times in milliseconds inside the shot. */
static inline void scene_span(struct scene *scene, int shot, int64_t from_ms,
                              int64_t to_ms, enum span_join join)
{
    struct clip *clip = &scene->clip;
    int64_t ms = FLICKS_PER_SECOND / 1000;
    struct span *span = ARENA_PUSH(scene->arena, clip->spans, clip->span_count);
    *span = (struct span){shot, from_ms * ms, to_ms * ms,
                          join, from_ms * ms, to_ms * ms};
}

static inline struct preset *scene_preset(struct scene *scene, int width,
                                          int height, enum fit_mode fit)
{
    struct preset *preset = arena_alloc(scene->arena, sizeof(*preset));
    preset->name = "test";
    preset->width = width;
    preset->height = height;
    preset->fit = fit;
    preset->crop_at = 50;
    return preset;
}

/* All spans on the ticks of a rate, and their chunks. `transitions` false:
 * joins are cuts. */
static inline struct rendition *scene_rendition(struct scene *scene,
                                                const struct preset *preset,
                                                AVRational rate,
                                                bool transitions)
{
    const struct clip *clip = &scene->clip;
    struct timeline *timeline = arena_alloc(scene->arena, sizeof(*timeline));
    timeline->clip = clip;
    timeline->rate = rate;
    timeline->transitions = transitions;
    timeline->span_count = clip->span_count;
    timeline->span_tick =
        arena_alloc(scene->arena, (clip->span_count + 1) * sizeof(int64_t));
    timeline->shot_tick =
        arena_alloc(scene->arena, (clip->shot_count + 1) * sizeof(int64_t));
    for (size_t j = 0; j < clip->shot_count; j++)
        timeline->shot_tick[j] =
            clock_ticks(clip->shots[j].offset_flicks, rate);
    int64_t end = clock_ticks(clip->length_flicks, rate);
    timeline->shot_tick[clip->shot_count] = end;
    for (size_t i = 0; i < clip->span_count; i++) {
        const struct span *span = &clip->spans[i];
        timeline->span_tick[i] = span->shot < 0
                                     ? end
                                     : timeline->shot_tick[span->shot] +
                                           clock_ticks(span->from_flicks, rate);
        if (span->shot < 0)
            timeline->ticks = end + clock_ticks(span->to_flicks, rate);
    }
    if (!timeline->ticks)
        timeline->ticks = end;
    timeline->span_tick[clip->span_count] = timeline->ticks;
    struct rendition *rendition = arena_alloc(scene->arena, sizeof(*rendition));
    rendition->clip = clip;
    rendition->preset = preset;
    rendition->timeline = timeline;
    rendition->encoder = SCENE_ENCODER;
    rendition->chunk_count = clip->span_count;
    rendition->chunks = arena_alloc(
        scene->arena, clip->span_count * sizeof(*rendition->chunks));
    for (size_t i = 0; i < clip->span_count; i++)
        rendition->chunks[i] =
            (struct chunk){.span = i,
                           .first_tick = timeline->span_tick[i],
                           .end_tick = timeline->span_tick[i + 1],
                           .script = ""};
    return rendition;
}

static inline void pictures_clear(struct pictures *pictures)
{
    for (int i = 0; i < pictures->count; i++)
        av_frame_free(&pictures->frames[i]);
    pictures->count = 0;
}

/* Decodes a chunk file; pts must be 0, 1, 2, … */
static inline void pictures_load(struct pictures *out, const char *path)
{
    struct chunk_file *chunk = NULL;
    *out = (struct pictures){0};
    assert_int_equal(0, chunk_file_load(NULL, path, &chunk));
    AVCodecContext *decoder =
        avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264));
    avcodec_parameters_to_context(decoder, chunk->parameters);
    decoder->thread_count = 1;
    assert_true(avcodec_open2(decoder, NULL, NULL) >= 0);
    for (size_t i = 0; i <= chunk->count; i++) {
        AVPacket *packet = i < chunk->count ? chunk->packets[i] : NULL;
        assert_true(avcodec_send_packet(decoder, packet) >= 0);
        for (;;) {
            AVFrame *frame = av_frame_alloc();
            if (avcodec_receive_frame(decoder, frame) < 0) {
                av_frame_free(&frame);
                break;
            }
            assert_int_equal(out->count, frame->pts);
            out->frames[out->count++] = frame;
        }
    }
    assert_int_equal(chunk->count, out->count);
    avcodec_free_context(&decoder);
    chunk_file_destroy(&chunk);
}

/* Makes one span of one rendition and decodes it. */
static inline void scene_make(struct scene *scene,
                              const struct rendition *rendition, size_t span,
                              struct pictures *out)
{
    struct render_target target = {
        rendition, {0}, scene_path(scene, "made.chunk")};
    assert_int_equal(0, render_span(&scene->log, scene->kit, &scene->clip, span,
                                    &target, 1, &scene->stats));
    pictures_load(out, target.path);
    assert_int_equal(rendition->chunks[span].end_tick -
                         rendition->chunks[span].first_tick,
                     out->count);
    assert_int_equal(out->count, scene->stats.frames_pushed);
}

#endif
