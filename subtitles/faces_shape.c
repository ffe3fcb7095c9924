/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets lines with FriBidi and HarfBuzz as libass does: the whole line is given
 * its directions first, then runs of one face, script and direction are shaped,
 * kerning on, no ligatures where characters are spaced, no hinting. Knows
 * widths and ink, not where lines end. */
#include "subtitles/faces.h"
#include "subtitles/faces_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <fribidi.h>

#include "base/arena.h"
#include "base/text.h"

bool face_is_silent(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x34F ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2064) || (c >= 0xFE00 && c <= 0xFE0F) ||
           c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF);
}

static bool joins_before(uint32_t character)
{
    hb_unicode_general_category_t category =
        hb_unicode_general_category(hb_unicode_funcs_get_default(), character);
    return face_is_silent(character) ||
           category == HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK ||
           category == HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK ||
           category == HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK;
}

static const struct face *first_face(const struct faces *faces, size_t font)
{
    if (font >= faces->chain_count || faces->chains[font].count == 0)
        return NULL;
    return faces->chains[font].list[0];
}

/* A character that no face has is drawn by the first, as a box. */
static const struct face *face_of(const struct faces *faces, size_t font,
                                  uint32_t character)
{
    const struct face *face = faces_pick(faces, font, character);
    return face ? face : first_face(faces, font);
}

static size_t run_of(const struct faces *faces, size_t font, const char *text,
                     const struct face **face)
{
    const char *end = text;
    uint32_t character = text_next(&end);
    if (!character)
        return 0;
    *face = face_of(faces, font, character);
    for (const char *next = end; (character = text_next(&next)); end = next) {
        if (!joins_before(character) &&
            face_of(faces, font, character) != *face)
            break;
    }
    return (size_t)(end - text);
}

size_t faces_run(const struct faces *faces, size_t font, const char *text,
                 const struct face_facts **facts)
{
    const struct face *face = NULL;
    size_t size = run_of(faces, font, text, &face);
    *facts = face ? &face->facts : NULL;
    return size;
}

/* A character of a line, and how libass (0.17, ass_shaper.c) sees it. */
struct letter {
    const struct face *face;
    hb_script_t script;
    FriBidiLevel level; /* odd: from right to left */
};

/* A line that is being set. */
struct setter {
    double size_px, spacing_px;
    struct arena *arena; /* owned */
    hb_buffer_t *buffer; /* owned */
    uint32_t *characters;
    struct letter *letters;
    size_t count;
};

/* Letters [from, to), which are shaped at once. */
struct piece {
    size_t from, to;
};

static bool is_no_script(hb_script_t script)
{
    return script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED;
}

/* What is common to all scripts (digits, marks) takes the one before it, and
 * at a line's begin the first that comes. */
static void find_scripts(struct setter *setter)
{
    hb_unicode_funcs_t *unicode = hb_unicode_funcs_get_default();
    hb_script_t last = HB_SCRIPT_UNKNOWN;
    for (size_t i = 0; i < setter->count; i++) {
        hb_script_t *script = &setter->letters[i].script;
        *script = hb_unicode_script(unicode, setter->characters[i]);
        if (!is_no_script(*script))
            last = *script;
        else if (last != HB_SCRIPT_UNKNOWN)
            *script = last;
    }
    last = HB_SCRIPT_UNKNOWN;
    for (size_t i = setter->count; i-- > 0;) {
        hb_script_t *script = &setter->letters[i].script;
        if (!is_no_script(*script))
            last = *script;
        else if (last != HB_SCRIPT_UNKNOWN)
            *script = last;
    }
}

/* The line's own direction is that of its first strong character: scripts say
 * Encoding -1, at which libass asks for the same. */
static void find_levels(struct setter *setter)
{
    size_t count = setter->count;
    FriBidiCharType *types =
        arena_alloc(setter->arena, (count + 1) * sizeof(*types));
    FriBidiLevel *levels =
        arena_alloc(setter->arena, (count + 1) * sizeof(*levels));
    FriBidiParType direction = FRIBIDI_PAR_ON;
    fribidi_get_bidi_types(setter->characters, (FriBidiStrIndex)count, types);
    if (!fribidi_get_par_embedding_levels_ex(
            types, NULL, (FriBidiStrIndex)count, &direction, levels))
        return;
    for (size_t i = 0; i < count; i++)
        setter->letters[i].level = levels[i];
}

static void setter_init(struct setter *setter, const struct faces *faces,
                        size_t font, double size_px, double spacing_px,
                        const char *text)
{
    size_t count = text_count(text);
    *setter = (struct setter){
        .size_px = size_px,
        .spacing_px = spacing_px,
        .arena = arena_create(),
        .buffer = hb_buffer_create(),
    };
    setter->characters =
        arena_alloc(setter->arena, (count + 1) * sizeof(uint32_t));
    setter->letters =
        arena_alloc(setter->arena, (count + 1) * sizeof(struct letter));
    /* With an empty chain nothing is set. */
    if (!first_face(faces, font))
        return;
    for (size_t i = 0; i < count; i++) {
        uint32_t character = text_next(&text);
        setter->characters[i] = character;
        setter->letters[i].face = i > 0 && joins_before(character)
                                      ? setter->letters[i - 1].face
                                      : face_of(faces, font, character);
    }
    setter->count = count;
    find_scripts(setter);
    find_levels(setter);
}

static void setter_clear(struct setter *setter)
{
    hb_buffer_destroy(setter->buffer);
    arena_destroy(&setter->arena);
}

static struct piece piece_at(const struct setter *setter, size_t from)
{
    const struct letter *first = &setter->letters[from];
    size_t to = from + 1;
    while (to < setter->count && setter->letters[to].face == first->face &&
           setter->letters[to].script == first->script &&
           setter->letters[to].level == first->level)
        to++;
    return (struct piece){from, to};
}

/* Turns round every run of pieces of at least this level. */
static void pieces_turn(const struct setter *setter, struct piece *list,
                        size_t count, int level)
{
    for (size_t from = 0; from < count; from++) {
        size_t to = from;
        while (to < count && setter->letters[list[to].from].level >= level)
            to++;
        for (size_t a = from, b = to; a + 1 < b; a++) {
            struct piece swap = list[a];
            list[a] = list[--b];
            list[b] = swap;
        }
        from = to;
    }
}

/* The pieces as they stand from left to right (UAX 9, rule L2). */
static struct piece *pieces_seen(const struct setter *setter, size_t *count)
{
    struct piece *list = NULL;
    int highest = 0;
    *count = 0;
    for (size_t from = 0; from < setter->count;) {
        struct piece *piece = ARENA_PUSH(setter->arena, list, *count);
        *piece = piece_at(setter, from);
        if (setter->letters[from].level > highest)
            highest = setter->letters[from].level;
        from = piece->to;
    }
    for (int level = highest; level > 0; level--)
        pieces_turn(setter, list, *count, level);
    return list;
}

/* A carried face's kerning is numbers too, of Latin letters. */
static void kern(const struct setter *setter, const struct face_table *table)
{
    unsigned count;
    const hb_glyph_info_t *info =
        hb_buffer_get_glyph_infos(setter->buffer, &count);
    hb_glyph_position_t *position =
        hb_buffer_get_glyph_positions(setter->buffer, &count);
    for (unsigned i = 0; table->pair_count && i + 1 < count; i++)
        position[i].x_advance +=
            face_table_pair(table, setter->characters[info[i].cluster],
                            setter->characters[info[i + 1].cluster]);
}

static void setter_shape(const struct setter *setter, struct piece piece)
{
    const struct letter *letter = &setter->letters[piece.from];
    hb_feature_t features[] = {
        {HB_TAG('k', 'e', 'r', 'n'), 1, 0, (unsigned)-1},
        {HB_TAG('l', 'i', 'g', 'a'), 0, 0, (unsigned)-1},
        {HB_TAG('c', 'l', 'i', 'g'), 0, 0, (unsigned)-1},
    };
    hb_buffer_t *buffer = setter->buffer;
    hb_buffer_reset(buffer);
    hb_buffer_add_utf32(buffer, setter->characters, (int)setter->count,
                        (unsigned)piece.from, (int)(piece.to - piece.from));
    hb_buffer_set_script(buffer, letter->script);
    /* As script_header says to libass; else it would ask the locale. */
    hb_buffer_set_language(buffer, hb_language_from_string("zh", -1));
    hb_buffer_set_direction(buffer, letter->level % 2 ? HB_DIRECTION_RTL
                                                      : HB_DIRECTION_LTR);
    hb_shape(letter->face->font, buffer, features,
             setter->spacing_px != 0 ? 3 : 1);
    if (letter->face->table && letter->script == HB_SCRIPT_LATIN)
        kern(setter, letter->face->table);
}

static void ink_add(struct face_line *line, double left, double top,
                    double right, double bottom)
{
    bool first = line->ink_left == 0 && line->ink_right == 0 &&
                 line->ink_top == 0 && line->ink_bottom == 0;
    if (first || left < line->ink_left)
        line->ink_left = left;
    if (first || top < line->ink_top)
        line->ink_top = top;
    if (first || right > line->ink_right)
        line->ink_right = right;
    if (first || bottom > line->ink_bottom)
        line->ink_bottom = bottom;
}

/* One piece: pen and ink go on from line->width. libass adds the spacing once
 * for each cluster of glyphs. */
static void measure_piece(const struct setter *setter, struct piece piece,
                          struct face_line *line)
{
    const struct face *face = setter->letters[piece.from].face;
    double scale = setter->size_px / face->units;
    double pen = line->width;
    unsigned count;
    setter_shape(setter, piece);
    const hb_glyph_info_t *info =
        hb_buffer_get_glyph_infos(setter->buffer, &count);
    const hb_glyph_position_t *position =
        hb_buffer_get_glyph_positions(setter->buffer, &count);

    for (unsigned i = 0; i < count; i++) {
        hb_glyph_extents_t ink;
        if (hb_font_get_glyph_extents(face->font, info[i].codepoint, &ink) &&
            ink.width && ink.height) {
            double left = pen + (position[i].x_offset + ink.x_bearing) * scale;
            double top = -(position[i].y_offset + ink.y_bearing) * scale;
            ink_add(line, left, top, left + ink.width * scale,
                    top - ink.height * scale);
        }
        pen += position[i].x_advance * scale;
        if (i + 1 == count || info[i + 1].cluster != info[i].cluster)
            pen += setter->spacing_px;
    }
    line->width = pen;
    line->ascent = fmax(line->ascent, face->ascender * scale);
    line->descent = fmax(line->descent, face->descender * scale);
}

void faces_measure(const struct faces *faces, size_t font, double size_px,
                   double spacing_px, const char *text, struct face_line *out)
{
    struct setter setter;
    size_t count;
    memset(out, 0, sizeof(*out));
    setter_init(&setter, faces, font, size_px, spacing_px, text);
    const struct piece *pieces = pieces_seen(&setter, &count);
    for (size_t i = 0; i < count; i++)
        measure_piece(&setter, pieces[i], out);
    setter_clear(&setter);
}

double faces_width(const struct faces *faces, size_t font, double size_px,
                   double spacing_px, const char *text)
{
    struct face_line line;
    faces_measure(faces, font, size_px, spacing_px, text, &line);
    return line.width;
}

/* Fills `positions` for the characters of one piece from `pen` on; returns the
 * pen after it. Glyphs of a right-to-left piece come in reverse: their widths
 * are summed per cluster first, and then laid out in the text's order, which
 * is what counts for where a line may end. */
static double place_piece(const struct setter *setter, struct piece piece,
                          double pen, double *positions)
{
    const struct letter *letter = &setter->letters[piece.from];
    double scale = setter->size_px / letter->face->units;
    unsigned count, glyph = 0;
    setter_shape(setter, piece);
    const hb_glyph_info_t *info =
        hb_buffer_get_glyph_infos(setter->buffer, &count);
    const hb_glyph_position_t *position =
        hb_buffer_get_glyph_positions(setter->buffer, &count);

    for (size_t i = piece.from; i < piece.to; i++) {
        double advance = 0;
        unsigned before = glyph;
        for (; glyph < count; glyph++) {
            unsigned k = letter->level % 2 ? count - 1 - glyph : glyph;
            if (info[k].cluster > i)
                break;
            advance += position[k].x_advance * scale;
        }
        positions[i] = pen;
        pen += advance + (glyph > before ? setter->spacing_px : 0);
    }
    return pen;
}

void faces_positions(const struct faces *faces, size_t font, double size_px,
                     double spacing_px, const char *text, double *positions)
{
    struct setter setter;
    double pen = 0;
    setter_init(&setter, faces, font, size_px, spacing_px, text);
    for (size_t from = 0; from < setter.count;) {
        struct piece piece = piece_at(&setter, from);
        pen = place_piece(&setter, piece, pen, positions);
        from = piece.to;
    }
    /* With an empty chain nothing has a width. */
    for (size_t i = setter.count, end = text_count(text); i <= end; i++)
        positions[i] = pen;
    setter_clear(&setter);
}

bool faces_joins_letters(const char *text)
{
    uint32_t c;
    while ((c = text_next(&text))) {
        if ((c >= 0x600 && c < 0xE00) || (c >= 0x1800 && c < 0x18B0) ||
            (c >= 0xFB50 && c < 0xFE00) || (c >= 0xFE70 && c < 0xFEFF))
            return true;
    }
    return false;
}

bool faces_runs_left(const char *text)
{
    uint32_t c;
    while ((c = text_next(&text))) {
        if (c >= 0x590 && FRIBIDI_IS_RTL(fribidi_get_bidi_type(c)))
            return true;
    }
    return false;
}
