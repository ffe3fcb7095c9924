/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What would go wrong later and can be known now: characters that no face
 * has, films that an outlet refuses. */
#include "plan/build.h"

#include <string.h>
#include "base/text.h"

/* --- glyphs ----------------------------------------------------------------
 */

#define MISSING_TOLD 8 /* characters of one text; more are no news */

struct glyph_check {
    struct builder *builder;
    enum fault_kind kind;
    struct fault_place place;
    const char *file; /* where the text stands, if not at the place */
    int row;
    const struct faces *faces; /* it is drawn with; NULL: the session's */
};

static void tell_missing(const struct glyph_check *check, uint32_t character,
                         const char *text)
{
    struct builder *builder = check->builder;
    char glyph[5] = {0};
    text_encode(character, glyph);
    const char *family =
        faces_suggest(builder->session->faces, character, builder->arena);
    const char *remedy =
        family ? arena_printf(builder->arena,
                              _("the installed font \"%s\" has it: add it to "
                                "the style's fall-backs, or write another "
                                "character"),
                              family)
               : _("no installed font has it: put one that does into the "
                   "folder \"fonts\" of the session, or write another "
                   "character");
    if (check->file)
        fault_add(builder->faults, check->kind, check->place,
                  _("%s:%d: the style's fonts lack %s (U+%04X) in \"%s\"; "
                    "%s"),
                  check->file, check->row, glyph, (unsigned)character, text,
                  remedy);
    else
        fault_add(builder->faults, check->kind, check->place,
                  _("the style's fonts lack %s (U+%04X) in \"%s\"; %s"), glyph,
                  (unsigned)character, text, remedy);
}

/* Every character without a glyph, each once per text. */
static void check_text(const struct glyph_check *check, enum style_role role,
                       const char *text)
{
    const struct session *session = check->builder->session;
    const struct faces *faces = check->faces ? check->faces : session->faces;
    uint32_t told[MISSING_TOLD];
    size_t count = 0;
    if (!text || !session->style || !faces)
        return;
    size_t font = session->style->roles[role].font;
    if (!faces_missing(faces, font, text))
        return;
    for (const char *at = text; *at && count < MISSING_TOLD;) {
        uint32_t missing = faces_missing(faces, font, at);
        if (!missing)
            return;
        bool known = false;
        for (size_t i = 0; i < count; i++)
            known = known || told[i] == missing;
        if (!known) {
            tell_missing(check, missing, text);
            told[count++] = missing;
        }
        while (text_next(&at) != missing)
            ;
    }
}

/* Whether any of the presets draws what the flag says. */
#define DRAWN_BY_ANY(builder, flag)                                            \
    drawn_by_any((builder), offsetof(struct preset, flag))

static bool drawn_by_any(const struct builder *builder, size_t flag)
{
    for (size_t i = 0; i < builder->preset_count; i++) {
        const char *preset = (const char *)builder->presets[i];
        if (*(const bool *)(preset + flag))
            return true;
    }
    return false;
}

static void check_captions(struct builder *builder, const struct draft *draft)
{
    for (size_t i = 0; i < draft->caption_count; i++) {
        const struct draft_caption *caption = &draft->captions[i];
        const struct recording *recording =
            draft->clip->shots[caption->shot].recording;
        bool own = caption->cue && recording && !draft->captions_replaced;
        struct glyph_check check = {
            .builder = builder,
            .kind = FAULT_ROW,
            .faces = own ? recording->faces : NULL,
            .place = row_place(caption->row, COLUMN_CAPTION),
            .file = caption->cue ? caption->file : NULL,
            .row = caption->cue ? caption->cue->row : 0,
        };
        check_text(&check, ROLE_CAPTION, caption->text);
    }
}

static void check_speakers(struct builder *builder, const struct draft *draft)
{
    for (size_t i = 0; i < draft->run_count; i++) {
        const struct draft_run *run = &draft->runs[i];
        struct glyph_check name = {builder, FAULT_ROW,
                                   row_place(run->row, COLUMN_SPEAKER)};
        struct glyph_check role = {builder, FAULT_ROW,
                                   row_place(run->row, COLUMN_ROLE)};
        for (size_t k = 0; k < run->count; k++) {
            check_text(&name, ROLE_NAME, run->names[k]);
            check_text(&role, ROLE_POST, run->roles[k]);
        }
    }
}

static void check_glyphs(struct builder *builder, const struct draft *draft)
{
    const struct clip *clip = draft->clip;
    if (DRAWN_BY_ANY(builder, titles) && draft->title_row) {
        struct glyph_check check = {builder, FAULT_ROW,
                                    row_place(draft->title_row, COLUMN_TITLE)};
        check_text(&check, ROLE_TITLE, clip->title);
    }
    if (DRAWN_BY_ANY(builder, titles) && draft->subtitle_row) {
        struct glyph_check check = {
            builder, FAULT_ROW,
            row_place(draft->subtitle_row, COLUMN_SUBTITLE)};
        check_text(&check, ROLE_SUBTITLE, clip->subtitle);
    }
    if (DRAWN_BY_ANY(builder, captions))
        check_captions(builder, draft);
    if (DRAWN_BY_ANY(builder, straps))
        check_speakers(builder, draft);
    for (size_t i = 0; DRAWN_BY_ANY(builder, quotes) && i < draft->quote_count;
         i++) {
        const struct draft_quote *quote = &draft->quotes[i];
        struct glyph_check check = {builder, FAULT_ROW,
                                    row_place(quote->row, COLUMN_QUOTE)};
        check_text(&check, ROLE_QUOTE, quote->text);
        check_text(&check, ROLE_NAME, quote->name);
    }
}

void builder_lint_session(struct builder *builder)
{
    struct glyph_check check = {builder, FAULT_SESSION, {.file = SESSION_FILE}};
    if (DRAWN_BY_ANY(builder, titles)) {
        check_text(&check, ROLE_LINE, builder->series_line);
        check_text(&check, ROLE_LINE, builder->date_line);
    }
    if (!DRAWN_BY_ANY(builder, card))
        return;
    if (!DRAWN_BY_ANY(builder, titles))
        check_text(&check, ROLE_LINE, builder->series_line);
    check_text(&check, ROLE_CARD, builder->title);
    check_text(&check, ROLE_CARD, builder->organizer);
    check_text(&check, ROLE_CREDIT, builder->credit);
}

/* --- limits ----------------------------------------------------------------
 */

int64_t rendition_most_bytes(const struct preset *preset, int64_t length_flicks)
{
    if (preset->max_rate_bps <= 0)
        return 0;
    /* What the buffer holds at the begin comes on top of the rate; a MP4's
     * tables take about 20 bytes per packet, under 16 kbit/s in all. */
    int64_t rate = preset->max_rate_bps + preset->audio_bit_rate_bps + 16000;
    return (av_rescale(length_flicks, rate, FLICKS_PER_SECOND) +
            preset->buffer_bits) /
           8;
}

static void check_length(struct builder *builder, const struct draft *draft,
                         const struct preset *preset, int64_t length)
{
    int64_t minimum = plan_flicks(preset->min_length_s);
    int64_t maximum = plan_flicks(preset->max_length_s);
    struct fault_place place = row_place(draft->rows[0], COLUMN_END);
    if (minimum > 0 && length < minimum)
        fault_add(builder->faults, FAULT_ROW, place,
                  _("the clip lasts %s, but %s takes films from %s on; "
                    "lengthen its ranges, or leave the preset out with -p"),
                  TIMECODE_TEXT(length), preset_called(preset),
                  TIMECODE_TEXT(minimum));
    if (maximum > 0 && length > maximum)
        fault_add(builder->faults, FAULT_ROW, place,
                  _("the clip lasts %s, but %s takes films up to %s; shorten "
                    "its ranges, or leave the preset out with -p"),
                  TIMECODE_TEXT(length), preset_called(preset),
                  TIMECODE_TEXT(maximum));
}

/* What a film weighs whatever its pictures are: at a constant rate all of it,
 * else its sound. */
static int64_t least_bytes(const struct preset *preset, int64_t length)
{
    int64_t rate = preset->audio_bit_rate_bps;
    if (preset->constant_rate)
        rate += preset->max_rate_bps;
    return av_rescale(length, rate, 8 * FLICKS_PER_SECOND);
}

static void check_size(struct builder *builder, const struct draft *draft,
                       const struct preset *preset, int64_t length)
{
    struct fault_place place = row_place(draft->rows[0], COLUMN_END);
    int64_t least = least_bytes(preset, length);
    int64_t most = rendition_most_bytes(preset, length);
    if (preset->max_bytes <= 0)
        return;
    if (least > preset->max_bytes)
        fault_add(builder->faults, FAULT_ROW, place,
                  _("in %s the clip has %d MB however it is coded, and the "
                    "outlet takes %d MB; shorten its ranges, or leave the "
                    "preset out with -p"),
                  preset_called(preset), (int)(least / 1000000),
                  (int)(preset->max_bytes / 1000000));
    else if (most > preset->max_bytes && !preset->constant_rate)
        fault_add(builder->faults, FAULT_WARNING, place,
                  _("in %s the clip may reach %d MB, and the outlet takes %d "
                    "MB; then it is coded again, more coarsely; a shorter clip "
                    "keeps its quality"),
                  preset_called(preset), (int)(most / 1000000),
                  (int)(preset->max_bytes / 1000000));
}

static void check_preset(struct builder *builder, const struct draft *draft,
                         const struct preset *preset)
{
    const struct clip *clip = draft->clip;
    int64_t length = clip->length_flicks;
    if (preset->card)
        length += plan_flicks(preset->card_s);
    check_length(builder, draft, preset, length);
    check_size(builder, draft, preset, length);
    if (preset->title_chars > 0 && clip->title &&
        (int64_t)text_count(clip->title) > preset->title_chars)
        fault_add(builder->faults, FAULT_WARNING,
                  row_place(draft->title_row, COLUMN_TITLE),
                  _("the title has %d characters, and %s shows %d; shorten "
                    "it when you upload the film"),
                  (int)text_count(clip->title), preset_called(preset),
                  (int)preset->title_chars);
}

void draft_lint(struct builder *builder, const struct draft *draft)
{
    if (draft->clip->shot_count == 0)
        return;
    check_glyphs(builder, draft);
    for (size_t i = 0; i < builder->preset_count; i++)
        check_preset(builder, draft, builder->presets[i]);
}
