/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns libjpeg's reading side. Refuses to know profiles' insides. */
#include "render/inks.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <jpeglib.h>
#include <libavutil/common.h>
#include <libavutil/intreadwrite.h>

#include "render/canvas.h"

bool inks_are_in(const struct buffer *file)
{
    const uint8_t *bytes = (const uint8_t *)file->data;
    if (file->size < 16 || AV_RB24(bytes) != 0xffd8ff)
        return false;
    for (size_t at = 2; at + 10 <= file->size && bytes[at] == 0xff;) {
        const uint8_t marker = bytes[at + 1];
        if (marker == 0xff) {
            at++;
            continue;
        }
        if (marker == 0xda)
            return false;
        /* Frame headers: SOF0 to SOF15, less DHT, JPG and DAC among them. */
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
            marker != 0xc8 && marker != 0xcc)
            return bytes[at + 9] == 4;
        at += 2 + (size_t)AV_RB16(bytes + at + 2);
    }
    return false;
}

struct inks {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf failed;
    const struct profile *profile; /* NULL: none of four channels */
    AVFrame *frame;
    JSAMPLE *codes;  /* a row as libjpeg gives it */
    uint16_t *inks;  /* 0 none */
    uint16_t *light; /* RGB */
};

static void inks_fail(j_common_ptr jpeg)
{
    struct inks *inks = jpeg->client_data;
    longjmp(inks->failed, 1);
}

static void inks_keep_quiet(j_common_ptr jpeg)
{
    (void)jpeg;
}

static void inks_take_light(const uint16_t *inks, uint16_t *light, int count)
{
    for (int x = 0; x < count; x++) {
        uint32_t left = 65535U - inks[4 * x + 3];
        for (int c = 0; c < 3; c++)
            light[3 * x + c] =
                (uint16_t)((65535U - inks[4 * x + c]) * left / 65535U);
    }
}

static void inks_put_row(const struct inks *inks, AVFrame *frame, int y)
{
    static const int plane_of[] = {2, 0, 1}; /* R, G, B in GBR */
    for (int c = 0; c < 3; c++) {
        int plane = plane_of[c];
        uint16_t *row = (uint16_t *)(frame->data[plane] +
                                     (ptrdiff_t)y * frame->linesize[plane]);
        for (int x = 0; x < frame->width; x++)
            row[x] = inks->light[3 * x + c];
    }
}

static void inks_read_rows(struct inks *inks)
{
    struct jpeg_decompress_struct *jpeg = &inks->jpeg;
    int count = inks->frame->width;
    while (jpeg->output_scanline < jpeg->output_height) {
        int y = (int)jpeg->output_scanline;
        jpeg_read_scanlines(jpeg, &inks->codes, 1);
        /* Adobe writes the paper that is left, not the ink. */
        for (int i = 0; i < 4 * count; i++) {
            int code =
                jpeg->saw_Adobe_marker ? 255 - inks->codes[i] : inks->codes[i];
            inks->inks[i] = (uint16_t)(code * 257);
        }
        if (inks->profile)
            profile_run(inks->profile, inks->inks, inks->light, count);
        else
            inks_take_light(inks->inks, inks->light, count);
        inks_put_row(inks, inks->frame, y);
    }
}

static int inks_begin(struct inks *inks, const struct buffer *file)
{
    struct jpeg_decompress_struct *jpeg = &inks->jpeg;
    struct canvas canvas;
    jpeg_mem_src(jpeg, (const unsigned char *)file->data,
                 (unsigned long)file->size);
    jpeg_read_header(jpeg, TRUE);
    jpeg->out_color_space = JCS_CMYK;
    jpeg_start_decompress(jpeg);
    size_t row = (size_t)jpeg->output_width * 4;
    inks->codes = malloc(row);
    inks->inks = malloc(row * sizeof(*inks->inks));
    inks->light = malloc(row * sizeof(*inks->light));
    if (!inks->codes || !inks->inks || !inks->light)
        return AVERROR(ENOMEM);
    int ret = canvas_init(&canvas, (int)jpeg->output_width,
                          (int)jpeg->output_height, AV_PIX_FMT_GBRP16);
    if (ret >= 0)
        ret = canvas_get(&canvas, &inks->frame);
    canvas_clear(&canvas);
    return ret;
}

/* libjpeg's errors land here; nothing on this stack changes after setjmp. */
static int inks_try(struct inks *inks, const struct buffer *file)
{
    if (setjmp(inks->failed))
        return AVERROR_INVALIDDATA;
    jpeg_create_decompress(&inks->jpeg);
    int ret = inks_begin(inks, file);
    if (ret >= 0)
        inks_read_rows(inks);
    return ret;
}

int inks_decode(const struct buffer *file, const struct profile *profile,
                AVFrame **image)
{
    struct inks *inks = calloc(1, sizeof(*inks));
    if (!inks)
        return AVERROR(ENOMEM);
    if (profile && profile_channels(profile) == 4)
        inks->profile = profile;
    inks->jpeg.err = jpeg_std_error(&inks->errors);
    inks->errors.error_exit = inks_fail;
    inks->errors.output_message = inks_keep_quiet;
    inks->jpeg.client_data = inks;
    int ret = inks_try(inks, file);
    if (ret >= 0) {
        inks->frame->color_range = AVCOL_RANGE_JPEG;
        inks->frame->colorspace = AVCOL_SPC_RGB;
        FFSWAP(AVFrame *, inks->frame, *image);
    }
    jpeg_destroy_decompress(&inks->jpeg);
    av_frame_free(&inks->frame);
    free(inks->codes);
    free(inks->inks);
    free(inks->light);
    free(inks);
    return ret;
}
