/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settles what would lie over one another: the card ends all else, straps and
 * quotes wait for the title, straps for quotes, captions hide under quotes.
 * Only ticks, no pixels. */
#include "subtitles/script_parts.h"

#include <string.h>

#include <libavutil/common.h>
#include <libavutil/mathematics.h>

struct span {
    int64_t start, end;
};

static int64_t ticks_of(const struct script_frame *frame, int64_t ms)
{
    return av_rescale(ms, frame->rate.num, INT64_C(1000) * frame->rate.den);
}

/* The longer part of `span` that is left beside `other`. */
static struct span span_without(struct span span, struct span other)
{
    if (other.end <= span.start || other.start >= span.end)
        return span;
    struct span before = {span.start, FFMIN(span.end, other.start)};
    struct span after = {FFMAX(span.start, other.end), span.end};
    if (FFMAX(0, after.end - after.start) >=
        FFMAX(0, before.end - before.start))
        return after;
    return before;
}

/* What waits keeps its length as far as there is room until `limit`. */
static struct span span_after(struct span span, struct span other,
                              int64_t limit, int64_t least)
{
    struct span left = span_without(span, other);
    if (left.end - left.start >= FFMIN(least, span.end - span.start))
        return left;
    int64_t length = span.end - span.start;
    struct span moved = {other.end, FFMIN(other.end + length, limit)};
    return moved.end - moved.start > left.end - left.start ? moved : left;
}

static int64_t last_tick(const struct script_request *request)
{
    int64_t last = 0;
    if (request->card)
        return request->card->start_tick;
    for (size_t i = 0; i < request->caption_count; i++)
        last = FFMAX(last, request->captions[i].end_tick);
    for (size_t i = 0; i < request->strap_count; i++)
        last = FFMAX(last, request->straps[i].end_tick);
    for (size_t i = 0; i < request->quote_count; i++)
        last = FFMAX(last, request->quotes[i].end_tick);
    if (request->title)
        last = FFMAX(last, request->title->end_tick);
    return last;
}

static struct span title_span(const struct schedule *schedule)
{
    if (!schedule->title)
        return (struct span){0, 0};
    return (struct span){schedule->title->start_tick,
                         schedule->title->end_tick};
}

static void take_quotes(struct schedule *out, const struct script_frame *frame,
                        const struct script_request *request, int64_t end,
                        struct arena *arena)
{
    int64_t least = ticks_of(frame, 2000);
    for (size_t i = 0; i < request->quote_count; i++) {
        struct script_quote quote = request->quotes[i];
        int64_t next = i + 1 < request->quote_count
                           ? request->quotes[i + 1].start_tick
                           : end;
        struct span span = {quote.start_tick, FFMIN(quote.end_tick, end)};
        quote.text = text_prepare(quote.text, arena);
        quote.name = text_prepare(quote.name, arena);
        span = span_after(span, title_span(out), next, least);
        if (!quote.text || span.end <= span.start)
            continue;
        quote.start_tick = span.start;
        quote.end_tick = span.end;
        *(struct script_quote *)ARENA_PUSH(arena, out->quotes,
                                           out->quote_count) = quote;
    }
}

static void take_straps(struct schedule *out, const struct script_frame *frame,
                        const struct script_request *request, int64_t end,
                        struct arena *arena)
{
    int64_t least = ticks_of(frame, 1500);
    for (size_t i = 0; i < request->strap_count; i++) {
        struct script_strap strap = request->straps[i];
        int64_t next = i + 1 < request->strap_count
                           ? FFMIN(end, request->straps[i + 1].start_tick)
                           : end;
        struct span span = {strap.start_tick, FFMIN(strap.end_tick, end)};
        strap.name = text_prepare(strap.name, arena);
        strap.role = text_prepare(strap.role, arena);
        span = span_after(span, title_span(out), next, least);
        for (size_t q = 0; q < out->quote_count; q++) {
            struct span quote = {out->quotes[q].start_tick,
                                 out->quotes[q].end_tick};
            span = span_without(span, quote);
        }
        if (!strap.name || span.end <= span.start)
            continue;
        strap.start_tick = span.start;
        strap.end_tick = span.end;
        *(struct script_strap *)ARENA_PUSH(arena, out->straps,
                                           out->strap_count) = strap;
    }
}

/* A caption under a quote: its part before, its part after, or both; parts too
 * short to be read are left out, whole captions never are. */
static void take_caption(struct schedule *out, struct script_caption caption,
                         int64_t end, int64_t least, struct arena *arena)
{
    struct span whole = {caption.start_tick, FFMIN(caption.end_tick, end)};
    int64_t from = whole.start;
    for (size_t q = 0; q <= out->quote_count && from < whole.end; q++) {
        struct span hidden = {whole.end, whole.end};
        if (q < out->quote_count)
            hidden = (struct span){out->quotes[q].start_tick,
                                   out->quotes[q].end_tick};
        struct span part = {from, FFMIN(whole.end, hidden.start)};
        bool cut = part.start != whole.start || part.end != whole.end;
        if (part.end > part.start && (!cut || part.end - part.start >= least)) {
            caption.start_tick = part.start;
            caption.end_tick = part.end;
            *(struct script_caption *)ARENA_PUSH(arena, out->captions,
                                                 out->caption_count) = caption;
        }
        from = FFMAX(from, hidden.end);
    }
}

void schedule_build(struct schedule *out, const struct script_frame *frame,
                    const struct script_request *request, struct arena *arena)
{
    memset(out, 0, sizeof(*out));
    int64_t end = last_tick(request);
    out->card = request->card;
    if (request->title &&
        request->title->start_tick < FFMIN(request->title->end_tick, end)) {
        struct script_title *title = arena_alloc(arena, sizeof(*title));
        *title = *request->title;
        title->end_tick = FFMIN(title->end_tick, end);
        out->title = title;
    }
    take_quotes(out, frame, request, end, arena);
    take_straps(out, frame, request, end, arena);
    for (size_t i = 0; i < request->caption_count; i++) {
        struct script_caption caption = request->captions[i];
        caption.text = caption_prepare(caption.text, arena);
        if (caption.text)
            take_caption(out, caption, end, ticks_of(frame, 500), arena);
    }
}
