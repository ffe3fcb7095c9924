/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An RGB picture as a PNG file in memory. */
#include "poster/png.h"

#include "poster/rgb.h"

#include <libavutil/mem.h>
#include <png.h>

#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#define DOTS_PER_METRE 11811 /* 300 dpi */
#define MAX_TEXTS      16

struct png_job {
    struct log *log;
    const AVFrame *picture;
    const struct poster_texts *texts;
    struct buffer *out;
    png_structp png;
    png_infop info;
    uint8_t *row;
};

static void png_job_write(png_structp png, png_bytep bytes, size_t size)
{
    struct png_job *job = png_get_io_ptr(png);
    buffer_append(job->out, bytes, size);
}

static void png_job_flush(png_structp png)
{
}

static void png_job_error(png_structp png, png_const_charp message)
{
    struct png_job *job = png_get_error_ptr(png);
    log_fail(job->log, AVERROR_EXTERNAL,
             _("The poster can't be written as PNG: libpng says \"%s\"; please "
               "report this with the session."),
             message);
    png_longjmp(png, 1);
}

static void png_job_warning(png_structp png, png_const_charp message)
{
    struct png_job *job = png_get_error_ptr(png);
    log_verbose(job->log, "libpng: %s", message);
}

static void png_job_set_texts(struct png_job *job)
{
    png_text texts[MAX_TEXTS] = {0};
    int count = 0;
    const char *language = job->texts->language ? job->texts->language : "";
    for (size_t i = 0; i < job->texts->count && count < MAX_TEXTS; i++) {
        const struct poster_text *text = &job->texts->list[i];
        if (!text->text || !*text->text)
            continue;
        png_text *chunk = &texts[count++];
        chunk->compression = PNG_ITXT_COMPRESSION_NONE;
        chunk->key = (char *)(uintptr_t)text->keyword;
        chunk->text = (char *)(uintptr_t)text->text;
        chunk->itxt_length = strlen(text->text);
        chunk->lang = (char *)(uintptr_t)language;
        chunk->lang_key = (char *)(uintptr_t) "";
    }
    png_set_text(job->png, job->info, texts, count);
}

static void png_job_write_rows(struct png_job *job)
{
    for (int y = 0; y < job->picture->height; y++) {
        rgb_row(job->picture, y, job->row);
        png_write_row(job->png, job->row);
    }
}

/* libpng comes back here by longjmp when it fails; nothing that changes after
 * setjmp lives in this frame. */
static int png_job_run(struct png_job *job)
{
    if (setjmp(png_jmpbuf(job->png)))
        return AVERROR_EXTERNAL;
    png_set_write_fn(job->png, job, png_job_write, png_job_flush);
    png_set_compression_level(job->png, 6);
    png_set_IHDR(job->png, job->info, (png_uint_32)job->picture->width,
                 (png_uint_32)job->picture->height, 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB_gAMA_and_cHRM(job->png, job->info, PNG_sRGB_INTENT_PERCEPTUAL);
    png_set_pHYs(job->png, job->info, DOTS_PER_METRE, DOTS_PER_METRE,
                 PNG_RESOLUTION_METER);
    png_job_set_texts(job);
    png_write_info(job->png, job->info);
    png_job_write_rows(job);
    png_write_end(job->png, NULL);
    return 0;
}

int poster_png_encode(struct log *log, const AVFrame *picture,
                      const struct poster_texts *texts, struct buffer *out)
{
    struct png_job job = {
        .log = log, .picture = picture, .texts = texts, .out = out};
    int ret = 0;
    job.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &job,
                                      png_job_error, png_job_warning);
    if (job.png)
        job.info = png_create_info_struct(job.png);
    job.row = av_malloc(3 * (size_t)picture->width);
    if (!job.png || !job.info || !job.row)
        ret = log_fail(log, AVERROR(ENOMEM),
                       _("There is no memory left for writing a poster."));
    else
        ret = png_job_run(&job);
    if (job.png)
        png_destroy_write_struct(&job.png, &job.info);
    av_free(job.row);
    return ret;
}
