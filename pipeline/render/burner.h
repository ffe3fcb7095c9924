/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text and logo onto pictures: the sink around an overlay. Pictures on which
 * nothing shows pass untouched. Knows no events, only the chunk's own time. */
#ifndef REELPRESS_RENDER_BURNER_H
#define REELPRESS_RENDER_BURNER_H

#include "base/log.h"
#include "flow/frame_sink.h"
#include "render/canvas.h"
#include "subtitles/overlay.h"

struct burner {
    struct frame_sink sink; /* push here */
    struct log *log;
    struct overlay_library *library; /* lent */
    const char *script;              /* lent; "" nothing */
    struct overlay_picture picture;  /* rgba NULL: none */
    struct frame_sink *target;       /* lent */

    struct overlay *overlay; /* NULL: nothing is ever drawn */
    AVRational rate;
    struct canvas canvas;
};

/* `picture` may be NULL; its pixels are lent until close. */
void burner_init(struct burner *burner, struct log *log,
                 struct overlay_library *library, const char *script,
                 const struct overlay_picture *picture,
                 struct frame_sink *target);
/* Whether it would ever draw; if not, it needs no library. */
bool burner_draws(const char *script, const struct overlay_picture *picture);

#endif
