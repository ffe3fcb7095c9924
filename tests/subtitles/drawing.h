/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of drawing share: frames of one colour, ASS texts around one
 * event, and the Chinese faces as this machine has them. */
#ifndef REELPRESS_TESTS_DRAWING_H
#define REELPRESS_TESTS_DRAWING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fontconfig/fontconfig.h>
#include <libavutil/frame.h>

#include "base/buffer.h"
#include "subtitles/faces.h"

static inline AVFrame *drawing_frame(int width, int height,
                                     enum AVPixelFormat format,
                                     const int codes[3])
{
    AVFrame *frame = av_frame_alloc();
    frame->width = width;
    frame->height = height;
    frame->format = format;
    if (av_frame_get_buffer(frame, 0) < 0)
        abort();
    for (int i = 0; i < 3; i++) {
        bool half = i > 0 && format != AV_PIX_FMT_GBRP;
        int rows = half ? height / 2 : height;
        memset(frame->data[i], codes[i],
               (size_t)frame->linesize[i] * (size_t)rows);
    }
    return frame;
}

/* `lines` are whole Dialogue lines; `matrix` the header's value or NULL. */
static inline void drawing_script(struct buffer *out, int width, int height,
                                  const char *matrix, const char *family,
                                  const char *lines)
{
    buffer_printf(out,
                  "[Script Info]\nScriptType: v4.00+\nPlayResX: %d\n"
                  "PlayResY: %d\nWrapStyle: 2\n"
                  "ScaledBorderAndShadow: yes\n",
                  width, height);
    if (matrix)
        buffer_printf(out, "YCbCr Matrix: %s\n", matrix);
    buffer_printf(
        out,
        "\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, "
        "SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
        "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, "
        "Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
        "Style: Text,%s,64,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,"
        "0,100,100,0,0,1,3,1,2,20,20,30,1\n\n"
        "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
        "MarginV, Effect, Text\n%s",
        family, lines);
}

static inline bool drawing_find_face(const char *family, char *file,
                                     size_t size, int *index)
{
    FcPattern *pattern = FcNameParse((const FcChar8 *)family);
    FcConfigSubstitute(NULL, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    FcResult result;
    FcPattern *match = FcFontMatch(NULL, pattern, &result);
    FcChar8 *path = NULL, *found = NULL;
    bool ok =
        match &&
        FcPatternGetString(match, FC_FILE, 0, &path) == FcResultMatch &&
        FcPatternGetString(match, FC_FAMILY, 0, &found) == FcResultMatch &&
        FcPatternGetInteger(match, FC_INDEX, 0, index) == FcResultMatch &&
        !strcmp((const char *)found, family);
    if (ok)
        snprintf(file, size, "%s", (const char *)path);
    if (match)
        FcPatternDestroy(match);
    FcPatternDestroy(pattern);
    return ok;
}

/* Noto Sans CJK SC; NULL when this machine lacks it. */
static inline struct faces *drawing_faces(void)
{
    static char file[4096]; /* lent to the facts */
    struct face_facts facts = {.family = "Noto Sans CJK SC", .file = file};
    if (!drawing_find_face(facts.family, file, sizeof(file), &facts.index))
        return NULL;
    struct faces *faces = faces_create();
    if (faces_add(NULL, faces, 0, &facts) < 0)
        faces_destroy(&faces);
    return faces;
}

#endif
