/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the look of contact sheets. Which pictures are on one was decided
 * before (choose.c). */
#include "poster/sheet.h"

#include "poster/jpeg.h"

#include <libavutil/common.h>

#include <string.h>

#define COLUMNS     3
#define CELL_WIDTH  480
#define CELL_HEIGHT 270
#define STRIP       48 /* under each picture, for its time */
#define GAP         12
#define GROUND      0x20
#define TEXT_PX     30.0
#define QUALITY     85

struct sheet {
    struct log *log;
    struct picture_source *pictures;
    const struct poster_choice *choice;
    AVFrame *canvas; /* GBRP */
    AVFrame *small;  /* the picture for one cell */
};

static int cell_left(size_t i)
{
    return GAP + (int)(i % COLUMNS) * (CELL_WIDTH + GAP);
}

static int cell_top(size_t i)
{
    return GAP + (int)(i / COLUMNS) * (CELL_HEIGHT + STRIP + GAP);
}

static int sheet_open(struct sheet *sheet)
{
    size_t count = sheet->choice->best_count;
    AVFrame *canvas = av_frame_alloc();
    sheet->canvas = canvas;
    if (!canvas)
        return AVERROR(ENOMEM);
    canvas->format = AV_PIX_FMT_GBRP;
    canvas->width = cell_left(FFMIN(count, COLUMNS) - 1) + CELL_WIDTH + GAP;
    canvas->height = cell_top(count - 1) + CELL_HEIGHT + STRIP + GAP;
    canvas->color_range = AVCOL_RANGE_JPEG;
    canvas->colorspace = AVCOL_SPC_RGB;
    int ret = av_frame_get_buffer(canvas, 0);
    for (int p = 0; ret >= 0 && p < 3; p++)
        memset(canvas->data[p], GROUND,
               (size_t)canvas->linesize[p] * (size_t)canvas->height);
    return ret;
}

static void sheet_place(struct sheet *sheet, size_t cell)
{
    const AVFrame *small = sheet->small;
    for (int p = 0; p < 3; p++) {
        uint8_t *to = sheet->canvas->data[p] +
                      (ptrdiff_t)cell_top(cell) * sheet->canvas->linesize[p] +
                      cell_left(cell);
        for (int y = 0; y < small->height; y++)
            memcpy(to + (ptrdiff_t)y * sheet->canvas->linesize[p],
                   small->data[p] + (ptrdiff_t)y * small->linesize[p],
                   (size_t)small->width);
    }
}

/* One picture at a time: they are asked best first, not in rising time. */
static int sheet_visit(void *opaque, size_t i, AVFrame *frame)
{
    struct sheet *sheet = opaque;
    (void)i;
    int ret = sheet->pictures->ops->fit(
        sheet->pictures, sheet->log, frame, CELL_WIDTH, CELL_HEIGHT,
        AV_PIX_FMT_GBRP, FIT_INSIDE, -1, &sheet->small);
    return ret < 0 ? ret : AVERROR_EOF;
}

static int sheet_take(struct sheet *sheet, const struct shot *shot, size_t cell)
{
    int ret = sheet->pictures->ops->visit(sheet->pictures, sheet->log, shot,
                                          &sheet->choice->best[cell], 1,
                                          sheet_visit, sheet);
    if (sheet->small)
        sheet_place(sheet, cell);
    av_frame_free(&sheet->small);
    return ret == AVERROR_EOF ? 0 : ret;
}

static void sheet_script(const struct sheet *sheet, const struct faces *faces,
                         struct buffer *out)
{
    const struct face_facts *face = faces_for(faces, 0, '0');
    if (!face)
        return;
    buffer_printf(out,
                  "[Script Info]\nScriptType: v4.00+\nPlayResX: %d\n"
                  "PlayResY: %d\nWrapStyle: 2\nYCbCr Matrix: None\n\n"
                  "[V4+ Styles]\nFormat: Name, Fontname, Fontsize, "
                  "PrimaryColour, Alignment\nStyle: Time,%s,%d,&H00FFFFFF,7\n\n"
                  "[Events]\nFormat: Layer, Start, End, Style, Text\n",
                  sheet->canvas->width, sheet->canvas->height, face->family,
                  (int)(faces_ass_size(face, faces, TEXT_PX) + 0.5));
    for (size_t i = 0; i < sheet->choice->best_count; i++)
        buffer_printf(out,
                      "Dialogue: 0,0:00:00.00,0:00:01.00,Time,"
                      "{\\an4\\pos(%d,%d)}%d   %s\n",
                      cell_left(i) + 4, cell_top(i) + CELL_HEIGHT + STRIP / 2,
                      (int)i + 1, TIMECODE_TEXT(sheet->choice->best[i]));
}

static int sheet_letter(struct sheet *sheet, struct overlay_library *library,
                        const struct faces *faces)
{
    struct overlay_format format = {
        .width = sheet->canvas->width,
        .height = sheet->canvas->height,
        .format = AV_PIX_FMT_GBRP,
        .matrix = AVCOL_SPC_RGB,
        .range = AVCOL_RANGE_JPEG,
    };
    struct buffer text = {0};
    struct overlay *overlay = NULL;
    bool shows = false;
    sheet_script(sheet, faces, &text);
    int ret = overlay_create(sheet->log, library, &format, buffer_text(&text),
                             NULL, &overlay);
    if (ret >= 0)
        ret = overlay_at(overlay, 0, &shows);
    if (ret >= 0 && shows)
        overlay_draw(overlay, sheet->canvas);
    overlay_destroy(&overlay);
    buffer_clear(&text);
    return ret;
}

int sheet_make(struct log *log, struct picture_source *pictures,
               struct overlay_library *library, const struct session *session,
               const struct clip *clip, const struct poster_choice *choice,
               struct buffer *out)
{
    struct sheet sheet = {log, pictures, choice, NULL, NULL};
    if (choice->best_count == 0)
        return 0;
    int ret = sheet_open(&sheet);
    for (size_t i = 0; ret >= 0 && i < choice->best_count; i++)
        ret = sheet_take(&sheet, &clip->shots[clip->poster_shot], i);
    if (ret >= 0)
        ret = sheet_letter(&sheet, library, session->faces);
    if (ret >= 0)
        ret = poster_jpeg_encode(log, sheet.canvas, QUALITY, out);
    av_frame_free(&sheet.canvas);
    return ret;
}
