/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stage of tests that look at every style of the tree: its faces, and a
 * library to draw with. */
#ifndef REELPRESS_TESTS_ALL_STYLES_H
#define REELPRESS_TESTS_ALL_STYLES_H

#include "subtitles/overlay.h"
#include "script_fixture.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static const char *const styles[] = {"formal", "clean", "lively"};

struct stage {
    struct fixture fixtures[COUNT(styles)];
    struct overlay_library *libraries[COUNT(styles)];
};

/* False: a family of a style is not installed here. To be closed even so. */
static inline bool stage_open(struct stage *stage)
{
    bool ready = true;
    for (size_t i = 0; i < COUNT(styles); i++)
        ready = fixture_open(&stage->fixtures[i], styles[i]) && ready &&
                overlay_library_create(NULL, stage->fixtures[i].faces,
                                       &stage->libraries[i]) == 0;
    return ready;
}

static inline void stage_close(struct stage *stage)
{
    for (size_t i = 0; i < COUNT(styles); i++) {
        overlay_library_destroy(&stage->libraries[i]);
        fixture_close(&stage->fixtures[i]);
    }
}

#endif
