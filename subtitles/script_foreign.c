/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings' own scripts among our texts: straps and titles stand above their
 * dialogue, and their dialogue keeps clear of straps and titles. How a script
 * is fitted to a frame is foreign.h's. */
#include "subtitles/script_parts.h"

#include <math.h>

/* Dialogue that is stacked higher would push titles out of their half. */
#define DIALOGUE_MOST 0.4

static struct foreign_rules rules_of(const struct layout *layout)
{
    const struct script_frame *frame = layout->frame;
    double bottom = frame->caption_bottom;
    if (bottom <= layout->safe.top || bottom > layout->safe.bottom)
        bottom = layout->safe.bottom;
    return (struct foreign_rules){
        .safe = {layout->safe.left, layout->safe.top, layout->safe.right,
                 layout->safe.bottom},
        .caption_bottom = bottom,
        .caption_px = frame->caption_px,
        .font = layout->style->roles[ROLE_CAPTION].font,
        .keep = frame->keep,
        .keep_count = frame->keep_count,
    };
}

double layout_fit_foreigns(struct layout *layout)
{
    struct script *script = layout->script;
    AVRational rate = layout->frame->rate;
    struct foreign_rules rules = rules_of(layout);
    double height = 0;
    script->fitted = arena_alloc(layout->arena, (script->foreign_count + 1) *
                                                    sizeof(*script->fitted));
    for (size_t i = 0; i < script->foreign_count; i++) {
        const struct script_foreign *foreign = &script->foreigns[i];
        script->fitted[i] = foreign_fit(
            foreign->foreign, &foreign->frame, &rules,
            script_foreign_ms(foreign, foreign->start_tick, rate),
            script_foreign_ms(foreign, foreign->end_tick, rate), layout->arena);
        height = fmax(height, foreign_height(script->fitted[i]));
    }
    return fmin(height,
                (layout->safe.bottom - layout->safe.top) * DIALOGUE_MOST);
}

/* What titles and straps cover while a recording shows, in its own time. */
static struct foreign_obstacle *find_obstacles(
    const struct layout *layout, const struct script_foreign *foreign,
    size_t *count)
{
    const struct script *script = layout->script;
    AVRational rate = layout->frame->rate;
    struct foreign_obstacle *list = NULL;
    *count = 0;
    for (size_t i = 0; i < script->count; i++) {
        const struct script_event *event = &script->events[i];
        if (event->layer < LAYER_STRAP || event->layer >= LAYER_QUOTE ||
            event->start_tick >= foreign->end_tick ||
            event->end_tick <= foreign->start_tick)
            continue;
        struct foreign_obstacle *obstacle =
            ARENA_PUSH(layout->arena, list, *count);
        *obstacle = (struct foreign_obstacle){
            .start_ms = script_foreign_ms(foreign, event->start_tick, rate),
            .end_ms = script_foreign_ms(foreign, event->end_tick, rate),
            .box = {event->box.left, event->box.top, event->box.right,
                    event->box.bottom},
        };
    }
    return list;
}

void layout_place_foreigns(struct layout *layout)
{
    struct script *script = layout->script;
    struct foreign_rules rules = rules_of(layout);
    for (size_t i = 0; i < script->foreign_count; i++) {
        size_t count;
        const struct foreign_obstacle *obstacles =
            find_obstacles(layout, &script->foreigns[i], &count);
        foreign_place(script->fitted[i], &rules, obstacles, count,
                      layout->arena);
    }
}
