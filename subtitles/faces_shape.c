/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets lines with HarfBuzz as libass does: runs of one face, kerning on, no
 * ligatures where characters are spaced, no hinting. Knows widths and ink,
 * not where lines end. */
#include "subtitles/faces.h"
#include "subtitles/faces_parts.h"

#include <math.h>
#include <string.h>

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

/* libass shapes script by script: what is common to all (digits, marks) takes
 * the script before it, and at a line's begin the first that comes. */
struct setter {
    const struct faces *faces;
    size_t font;
    double size_px, spacing_px;
    hb_script_t script; /* so far */
    hb_buffer_t *buffer;
};

/* A piece of a line that is shaped at once. */
struct piece {
    const struct face *face;
    const char *text;
    size_t size;
};

static bool is_no_script(hb_script_t script)
{
    return script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED ||
           script == HB_SCRIPT_UNKNOWN;
}

static hb_script_t script_of(uint32_t character)
{
    return hb_unicode_script(hb_unicode_funcs_get_default(), character);
}

static void setter_init(struct setter *setter, const struct faces *faces,
                        size_t font, double size_px, double spacing_px,
                        const char *text)
{
    uint32_t character;
    *setter = (struct setter){
        faces, font, size_px, spacing_px, HB_SCRIPT_COMMON, hb_buffer_create()};
    while (is_no_script(setter->script) && (character = text_next(&text)))
        setter->script = script_of(character);
}

/* The next piece of one face and one script; false at the end of the text or
 * where the chain has no face at all. */
static bool setter_next(struct setter *setter, const char *text,
                        struct piece *piece)
{
    *piece = (struct piece){NULL, text, 0};
    size_t size = run_of(setter->faces, setter->font, text, &piece->face);
    if (!size || !piece->face)
        return false;
    const char *at = text;
    while (at < text + size) {
        const char *next = at;
        hb_script_t script = script_of(text_next(&next));
        if (!is_no_script(script) && script != setter->script) {
            if (at > text)
                break;
            setter->script = script;
        }
        at = next;
    }
    piece->size = (size_t)(at - text);
    return true;
}

static void setter_shape(const struct setter *setter, const struct piece *piece)
{
    hb_feature_t features[] = {
        {HB_TAG('k', 'e', 'r', 'n'), 1, 0, (unsigned)-1},
        {HB_TAG('l', 'i', 'g', 'a'), 0, 0, (unsigned)-1},
        {HB_TAG('c', 'l', 'i', 'g'), 0, 0, (unsigned)-1},
    };
    hb_buffer_t *buffer = setter->buffer;
    hb_buffer_reset(buffer);
    hb_buffer_set_cluster_level(buffer,
                                HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
    hb_buffer_add_utf8(buffer, piece->text, (int)piece->size, 0,
                       (int)piece->size);
    hb_buffer_set_script(buffer, setter->script);
    /* As script_header says to libass; else it would ask the locale. */
    hb_buffer_set_language(buffer, hb_language_from_string("zh", -1));
    hb_buffer_guess_segment_properties(buffer); /* the direction */
    hb_shape(piece->face->font, buffer, features,
             setter->spacing_px != 0 ? 3 : 1);
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

/* One piece: pen and ink go on from line->width. libass adds the spacing after
 * every character, whatever its glyphs are. */
static void measure_piece(const struct setter *setter,
                          const struct piece *piece, struct face_line *line)
{
    const struct face *face = piece->face;
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
    struct piece piece;
    memset(out, 0, sizeof(*out));
    setter_init(&setter, faces, font, size_px, spacing_px, text);
    for (; setter_next(&setter, text, &piece); text += piece.size)
        measure_piece(&setter, &piece, out);
    hb_buffer_destroy(setter.buffer);
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
static double place_piece(const struct setter *setter,
                          const struct piece *piece, double pen,
                          double *positions, size_t *index)
{
    double scale = setter->size_px / piece->face->units;
    unsigned count, glyph = 0;
    setter_shape(setter, piece);
    const hb_glyph_info_t *info =
        hb_buffer_get_glyph_infos(setter->buffer, &count);
    const hb_glyph_position_t *position =
        hb_buffer_get_glyph_positions(setter->buffer, &count);
    bool reverse =
        HB_DIRECTION_IS_BACKWARD(hb_buffer_get_direction(setter->buffer));

    const char *end = piece->text + piece->size;
    for (const char *at = piece->text; at < end; text_next(&at)) {
        double advance = 0;
        unsigned before = glyph;
        for (; glyph < count; glyph++) {
            unsigned k = reverse ? count - 1 - glyph : glyph;
            if (info[k].cluster > (unsigned)(at - piece->text))
                break;
            advance += position[k].x_advance * scale;
        }
        positions[(*index)++] = pen;
        pen += advance + (glyph > before ? setter->spacing_px : 0);
    }
    return pen;
}

void faces_positions(const struct faces *faces, size_t font, double size_px,
                     double spacing_px, const char *text, double *positions)
{
    struct setter setter;
    struct piece piece;
    size_t index = 0;
    double pen = 0;
    setter_init(&setter, faces, font, size_px, spacing_px, text);
    for (; setter_next(&setter, text, &piece); text += piece.size)
        pen = place_piece(&setter, &piece, pen, positions, &index);
    /* With an empty chain nothing has a width. */
    for (size_t i = text_count(text) + 1; i > 0; i--)
        positions[index++] = pen;
    hb_buffer_destroy(setter.buffer);
}
