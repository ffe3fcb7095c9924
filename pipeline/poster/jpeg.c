/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An RGB picture as a JPEG file in memory. */
#include "poster/jpeg.h"

#include "flow/frame_sink.h"
#include "poster/rgb.h"

#include <libavutil/common.h>
#include <libavutil/mem.h>

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h> /* wants stdio.h before it */

#define JPEG_BLOCK 65536

struct jpeg_job {
    struct jpeg_error_mgr errors; /* first: libjpeg hands back its address */
    jmp_buf back;
    struct log *log;
    struct jpeg_destination_mgr destination;
    struct jpeg_compress_struct jpeg;
    const AVFrame *picture;
    int quality;
    uint8_t *row;
    struct buffer *out;
    uint8_t block[JPEG_BLOCK];
};

static struct jpeg_job *jpeg_job_of(j_compress_ptr jpeg)
{
    return container_of(jpeg, struct jpeg_job, jpeg);
}

static void jpeg_job_begin(j_compress_ptr jpeg)
{
    struct jpeg_job *job = jpeg_job_of(jpeg);
    job->destination.next_output_byte = job->block;
    job->destination.free_in_buffer = JPEG_BLOCK;
}

/* The whole block is full, whatever the pointers say. */
static boolean jpeg_job_flush(j_compress_ptr jpeg)
{
    buffer_append(jpeg_job_of(jpeg)->out, jpeg_job_of(jpeg)->block, JPEG_BLOCK);
    jpeg_job_begin(jpeg);
    return TRUE;
}

static void jpeg_job_end(j_compress_ptr jpeg)
{
    struct jpeg_job *job = jpeg_job_of(jpeg);
    buffer_append(job->out, job->block,
                  JPEG_BLOCK - job->destination.free_in_buffer);
}

static void jpeg_job_error(j_common_ptr common)
{
    struct jpeg_job *job = (struct jpeg_job *)common->err;
    char message[JMSG_LENGTH_MAX];
    common->err->format_message(common, message);
    log_fail(job->log, AVERROR_EXTERNAL,
             _("The poster can't be written as JPEG: libjpeg says \"%s\"; "
               "please report this with the session."),
             message);
    longjmp(job->back, 1);
}

static void jpeg_job_message(j_common_ptr common)
{
    struct jpeg_job *job = (struct jpeg_job *)common->err;
    char message[JMSG_LENGTH_MAX];
    common->err->format_message(common, message);
    log_verbose(job->log, "libjpeg: %s", message);
}

static void jpeg_job_set_up(struct jpeg_job *job)
{
    struct jpeg_compress_struct *jpeg = &job->jpeg;
    jpeg->image_width = (JDIMENSION)job->picture->width;
    jpeg->image_height = (JDIMENSION)job->picture->height;
    jpeg->input_components = 3;
    jpeg->in_color_space = JCS_RGB;
    jpeg_set_defaults(jpeg);
    jpeg_set_quality(jpeg, job->quality, TRUE);
    /* Red letters on dark grounds fray at half chroma. */
    for (int i = 0; i < 3; i++)
        jpeg->comp_info[i].h_samp_factor = jpeg->comp_info[i].v_samp_factor = 1;
    jpeg->dct_method = JDCT_ISLOW;
    jpeg->optimize_coding = TRUE;
    jpeg->density_unit = 1;
    jpeg->X_density = jpeg->Y_density = 300;
    jpeg_simple_progression(jpeg);
}

static void jpeg_job_write_rows(struct jpeg_job *job)
{
    for (int y = 0; y < job->picture->height; y++) {
        rgb_row(job->picture, y, job->row);
        JSAMPROW row = job->row;
        jpeg_write_scanlines(&job->jpeg, &row, 1);
    }
}

/* libjpeg comes back here by longjmp when it fails; nothing that changes after
 * setjmp lives in this frame. */
static int jpeg_job_run(struct jpeg_job *job)
{
    if (setjmp(job->back))
        return AVERROR_EXTERNAL;
    jpeg_create_compress(&job->jpeg);
    /* Not jpeg_mem_dest: after an error its memory has no owner. */
    job->jpeg.dest = &job->destination;
    jpeg_job_set_up(job);
    jpeg_start_compress(&job->jpeg, TRUE);
    jpeg_job_write_rows(job);
    jpeg_finish_compress(&job->jpeg);
    return 0;
}

int poster_jpeg_encode(struct log *log, const AVFrame *picture, int quality,
                       struct buffer *out)
{
    struct jpeg_job *job = av_mallocz(sizeof(*job));
    int ret = 0;
    if (job)
        job->row = av_malloc(3 * (size_t)picture->width);
    if (!job || !job->row) {
        ret = log_fail(log, AVERROR(ENOMEM),
                       _("There is no memory left for writing a poster."));
        goto done;
    }
    job->jpeg.err = jpeg_std_error(&job->errors);
    job->errors.error_exit = jpeg_job_error;
    job->errors.output_message = jpeg_job_message;
    job->log = log;
    job->picture = picture;
    job->quality = quality;
    job->out = out;
    job->destination.init_destination = jpeg_job_begin;
    job->destination.empty_output_buffer = jpeg_job_flush;
    job->destination.term_destination = jpeg_job_end;
    ret = jpeg_job_run(job);
    jpeg_destroy_compress(&job->jpeg);
done:
    if (job)
        av_free(job->row);
    av_free(job);
    return ret;
}

int poster_jpeg_fit(struct log *log, const AVFrame *picture, int64_t limit,
                    struct buffer *out, int *quality, bool *fits)
{
    int low = JPEG_LEAST_QUALITY, high = JPEG_BEST_QUALITY;
    *quality = high;
    int ret = poster_jpeg_encode(log, picture, high, out);
    *fits = limit <= 0 || (int64_t)out->size <= limit;
    /* Below `low` all fits or nothing was found yet; from `high` on nothing
     * does. */
    while (ret >= 0 && !*fits && low < high) {
        int middle = (low + high) / 2;
        struct buffer smaller = {0};
        ret = poster_jpeg_encode(log, picture, middle, &smaller);
        bool good = (int64_t)smaller.size <= limit;
        buffer_clear(&smaller);
        if (good)
            low = middle + 1;
        else
            high = middle;
    }
    if (ret < 0 || *fits)
        return ret;
    *quality = FFMAX(high - 1, JPEG_LEAST_QUALITY);
    buffer_reset(out);
    ret = poster_jpeg_encode(log, picture, *quality, out);
    *fits = ret >= 0 && (int64_t)out->size <= limit;
    return ret;
}
