/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what a newsroom reads first: the six elements, each film's people and
 * shots, the words spoken, whom to credit and whom to call. */
#include "package/notes.h"

#include "base/text.h"
#include "base/timecode.h"
#include "package/captions.h"
#include "package/words.h"

#include <math.h>
#include <string.h>

const char *notes_sheet_name(const struct plan *plan, const struct clip *clip,
                             struct arena *arena)
{
    return arena_printf(arena, "data/%s-%s.jpg", clip->stem,
                        word(plan->session, WORD_CHOICE));
}

const char *notes_length(const struct rendition *rendition, char buffer[40])
{
    return timecode_text(
        clock_flicks(rendition->timeline->ticks, rendition->timeline->rate),
        buffer);
}

static void line(struct buffer *out, const struct session *session,
                 enum word label, const char *text)
{
    if (text && *text)
        buffer_printf(out, "%s%s%s\n", word(session, label),
                      session_is_chinese(session) ? "：" : ": ", text);
}

static const char *semicolon(const struct session *session)
{
    return session_is_chinese(session) ? "；" : "; ";
}

static void print_people(struct buffer *out, const struct session *session,
                         const struct clip *clip)
{
    struct buffer list = {0};
    for (size_t i = 0; i < clip->people_count; i++)
        buffer_printf(&list, "%s%s", i ? semicolon(session) : "",
                      clip->people[i]);
    line(out, session, WORD_PEOPLE, buffer_text(&list));
    buffer_clear(&list);
}

static void print_shots(struct buffer *out, const struct session *session,
                        const struct rendition *rendition)
{
    const struct clip *clip = rendition->clip;
    const struct timeline *timeline = rendition->timeline;
    buffer_printf(out, "%s\n", word(session, WORD_SHOT_LIST));
    for (size_t i = 0; i < clip->shot_count; i++) {
        const struct shot *shot = &clip->shots[i];
        char from[40], to[40], in[40], end[40];
        timecode_text(clock_flicks(timeline->shot_tick[i], timeline->rate),
                      from);
        timecode_text(clock_flicks(timeline->shot_tick[i + 1], timeline->rate),
                      to);
        if (shot->recording)
            buffer_printf(out, "  %s–%s  %s  %s–%s", from, to,
                          shot->recording->name,
                          timecode_text(shot->in_flicks, in),
                          timecode_text(shot->out_flicks, end));
        else
            buffer_printf(out, "  %s–%s  %s  %s", from, to,
                          word(session, WORD_PHOTO), shot->photo->file);
        if (shot->row && shot->row->note)
            buffer_printf(out, "  %s", shot->row->note);
        buffer_puts(out, "\n");
    }
}

/* A caption's lines as running text: Chinese goes on without a blank. */
static void print_joined(struct buffer *out, const char *text)
{
    uint32_t before = 0;
    while (*text) {
        const char *start = text;
        uint32_t character = text_next(&text);
        if (character == '\n') {
            const char *next = text;
            bool is_wide = text_is_wide(before) || !before;
            if (!is_wide || !text_is_wide(text_next(&next)))
                buffer_puts(out, " ");
        } else {
            buffer_append(out, start, (size_t)(text - start));
        }
        before = character;
    }
}

static void print_text(struct buffer *out, const struct plan *plan,
                       const struct rendition *rendition)
{
    const struct rendition *source = captions_source(plan, rendition);
    if (!source)
        return;
    buffer_printf(out, "%s\n",
                  word(plan->session, rendition->clip->captions_estimated
                                          ? WORD_TEXT_ESTIMATED
                                          : WORD_TEXT));
    for (size_t i = 0; i < source->script->caption_count; i++) {
        const struct script_caption *caption = &source->script->captions[i];
        char at[40];
        buffer_printf(
            out, "  %s  ",
            timecode_text(
                clock_flicks(caption->start_tick, source->timeline->rate), at));
        print_joined(out, caption->text);
        buffer_puts(out, "\n");
    }
}

static void print_figures(struct buffer *out, const struct session *session,
                          const struct rendition *rendition,
                          const struct result *result)
{
    char length[40], shape[24];
    struct buffer text = {0};
    const json_t *loudness =
        result ? json_object_get(result->figures, "loudness") : NULL;
    line(out, session, WORD_LENGTH, notes_length(rendition, length));
    buffer_printf(&text, "%dx%d (%s)", (int)rendition->preset->width,
                  (int)rendition->preset->height,
                  preset_shape(rendition->preset, shape));
    line(out, session, WORD_FRAME, buffer_text(&text));
    buffer_reset(&text);
    if (json_is_number(loudness)) {
        int tenths = (int)lrint(json_number_value(loudness) * 10.0);
        buffer_printf(&text, "%s%d.%d LUFS", tenths < 0 ? "-" : "",
                      abs(tenths) / 10, abs(tenths) % 10);
        line(out, session, WORD_LOUDNESS, buffer_text(&text));
    }
    buffer_clear(&text);
}

static void print_clip(struct buffer *out, const struct plan *plan,
                       const struct rendition *rendition,
                       const struct result *result)
{
    const struct session *session = plan->session;
    const struct clip *clip = rendition->clip;
    bool failed = !result || result->state == RESULT_FAILED ||
                  result->state == RESULT_NONE;
    buffer_printf(out, "\n%d. %s\n", clip->number,
                  clip->title ? clip->title : clip->stem);
    if (clip->subtitle)
        buffer_printf(out, "   %s\n", clip->subtitle);
    if (failed)
        buffer_printf(out, "   (%s)\n",
                      word(session, result && result->state == RESULT_FAILED
                                        ? WORD_FAILED
                                        : WORD_NOT_MADE));
    buffer_printf(out, "%s%s%s.mp4\n", word(session, WORD_FILE),
                  session_is_chinese(session) ? "：" : ": ", clip->stem);
    print_figures(out, session, rendition, result);
    print_people(out, session, clip);
    print_shots(out, session, rendition);
    print_text(out, plan, rendition);
}

static bool is_named_before(const struct plan *plan, size_t clip,
                            const char *person)
{
    for (size_t c = 0; c < clip; c++)
        for (size_t i = 0; i < plan->clips[c]->people_count; i++)
            if (!strcmp(plan->clips[c]->people[i], person))
                return true;
    return false;
}

static void print_elements(struct buffer *out, const struct plan *plan,
                           struct arena *arena)
{
    const struct session *session = plan->session;
    struct buffer who = {0};
    for (size_t c = 0; c < plan->clip_count; c++)
        for (size_t i = 0; i < plan->clips[c]->people_count; i++)
            if (!is_named_before(plan, c, plan->clips[c]->people[i]))
                buffer_printf(&who, "%s%s", who.size ? semicolon(session) : "",
                              plan->clips[c]->people[i]);
    line(out, session, WORD_WHAT, session->title);
    line(out, session, WORD_WHO, buffer_text(&who));
    line(out, session, WORD_WHEN, session_date(session, arena));
    line(out, session, WORD_WHERE, session->place);
    line(out, session, WORD_ORGANIZER, session->organizer);
    buffer_clear(&who);
}

/* LF to CRLF, behind a BOM. */
static void print_for_windows(const struct buffer *text, struct buffer *out)
{
    buffer_puts(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < text->size; i++) {
        if (text->data[i] == '\n')
            buffer_puts(out, "\r");
        buffer_append(out, &text->data[i], 1);
    }
}

void notes_print(const struct plan *plan, const struct package *package,
                 const struct results *results, struct buffer *out)
{
    const struct session *session = plan->session;
    struct arena *arena = arena_create();
    struct buffer text = {0};
    const char *series = session_series_line(session, arena);
    buffer_printf(&text, "%s%s%s\n\n", series, *series ? " · " : "",
                  session->title);
    print_elements(&text, plan, arena);
    for (size_t i = 0; i < package->rendition_count; i++)
        print_clip(&text, plan, package->renditions[i],
                   results_of_rendition(results, plan, package->renditions[i]));
    buffer_puts(&text, "\n");
    line(&text, session, WORD_CREDIT, session->credit);
    line(&text, session, WORD_COPYRIGHT, session->copyright);
    line(&text, session, WORD_CONTACT, session->contact);
    line(&text, session, WORD_SUMS, word(session, WORD_SUMS_HOW));
    print_for_windows(&text, out);
    buffer_clear(&text);
    arena_destroy(&arena);
}
