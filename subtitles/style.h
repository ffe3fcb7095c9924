/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A title style: faces, sizes, colours and manners of captions, opening title,
 * name strap, quote card, end card and poster lettering, read from
 * subtitles/styles/NAME.yaml. Sizes are given for a frame whose shorter side is
 * 1080 px and scale with it. */
#ifndef REELPRESS_SUBTITLES_STYLE_H
#define REELPRESS_SUBTITLES_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/fault.h"

/* A face by family and weight, with the families asked for what it lacks. */
struct style_font {
    const char *family; /* "Noto Sans CJK SC" */
    bool bold;
    const char **fallbacks; /* families */
    size_t fallback_count;
};

enum style_role {
    ROLE_CAPTION,
    ROLE_TITLE,
    ROLE_SUBTITLE, /* below the title */
    ROLE_LINE,     /* series, number, date */
    ROLE_NAME,     /* name strap */
    ROLE_POST,     /* the role below the name */
    ROLE_QUOTE,
    ROLE_CARD,   /* end card: organiser */
    ROLE_CREDIT, /* end card: credit */
    ROLE_COUNT,
};

struct role_style {
    size_t font;     /* index into style.fonts */
    int64_t size;    /* em in pixels at a shorter side of 1080 */
    uint32_t colour; /* 0xRRGGBBAA, AA 255 opaque */
    uint32_t outline_colour;
    double outline, shadow; /* pixels at 1080 */
    double spacing;         /* extra pixels between characters at 1080 */
    double line_height;     /* times the em */
};

/* How an opening title lies and what it stands on. */
enum title_place { TITLE_LOWER_LEFT, TITLE_CENTRE };
enum title_form {
    TITLE_PLATE, /* one opaque plate with a bar and hairlines */
    TITLE_PANEL, /* a translucent panel under a small tag */
    TITLE_BOXES, /* every line in a box of its own */
};
enum strap_form {
    STRAP_PLATE, /* name and post on two plates behind a bar */
    STRAP_BAR,   /* both on one panel behind a bar */
    STRAP_PILLS, /* two rounded boxes, the lower one tucked under */
};

struct style {
    const char *name, *alias, *about;
    const char *file;
    struct style_font *fonts;
    size_t font_count;
    struct role_style roles[ROLE_COUNT];
    uint32_t accent, accent2; /* e.g. red and gold */
    uint32_t plate;           /* behind titles and names; AA its opacity */
    uint32_t panel;           /* behind posts */
    uint32_t card;            /* behind quotes and end cards */
    double radius;            /* of the corners of plates, pixels at 1080 */
    int64_t fade_in_ms, fade_out_ms;
    bool slide; /* straps and titles slide in a little */
    int title_place, title_form, strap_form; /* the enums above */
};

/* Finds NAME.yaml in the folders, in order; aliases count. NULL after a
 * FAULT_SESSION (unknown style: with what there is). */
const struct style *style_load(const char *name, const char *const *folders,
                               size_t folder_count, struct arena *arena,
                               struct faults *faults, struct fault_place place);

#endif
