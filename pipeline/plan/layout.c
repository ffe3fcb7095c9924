/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is shown when, in the ticks of a rendition, and inside which boxes. What
 * a text looks like and how its lines break is the script's.
 *
 * The opening title lies over the clip's first seconds; a quote comes when its
 * row begins, or after the title; a name strap when its speaker begins, or
 * after the title and the quotes. So none of the three ever meet. Where the
 * first row is short and has a strap or a quote, the title gives them half. */
#include "plan/build.h"

#include <assert.h>
#include <string.h>

/* A rendition's texts on their way. */
struct layout {
    struct builder *builder;
    const struct draft *draft;
    const struct rendition *rendition;
    const struct preset *preset;
    const struct timeline *timeline;
    struct script_request request;
    struct script_caption *captions;
    struct script_strap *straps;
    struct script_quote *quotes;
    struct script_title title;
    struct script_card card;
    int64_t title_end;                /* flicks of the clip; 0: no title */
    int64_t *quote_start, *quote_end; /* flicks; equal: not shown */
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t tick_at(const struct layout *layout, int64_t flicks)
{
    return timeline_tick_at(layout->timeline, flicks);
}

static bool first_row_speaks(const struct layout *layout)
{
    const struct preset *preset = layout->preset;
    const struct draft *draft = layout->draft;
    bool strap =
        preset->straps && draft->run_count && draft->runs[0].start_flicks == 0;
    bool quote = preset->quotes && draft->quote_count &&
                 draft->quotes[0].start_flicks == 0;
    return strap || quote;
}

static void place_title(struct layout *layout)
{
    const struct clip *clip = layout->draft->clip;
    struct builder *builder = layout->builder;
    if (!layout->preset->titles || !clip->title)
        return;
    int64_t end =
        least(plan_flicks(layout->preset->title_s), clip->length_flicks);
    if (first_row_speaks(layout)) {
        const struct highlight *row = clip->shots[0].row;
        size_t next = 0;
        while (next < clip->shot_count && clip->shots[next].row == row)
            next++;
        int64_t row_end = next < clip->shot_count
                              ? clip->shots[next].offset_flicks
                              : clip->length_flicks;
        end = least(end, row_end / 2);
    }
    layout->title_end = end;
    const char *line = builder->series_line;
    if (line && builder->date_line)
        /* In Chinese faces the dot fills an em: no blanks around it. */
        line = arena_printf(builder->arena, "%s·%s", line, builder->date_line);
    else if (!line)
        line = builder->date_line;
    layout->title = (struct script_title){
        .start_tick = 0,
        .end_tick = tick_at(layout, end),
        .title = clip->title,
        .subtitle = clip->subtitle,
        .line = line,
    };
    if (layout->title.end_tick > 0)
        layout->request.title = &layout->title;
}

static void place_quotes(struct layout *layout)
{
    const struct draft *draft = layout->draft;
    struct arena *arena = layout->builder->arena;
    size_t size = draft->quote_count * sizeof(int64_t);
    layout->quote_start = arena_alloc(arena, size);
    layout->quote_end = arena_alloc(arena, size);
    for (size_t i = 0; layout->preset->quotes && i < draft->quote_count; i++) {
        const struct draft_quote *quote = &draft->quotes[i];
        int64_t start = quote->start_flicks;
        if (start < layout->title_end)
            start = layout->title_end;
        int64_t end = least(start + SHOWN_USUAL, quote->end_flicks);
        if (end - start < SHOWN_LEAST) {
            builder_note(layout->builder, draft->clip,
                         N_("the quote of row %d has no time to be read and is "
                            "left out"),
                         quote->row->row);
            continue;
        }
        layout->quote_start[i] = start;
        layout->quote_end[i] = end;
        struct script_quote *room =
            ARENA_PUSH(arena, layout->quotes, layout->request.quote_count);
        *room = (struct script_quote){
            .start_tick = tick_at(layout, start),
            .end_tick = tick_at(layout, end),
            .text = quote->text,
            .name = quote->name,
        };
    }
    layout->request.quotes = layout->quotes;
}

/* When the straps of a run may begin, and for how long each stays. */
static int64_t find_room(const struct layout *layout,
                         const struct draft_run *run, int64_t *each)
{
    int64_t start = run->start_flicks;
    if (start < layout->title_end)
        start = layout->title_end;
    int64_t count = (int64_t)run->count;
    for (size_t i = 0; i < layout->draft->quote_count; i++) {
        *each = least(SHOWN_USUAL, (run->end_flicks - start) / count);
        if (layout->quote_end[i] > start &&
            layout->quote_start[i] < start + count * *each)
            start = layout->quote_end[i];
    }
    *each = least(SHOWN_USUAL, (run->end_flicks - start) / count);
    return start;
}

/* A quote bears its speaker's name. */
static bool is_named_by_quote(const struct layout *layout,
                              const struct draft_run *run)
{
    for (size_t i = 0; i < layout->draft->quote_count; i++) {
        if (layout->quote_end[i] > run->start_flicks &&
            layout->quote_start[i] < run->end_flicks)
            return true;
    }
    return false;
}

static void place_straps(struct layout *layout)
{
    const struct draft *draft = layout->draft;
    for (size_t i = 0; layout->preset->straps && i < draft->run_count; i++) {
        const struct draft_run *run = &draft->runs[i];
        int64_t each;
        int64_t start = find_room(layout, run, &each);
        if (each < SHOWN_LEAST) {
            if (is_named_by_quote(layout, run))
                continue;
            builder_note(layout->builder, draft->clip,
                         N_("the name strap of row %d has no time to be read "
                            "and is left out"),
                         run->row->row);
            continue;
        }
        for (size_t k = 0; k < run->count; k++, start += each) {
            struct script_strap *room =
                ARENA_PUSH(layout->builder->arena, layout->straps,
                           layout->request.strap_count);
            *room = (struct script_strap){
                .start_tick = tick_at(layout, start),
                .end_tick = tick_at(layout, start + each),
                .name = run->names[k],
                .role = run->roles[k],
            };
        }
    }
    layout->request.straps = layout->straps;
}

/* Without `all`, those that a recording's own script shows are left out. */
static void place_captions(struct layout *layout, bool all)
{
    const struct draft *draft = layout->draft;
    int64_t free_from = 0;
    layout->request.caption_count = 0;
    layout->captions = NULL;
    for (size_t i = 0; i < draft->caption_count; i++) {
        const struct draft_caption *caption = &draft->captions[i];
        if (!all && caption->cue &&
            shot_keeps_script(layout->builder, draft, layout->preset,
                              caption->shot))
            continue;
        int64_t start = tick_at(layout, caption->start_flicks);
        int64_t end = tick_at(layout, caption->end_flicks);
        if (start < free_from)
            start = free_from;
        if (start >= end)
            continue;
        struct script_caption *room =
            ARENA_PUSH(layout->builder->arena, layout->captions,
                       layout->request.caption_count);
        *room = (struct script_caption){
            .start_tick = start,
            .end_tick = end,
            .text = caption->text,
            .estimated = caption->cue == NULL,
        };
        free_from = end;
    }
    layout->request.captions = layout->captions;
}

static void place_card(struct layout *layout)
{
    const struct timeline *timeline = layout->timeline;
    const struct builder *builder = layout->builder;
    if (!timeline->card)
        return;
    layout->card = (struct script_card){
        .start_tick = timeline->span_tick[timeline->span_count - 1],
        .end_tick = timeline->ticks,
        .series = builder->series_line,
        .title = builder->title,
        .organizer = builder->organizer,
        .credit = builder->credit,
    };
    layout->request.card = &layout->card;
}

static struct script_frame frame_of(const struct builder *builder, int width,
                                    int height)
{
    const struct session *session = builder->session;
    /* Without them ingest has told a fault that holds all back. */
    assert(session->style && session->faces);
    return (struct script_frame){
        .width = width,
        .height = height,
        .style = session->style,
        .faces = session->faces,
        .keep = session->keep,
        .keep_count = session->keep_count,
    };
}

static struct script_frame rendition_frame(const struct layout *layout)
{
    const struct preset *preset = layout->preset;
    struct script_frame frame =
        frame_of(layout->builder, (int)preset->width, (int)preset->height);
    frame.safe =
        (struct script_box){(int)preset->safe_left, (int)preset->safe_top,
                            (int)(preset->width - preset->safe_right),
                            (int)(preset->height - preset->safe_bottom)};
    int64_t base =
        preset->caption_base ? preset->caption_base : preset->safe_bottom;
    frame.caption_px = (int)preset->caption_px;
    frame.caption_chars = (int)preset->caption_chars;
    frame.caption_bottom = (int)(preset->height - base);
    frame.rate = layout->timeline->rate;
    frame.logo = layout->rendition->logo;
    return frame;
}

const struct script *draft_script(struct builder *builder,
                                  const struct draft *draft,
                                  const struct rendition *rendition)
{
    struct layout layout = {
        .builder = builder,
        .draft = draft,
        .rendition = rendition,
        .preset = rendition->preset,
        .timeline = rendition->timeline,
    };
    place_title(&layout);
    place_quotes(&layout);
    place_straps(&layout);
    place_card(&layout);
    layout.request.foreigns = draft_foreigns(builder, draft, rendition,
                                             &layout.request.foreign_count);
    struct script_frame frame = rendition_frame(&layout);
    if (rendition->preset->captions)
        place_captions(&layout, false);
    struct script *script =
        script_build(&frame, &layout.request, builder->arena);
    if (rendition->preset->captions && !layout.request.foreign_count)
        return script;
    /* Words that we don't draw are delivered as files all the same, hidden
     * where they are hidden in the picture. */
    struct layout words = layout;
    if (!rendition->preset->captions)
        words.request = (struct script_request){0};
    place_captions(&words, true);
    const struct script *captions =
        script_build(&frame, &words.request, builder->arena);
    script->captions = captions->captions;
    script->caption_count = captions->caption_count;
    return script;
}

#define POSTER_MARGIN_PERCENT 6
/* Over covers as upright as films the outlets lay their own words at the
 * bottom, and profiles show the middle 3:4 of them. */
#define UPRIGHT_ABOVE_PERCENT 14
#define UPRIGHT_BELOW_PERCENT 16

static struct script_box cover_safe(const struct cover *cover)
{
    int width = cover->width, height = cover->height;
    int shorter = width < height ? width : height;
    int margin = shorter * POSTER_MARGIN_PERCENT / 100;
    struct script_box safe = {margin, margin, width - margin, height - margin};
    if (2 * height > 3 * width) {
        safe.top = height * UPRIGHT_ABOVE_PERCENT / 100;
        safe.bottom = height - height * UPRIGHT_BELOW_PERCENT / 100;
    }
    return safe;
}

struct script *clip_lettering(struct builder *builder, const struct clip *clip,
                              const struct cover *cover)
{
    struct script_frame frame = frame_of(builder, cover->width, cover->height);
    int shorter = cover->width < cover->height ? cover->width : cover->height;
    frame.safe = cover_safe(cover);
    frame.caption_px = shorter * 6 / 100;
    frame.caption_chars = 16;
    frame.caption_bottom = frame.safe.bottom;
    frame.rate = (AVRational){25, 1};
    struct script_title title = {
        .end_tick = 1,
        .title = clip->title,
        .subtitle = clip->subtitle,
        .line = builder->series_line,
    };
    return script_poster(&frame, &title, builder->arena);
}

/* At most 10 % of the shorter side high, as stations' marks are, and three
 * times as wide; a logo is fitted into it, towards the corner. */
#define LOGO_PERCENT 10
#define LOGO_WIDTHS  3

struct script_box logo_box(const struct preset *preset)
{
    int64_t shorter =
        preset->width < preset->height ? preset->width : preset->height;
    int height = (int)(shorter * LOGO_PERCENT / 100);
    int width = LOGO_WIDTHS * height;
    struct script_box box = {(int)preset->safe_left, (int)preset->safe_top,
                             (int)preset->safe_left + width,
                             (int)preset->safe_top + height};
    if (preset->logo_corner == LOGO_NONE)
        return (struct script_box){0};
    if (preset->logo_corner == LOGO_TOP_RIGHT ||
        preset->logo_corner == LOGO_BOTTOM_RIGHT) {
        box.right = (int)(preset->width - preset->safe_right);
        box.left = box.right - width;
    }
    if (preset->logo_corner == LOGO_BOTTOM_LEFT ||
        preset->logo_corner == LOGO_BOTTOM_RIGHT) {
        box.bottom = (int)(preset->height - preset->safe_bottom);
        box.top = box.bottom - height;
    }
    return box;
}
