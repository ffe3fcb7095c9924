/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picks from a fitted script what a window needs, and writes it. */
#include "subtitles/foreign.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* From where on unplaced events count: the begin of the unbroken run of them
 * that reaches over `first_ms`, else that itself. */
static int64_t history_from(const struct foreign_fitted *fitted,
                            int64_t first_ms)
{
    int64_t from = first_ms, end = INT64_MIN;
    for (size_t i = 0; i < fitted->order_count; i++) {
        const struct foreign_event *event =
            fitted->list[fitted->order[i]].event;
        if (event->start_ms >= first_ms)
            break;
        if (event->start_ms >= end)
            from = event->start_ms;
        if (event->end_ms > end)
            end = event->end_ms;
    }
    return end > first_ms ? from : first_ms;
}

static void put_time(struct buffer *out, int64_t ms)
{
    int64_t cs = ms / 10;
    buffer_printf(out, "%" PRId64 ":%02d:%02d.%02d,", cs / 360000,
                  (int)(cs / 6000 % 60), (int)(cs / 100 % 60), (int)(cs % 100));
}

struct window {
    const struct foreign_fitted *fitted;
    int64_t first_ms, end_ms, clock_ms;
    int64_t history_ms;
    const struct foreign_hole *holes;
    size_t hole_count;
};

static bool is_part(const struct window *window,
                    const struct foreign_shown *shown, bool picture)
{
    return window->fitted->same_shape || shown->in_picture == picture;
}

/* libass counts blur and unscaled borders by the layout's size, else by the
 * frame's; it is the recording's, at the document's scale. */
static void put_sizes(struct buffer *out, const struct foreign_fitted *fitted,
                      bool picture)
{
    const struct foreign *foreign = fitted->foreign;
    const struct foreign_frame *frame = &fitted->frame;
    int x = foreign->layout_x, y = foreign->layout_y;
    if (!x) {
        x = frame->viewed_width;
        y = frame->viewed_height;
    }
    int play_x = picture ? foreign->play_x : fitted->play_x;
    int play_y = picture ? foreign->play_y : fitted->play_y;
    if (!picture && y) {
        y = (int)lround((double)y * play_y / foreign->play_y);
        x = (int)lround((double)y * frame->width / frame->height);
    }
    buffer_printf(out, "PlayResX: %d\nPlayResY: %d\n", play_x, play_y);
    if (x > 0 && y > 0)
        buffer_printf(out, "LayoutResX: %d\nLayoutResY: %d\n", x, y);
}

/* Dialogue is measured kerned and as Chinese; libass would ask the locale for a
 * language that the script does not name. */
static void put_habits(struct buffer *out, const char *info, const char *styles)
{
    /* A script without this and without styles is none to libass. */
    if (!strcasestr(info, "ScriptType:") && !*styles)
        buffer_puts(out, "ScriptType: v4.00+\n");
    if (!strcasestr(info, "Kerning:"))
        buffer_puts(out, "Kerning: yes\n");
    if (!strcasestr(info, "Language:"))
        buffer_puts(out, "Language: zh\n");
}

static void put_head(const struct window *window, bool picture,
                     struct buffer *out)
{
    const struct foreign_fitted *fitted = window->fitted;
    const struct foreign_frame *frame = &fitted->frame;
    const char *carried = faces_carried_id(fitted->foreign->faces);
    buffer_puts(out, "[Script Info]\n");
    if (*carried)
        buffer_printf(out, FOREIGN_FONTS "%s\n", carried);
    buffer_printf(out, FOREIGN_CLOCK "%" PRId64 "\n", window->clock_ms);
    for (size_t i = 0; i < window->hole_count; i++)
        buffer_printf(out, FOREIGN_HOLE "%" PRId64 " %" PRId64 "\n",
                      window->holes[i].start_ms, window->holes[i].end_ms);
    if (picture && !fitted->same_shape)
        buffer_printf(out, FOREIGN_MARGINS "%ld %ld %ld %ld\n",
                      lround(frame->picture.top),
                      lround(frame->height - frame->picture.bottom),
                      lround(frame->picture.left),
                      lround(frame->width - frame->picture.right));
    put_sizes(out, fitted, picture || fitted->same_shape);
    put_habits(out, fitted->foreign->info, fitted->foreign->styles);
    buffer_printf(out,
                  "%s%s\n[Events]\nFormat: Layer, Start, End, Style, Name, "
                  "MarginL, MarginR, MarginV, Effect, Text\n",
                  fitted->foreign->info, fitted->foreign->styles);
}

static void put_event(const struct foreign_shown *shown, struct buffer *out)
{
    const struct foreign_event *event = shown->event;
    buffer_printf(out, "Dialogue: %s,", event->layer);
    put_time(out, event->start_ms);
    put_time(out, event->end_ms);
    buffer_printf(out, "%s,,%s,%s,%s,%s,%s%s\n", event->style_name,
                  event->margin[0], event->margin[1], event->margin[2],
                  event->effect, shown->tags, shown->words);
}

/* The picture's document or the dialogue's; nothing when none of it shows. */
static void put_document(const struct window *window, bool picture,
                         struct buffer *out)
{
    const struct foreign_fitted *fitted = window->fitted;
    bool shows = false;
    for (size_t i = 0; i < fitted->count && !shows; i++) {
        const struct foreign_event *event = fitted->list[i].event;
        shows = is_part(window, &fitted->list[i], picture) &&
                event->start_ms < window->end_ms &&
                event->end_ms > window->first_ms;
    }
    if (!shows)
        return;
    put_head(window, picture, out);
    for (size_t i = 0; i < fitted->count; i++) {
        const struct foreign_shown *shown = &fitted->list[i];
        const struct foreign_event *event = shown->event;
        bool lasts = !shown->in_picture || event->placed;
        bool past = event->end_ms <= window->first_ms &&
                    (lasts || event->start_ms < window->history_ms);
        if (!past && event->start_ms < window->end_ms &&
            is_part(window, shown, picture))
            put_event(shown, out);
    }
}

void foreign_window(const struct foreign_fitted *fitted, int64_t first_ms,
                    int64_t end_ms, int64_t clock_ms,
                    const struct foreign_hole *holes, size_t hole_count,
                    struct buffer *out)
{
    struct window window = {
        .fitted = fitted,
        .first_ms = first_ms,
        .end_ms = end_ms,
        .clock_ms = clock_ms,
        .history_ms = history_from(fitted, first_ms),
        .holes = holes,
        .hole_count = hole_count,
    };
    put_document(&window, true, out);
    if (!fitted->same_shape)
        put_document(&window, false, out);
}
