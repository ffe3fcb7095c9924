/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stage that the tests of the overlay share: a library with the Chinese
 * faces, a small frame, and overlays made of a few Dialogue lines. */
#ifndef REELPRESS_TESTS_OVERLAY_STAGE_H
#define REELPRESS_TESTS_OVERLAY_STAGE_H

#include "subtitles/drawing.h"
#include "subtitles/overlay.h"

enum { WIDTH = 640, HEIGHT = 360 };

#define BOX(start, end, tags)                                                  \
    "Dialogue: 0," start "," end ",Text,,0,0,0,,{\\an7\\pos(64,64)\\bord0"     \
    "\\shad0" tags "\\p1}m 0 0 l 128 0 128 128 0 128{\\p0}\n"

struct stage {
    struct faces *faces;
    struct overlay_library *library;
};

static inline struct overlay_format stage_format(enum AVPixelFormat format,
                                                 enum AVColorSpace matrix,
                                                 enum AVColorRange range)
{
    return (struct overlay_format){WIDTH,  HEIGHT, format,
                                   matrix, range,  AVCHROMA_LOC_LEFT};
}

static inline struct overlay *stage_overlay(struct stage *stage,
                                            const struct overlay_format *format,
                                            const char *matrix,
                                            const char *lines)
{
    struct buffer script = {0};
    struct overlay *overlay = NULL;
    drawing_script(&script, format->width, format->height, matrix,
                   "Noto Sans CJK SC", lines);
    assert_int_equal(overlay_create(NULL, stage->library, format, script.data,
                                    NULL, &overlay),
                     0);
    buffer_clear(&script);
    return overlay;
}

static inline int stage_open(void **state)
{
    static struct stage stage;
    stage.faces = drawing_faces();
    if (!stage.faces) {
        print_error("Noto Sans CJK SC is not installed (fonts-noto-cjk)\n");
        return -1;
    }
    *state = &stage;
    return overlay_library_create(NULL, stage.faces, &stage.library);
}

static inline int stage_close(void **state)
{
    struct stage *stage = *state;
    overlay_library_destroy(&stage->library);
    faces_destroy(&stage->faces);
    FcFini();
    return 0;
}

#endif
