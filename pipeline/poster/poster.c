/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One poster: the chosen picture laid out on the cover, lettered, and written
 * as PNG and JPEG. Which picture it is was decided before (choose.c). */
#include "poster/poster.h"

#include "base/files.h"
#include "poster/jpeg.h"
#include "poster/layout.h"
#include "poster/picture.h"
#include "poster/png.h"

#include <unistd.h>

struct poster_job {
    struct log *log;
    struct picture_source *pictures;
    struct overlay_library *library;
    const struct session *session;
    const struct poster *poster;
    const struct poster_choice *choice;
    AVFrame *canvas; /* GBRP, cover size */
    struct poster_layout layout;
    struct arena *arena;
    json_t *figures;
};

/* --- the picture --------------------------------------------------------- */

static int poster_visit(void *opaque, size_t i, AVFrame *frame)
{
    struct poster_job *job = opaque;
    const struct poster *poster = job->poster;
    const struct shot *shot = &poster->clip->shots[poster->clip->poster_shot];
    const struct cover *cover = poster->cover;
    AVFrame *small = NULL;
    int ret = picture_small(job->log, job->pictures, frame, &small);
    if (ret < 0)
        return ret;
    job->layout = layout_choose(small, &job->choice->movement, cover->width,
                                cover->height, shot->crop_percent,
                                (int)poster->preset->crop_at);
    av_frame_free(&small);
    ret =
        job->pictures->ops->fit(job->pictures, job->log, frame, cover->width,
                                cover->height, AV_PIX_FMT_GBRP, job->layout.fit,
                                job->layout.crop_percent, &job->canvas);
    return ret < 0 ? ret : AVERROR_EOF;
}

static int poster_take_picture(struct poster_job *job)
{
    const struct clip *clip = job->poster->clip;
    int64_t flicks = job->choice->flicks;
    int ret = job->pictures->ops->visit(job->pictures, job->log,
                                        &clip->shots[clip->poster_shot],
                                        &flicks, 1, poster_visit, job);
    if (ret < 0 && ret != AVERROR_EOF)
        return ret;
    if (!job->canvas)
        return log_fail(job->log, AVERROR_INVALIDDATA,
                        _("%s: no picture could be read at %s for the poster; "
                          "name another time in the column \"poster\"."),
                        job->poster->stem, TIMECODE_TEXT(flicks));
    return 0;
}

/* --- lettering ----------------------------------------------------------- */

static int poster_draw_text(struct poster_job *job, const char *text)
{
    struct overlay_format format = {
        .width = job->canvas->width,
        .height = job->canvas->height,
        .format = AV_PIX_FMT_GBRP,
        .matrix = AVCOL_SPC_RGB,
        .range = AVCOL_RANGE_JPEG,
    };
    struct overlay *overlay = NULL;
    bool shows = false;
    int ret =
        overlay_create(job->log, job->library, &format, text, NULL, &overlay);
    if (ret >= 0)
        ret = overlay_at(overlay, script_ms(0, job->poster->script->frame.rate),
                         &shows);
    if (ret >= 0 && shows)
        overlay_draw(overlay, job->canvas);
    overlay_destroy(&overlay);
    return ret;
}

static int poster_letter(struct poster_job *job)
{
    if (!job->poster->script)
        return 0;
    int ret = av_frame_make_writable(job->canvas);
    if (ret < 0)
        return log_fail(job->log, ret,
                        _("There is no memory left for drawing a poster."));
    struct buffer text = {0};
    script_window(job->poster->script, 0, 1, &text);
    if (text.size)
        ret = poster_draw_text(job, text.data);
    buffer_clear(&text);
    return ret;
}

/* --- files --------------------------------------------------------------- */

/* What the picture shows, from what is known of the session: "读书会第67期,
 * 2022-06-28, 郴州". */
static const char *poster_description(struct poster_job *job)
{
    const struct session *session = job->session;
    const char *parts[] = {
        job->poster->clip->subtitle, session_series_line(session, job->arena),
        session_date_iso(session, job->arena), session->place};
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        if (!parts[i] || !*parts[i])
            continue;
        if (text.size)
            buffer_puts(&text, ", ");
        buffer_puts(&text, parts[i]);
    }
    char *copy = arena_strdup(job->arena, buffer_text(&text));
    buffer_clear(&text);
    return copy;
}

static int poster_write_png(struct poster_job *job, const char *path)
{
    const struct session *session = job->session;
    const char *title = job->poster->clip->title;
    const struct poster_text list[] = {
        {"Title", title ? title : session->title},
        {"Author", session->credit ? session->credit : session->organizer},
        {"Description", poster_description(job)},
        {"Copyright", session->copyright},
        {"Creation Time", session_date_iso(session, job->arena)},
        {"Software", "reelpress"},
    };
    const struct poster_texts texts = {list, sizeof(list) / sizeof(*list),
                                       session->language};
    struct buffer file = {0};
    int64_t limit = job->poster->cover->png_bytes;
    int ret = poster_png_encode(job->log, job->canvas, &texts, &file);
    if (ret >= 0)
        ret = files_write(job->log, path, file.data, file.size);
    bool fits = limit <= 0 || (int64_t)file.size <= limit;
    if (ret >= 0 && !fits)
        log_warn(job->log,
                 _("%s: the PNG has %lld bytes, above the outlet's limit of "
                   "%lld; hand in the JPEG instead."),
                 job->poster->stem, (long long)file.size, (long long)limit);
    json_object_set_new(job->figures, "png",
                        json_pack("{s:I, s:I, s:b}", "bytes",
                                  (json_int_t)file.size, "limit",
                                  (json_int_t)limit, "fits", fits));
    buffer_clear(&file);
    return ret;
}

static int poster_write_jpeg(struct poster_job *job, const char *path)
{
    struct buffer file = {0};
    int64_t limit = job->poster->cover->jpeg_bytes;
    int quality = 0;
    bool fits = false;
    int ret =
        poster_jpeg_fit(job->log, job->canvas, limit, &file, &quality, &fits);
    if (ret >= 0)
        ret = files_write(job->log, path, file.data, file.size);
    if (ret >= 0 && !fits)
        log_warn(job->log,
                 _("%s: even at quality %d the JPEG has %lld bytes, above the "
                   "outlet's limit of %lld; give the preset a smaller cover."),
                 job->poster->stem, quality, (long long)file.size,
                 (long long)limit);
    json_object_set_new(job->figures, "jpeg",
                        json_pack("{s:I, s:I, s:i, s:b}", "bytes",
                                  (json_int_t)file.size, "limit",
                                  (json_int_t)limit, "quality", quality, "fits",
                                  fits));
    buffer_clear(&file);
    return ret;
}

static void poster_note_layout(struct poster_job *job)
{
    json_object_set_new(job->figures, "ms",
                        json_integer(clock_ms(job->choice->flicks)));
    json_object_set_new(
        job->figures, "fit",
        json_string(job->layout.fit == FIT_BLUR ? "blur" : "fill"));
    json_object_set_new(job->figures, "crop_percent",
                        json_integer(job->layout.crop_percent));
    json_object_set_new(job->figures, "kept", json_real(job->layout.kept));
    json_object_set_new(job->figures, "movement_trust",
                        json_real(job->choice->movement.trust));
}

int poster_make(struct log *log, struct picture_source *pictures,
                struct overlay_library *library, const struct session *session,
                const struct poster *poster, const struct poster_choice *choice,
                const char *png_path, const char *jpeg_path, json_t **figures)
{
    struct poster_job job = {
        .log = log,
        .pictures = pictures,
        .library = library,
        .session = session,
        .poster = poster,
        .choice = choice,
        .arena = arena_create(),
        .figures = json_object(),
    };
    int ret = poster_take_picture(&job);
    if (ret < 0)
        goto done;
    poster_note_layout(&job);
    ret = poster_letter(&job);
    if (ret >= 0)
        ret = poster_write_png(&job, png_path);
    if (ret >= 0 && jpeg_path) {
        ret = poster_write_jpeg(&job, jpeg_path);
        if (ret < 0) /* both or none */
            unlink(png_path);
    }
done:
    if (ret < 0) {
        json_decref(job.figures);
        job.figures = NULL;
    }
    *figures = job.figures;
    av_frame_free(&job.canvas);
    arena_destroy(&job.arena);
    return ret;
}
