/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Styles, faces and frames for the tests of scripts and line breaking: the
 * styles of the tree, faces found by fontconfig, the frames of the presets.
 * Not a test by itself. */
#ifndef REELPRESS_TESTS_SCRIPT_FIXTURE_H
#define REELPRESS_TESTS_SCRIPT_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include <fontconfig/fontconfig.h>

#include "base/arena.h"
#include "base/fault.h"
#include "subtitles/faces.h"
#include "subtitles/script.h"
#include "subtitles/style.h"

#define SKIPPED 77 /* what ctest takes for "not run", instead of "passed" */

struct fixture {
    struct arena *arena;
    const struct style *style;
    struct faces *faces;
};

/* The installed face of exactly this family; false: there is none. */
static inline bool fixture_find(const char *family, bool bold,
                                struct arena *arena, struct face_facts *out)
{
    bool found = false;
    FcPattern *pattern = FcPatternCreate();
    FcResult result;
    FcChar8 *file, *name;
    int index;
    FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    FcPatternAddInteger(pattern, FC_WEIGHT,
                        bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcConfigSubstitute(NULL, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    FcPattern *match = FcFontMatch(NULL, pattern, &result);
    if (match &&
        FcPatternGetString(match, FC_FAMILY, 0, &name) == FcResultMatch &&
        strcmp((const char *)name, family) == 0 &&
        FcPatternGetString(match, FC_FILE, 0, &file) == FcResultMatch &&
        FcPatternGetInteger(match, FC_INDEX, 0, &index) == FcResultMatch) {
        *out = (struct face_facts){
            .family = family,
            .bold = bold,
            .file = arena_strdup(arena, (const char *)file),
            .index = index,
        };
        found = true;
    }
    if (match)
        FcPatternDestroy(match);
    FcPatternDestroy(pattern);
    return found;
}

/* False: a family of the style is not installed here. */
static inline bool fixture_open(struct fixture *fixture, const char *style)
{
    static const char *const folders[] = {"subtitles/styles"};
    struct faults faults = {0};
    fixture->arena = faults.arena = arena_create();
    fixture->faces = faces_create();
    fixture->style = style_load(style, folders, 1, fixture->arena, &faults,
                                (struct fault_place){0});
    for (size_t i = 0; i < faults.count; i++)
        printf("%s\n", faults.list[i].message);
    if (!fixture->style || faults.count)
        return false;
    for (size_t i = 0; i < fixture->style->font_count; i++) {
        const struct style_font *font = &fixture->style->fonts[i];
        struct face_facts facts;
        if (!fixture_find(font->family, font->bold, fixture->arena, &facts) ||
            faces_add(NULL, fixture->faces, i, &facts) < 0)
            return false;
        for (size_t k = 0; k < font->fallback_count; k++) {
            if (fixture_find(font->fallbacks[k], font->bold, fixture->arena,
                             &facts) &&
                faces_add(NULL, fixture->faces, i, &facts) < 0)
                return false;
        }
    }
    faces_add_leads(fixture->faces);
    return true;
}

/* The exit status of a test that can't be run without the fonts. */
static inline int fixture_skipped(void)
{
    printf("skipped: the fonts of the style are not installed "
           "(fonts-noto-cjk)\n");
    return SKIPPED;
}

static inline void fixture_close(struct fixture *fixture)
{
    faces_destroy(&fixture->faces);
    FcFini();
    arena_destroy(&fixture->arena);
}

/* A frame with the safe area and captions of the presets of that shape. */
static inline struct script_frame fixture_frame(const struct fixture *fixture,
                                                int width, int height)
{
    struct script_frame frame = {
        .width = width,
        .height = height,
        .safe = {width / 20, height / 20, width - width / 20,
                 height - height / 20},
        .caption_px = (width < height ? width : height) * 62 / 1080,
        .caption_chars = 16,
        .rate = {25, 1},
        .style = fixture->style,
        .faces = fixture->faces,
    };
    if (height > width * 3 / 2) {
        frame.safe =
            (struct script_box){width * 60 / 1080, height * 220 / 1920,
                                width * 930 / 1080, height * 1440 / 1920};
        frame.caption_px = width * 60 / 1080;
        frame.caption_chars = 13;
    }
    frame.caption_bottom = frame.safe.bottom;
    return frame;
}

#endif
