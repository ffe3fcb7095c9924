/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All text of one rendition as ASS events written by ourselves: placed (\pos),
 * broken into lines, proven to have glyphs. One script is printed whole for
 * the work folder, and window by window, in a chunk's own time, for drawing
 * and for keys. Poster lettering takes the same path. */
#ifndef REELPRESS_SUBTITLES_SCRIPT_H
#define REELPRESS_SUBTITLES_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>
#include <libavutil/rational.h>
#include "base/arena.h"
#include "base/buffer.h"
#include "subtitles/faces.h"
#include "subtitles/foreign.h"
#include "subtitles/style.h"

struct script_box {
    int left, top, right, bottom; /* pixels, right and bottom exclusive */
};

/* The frame and the rules that texts obey; pixels of the frame. */
struct script_frame {
    int width, height;
    struct script_box safe;
    int caption_px;     /* em size */
    int caption_chars;  /* longest caption line, full-width characters */
    int caption_bottom; /* bottom edge of the caption block */
    AVRational rate;    /* ticks */
    const struct style *style;
    const struct faces *faces;
    const char *const *keep;
    size_t keep_count;
    /* Where the logo lies, so that no text runs under it; empty: none. */
    struct script_box logo;
};

struct script_caption {
    int64_t start_tick, end_tick;
    const char *text;
    bool estimated; /* timed by us, from a list's cell */
};

struct script_title {
    int64_t start_tick, end_tick;
    const char *title, *subtitle, *line; /* NULL: left out */
};

struct script_strap {
    int64_t start_tick, end_tick;
    const char *name, *role; /* several people: one strap each, in turn */
};

struct script_quote {
    int64_t start_tick, end_tick;
    const char *text, *name; /* who said it, or NULL */
};

struct script_card {
    int64_t start_tick, end_tick;
    const char *series, *title, *organizer, *credit;
};

/* A recording's own script over the ticks of its shot, drawn under our texts.
 */
struct script_foreign {
    int64_t start_tick, end_tick;
    int64_t start_flicks; /* the recording's time at start_tick */
    const char *file;
    const struct foreign *foreign; /* lent for the script's life */
    struct foreign_frame frame;    /* how the film shows the recording */
};

struct script_request {
    const struct script_caption *captions; /* in order, not overlapping */
    size_t caption_count;
    const struct script_strap *straps;
    size_t strap_count;
    const struct script_quote *quotes;
    size_t quote_count;
    const struct script_title *title;      /* NULL: none */
    const struct script_card *card;        /* NULL: none */
    const struct script_foreign *foreigns; /* lent for the script's life */
    size_t foreign_count;
};

/* Ticks in which recordings' own scripts are not seen: quotes, the card. */
struct script_hole {
    int64_t start_tick, end_tick;
};

struct script_event {
    int64_t start_tick, end_tick;
    int layer;
    const char *style; /* name in the header */
    const char *text;  /* with override tags, always placed */
    /* The same for chunks that see only a part of it: without its exit, its
     * entrance, or both. It stands still in ticks [still_tick,
     * still_end_tick), which may be empty. */
    const char *entering, *leaving, *still;
    int64_t still_tick, still_end_tick;
    /* What it covers at rest, outline and shadow included; plates too. */
    struct script_box box;
    bool is_text; /* false: a plate or an ornament */
};

struct script {
    struct script_frame frame;
    const char *header;          /* [Script Info] and [V4+ Styles] */
    struct script_event *events; /* by start, layer, then as made */
    size_t count;
    /* Captions as they are shown: broken (LF), split in time, hidden under
     * quotes; for the delivered SRT and VTT. */
    struct script_caption *captions;
    size_t caption_count;
    const struct script_foreign *foreigns; /* by start */
    struct foreign_fitted **fitted;        /* one of each, in this frame */
    size_t foreign_count;
    struct script_hole *holes;
    size_t hole_count;
    bool overflow; /* a text had to be set much smaller than the style says */
};

/* Lays everything out. Captions keep clear of straps and quotes. Never fails
 * on input: what is too long is set smaller, then split; captions are split in
 * time first. What would lie over one another gives way in time: straps and
 * quotes wait for the title, straps for quotes, captions for quotes and all
 * for the card. */
struct script *script_build(const struct script_frame *frame,
                            const struct script_request *request,
                            struct arena *arena);

/* Poster lettering: title large, subtitle, line, on a frame of cover size;
 * events span ticks 0..1. */
struct script *script_poster(const struct script_frame *frame,
                             const struct script_title *title,
                             struct arena *arena);

/* Nothing is drawn, at any time. */
bool script_is_empty(const struct script *script);
/* The whole as an ASS file, times from the clip's begin. Recordings' own
 * scripts follow it as documents of their own. */
void script_print(const struct script *script, struct buffer *out);
/* Only the events that show in [first_tick, end_tick), in the chunk's own
 * time: its first frame is at 1:00:00.00, so that no start is negative. Empty
 * when nothing shows. This text is what is drawn and what enters the key; an
 * event's end that lies outside and does not move inside is written as the
 * chunk's own, so that a change of it touches only the chunks there. A
 * recording's own script keeps the recording's time and comes first, as a
 * document of its own (foreign.h). */
void script_window(const struct script *script, int64_t first_tick,
                   int64_t end_tick, struct buffer *out);
#define SCRIPT_ORIGIN_MS INT64_C(3600000)
/* What the overlay is asked for tick `n` of a chunk: its time in ms, rounded
 * down. ASS counts hundredths: an event's edges are those of its ticks, rounded
 * down again. As a tick lasts 10 ms or more (up to 100 fps) the rounded start
 * of tick a lies after tick a - 1 and not after a, so each tick sees exactly
 * its events, at any rate. */
int64_t script_ms(int64_t n, AVRational rate);

#endif
