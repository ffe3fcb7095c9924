/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parses a foreign font with FreeType and HarfBuzz, in workers only: its
 * faces' names, and each letter's advance and ink in font units. Every outline
 * is loaded once, so that what is damaged is known before anything is drawn. */
#include "subtitles/face_table.h"
#include "subtitles/faces_parts.h"

#include <stdlib.h>
#include <string.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_SFNT_NAMES_H
#include FT_TRUETYPE_IDS_H
#include FT_TRUETYPE_TABLES_H
#include FT_TYPE1_TABLES_H
#include <hb.h>
#include <hb-ot.h>
#include <libavutil/intreadwrite.h>

#include "base/buffer.h"
#include "base/text.h"

#define NAME_BYTES_MOST 1023 /* in UTF-8, as libass cuts them */
#define LETTERS_MOST    200000
#define PAIR_LETTERS    256
/* OpenType, "Table directory" and "TTC header". */
#define DIRECTORY_HEAD  12
#define DIRECTORY_ENTRY 16

/* --- the file ------------------------------------------------------------- */

/* What drawing can't do without; FreeType passes over tables that lie outside
 * of a file that was cut off, and then finds the letters empty. */
static bool tables_are_whole(const uint8_t *bytes, size_t size, size_t face)
{
    static const char needed[][5] = {"cmap", "head", "hhea", "hmtx", "maxp",
                                     "glyf", "loca", "CFF ", "CFF2"};
    if (face > size || size - face < DIRECTORY_HEAD)
        return false;
    size_t count = AV_RB16(bytes + face + 4);
    if ((size - face - DIRECTORY_HEAD) / DIRECTORY_ENTRY < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *entry =
            bytes + face + DIRECTORY_HEAD + i * DIRECTORY_ENTRY;
        size_t offset = AV_RB32(entry + 8), length = AV_RB32(entry + 12);
        for (size_t k = 0; k < sizeof(needed) / sizeof(needed[0]); k++) {
            if (memcmp(entry, needed[k], 4) == 0 &&
                (offset > size || length > size - offset))
                return false;
        }
    }
    return true;
}

/* Checks the outermost structure; how many faces there are, 0 after telling. */
static size_t file_check(struct log *log, const uint8_t *bytes, size_t size)
{
    static const char kinds[][5] = {"\0\1\0\0", "true", "OTTO", "ttcf"};
    bool known = false;
    for (size_t i = 0; size >= DIRECTORY_HEAD + 4 && i < 4; i++)
        known = known || memcmp(bytes, kinds[i], 4) == 0;
    if (!known) {
        log_fail(log, AVERROR_INVALIDDATA,
                 _("it is no TrueType or OpenType font"));
        return 0;
    }
    bool many = memcmp(bytes, "ttcf", 4) == 0, whole = true;
    size_t count = many ? AV_RB32(bytes + 8) : 1;
    if (many && count > (size - DIRECTORY_HEAD) / 4)
        whole = false;
    if (count > FACE_FACES_MOST)
        count = FACE_FACES_MOST;
    for (size_t i = 0; whole && i < count; i++)
        whole = tables_are_whole(
            bytes, size, many ? AV_RB32(bytes + DIRECTORY_HEAD + 4 * i) : 0);
    if (!whole)
        log_fail(log, AVERROR_INVALIDDATA, _("it is damaged"));
    return whole ? count : 0;
}

/* The Unicode map that libass will go by once faces_widen_cmap has been over
 * it, else the one for symbols; false: there is neither. */
static bool face_choose_map(FT_Face face)
{
    static const FT_UShort order[] = {TT_MS_ID_UCS_4, TT_MS_ID_UNICODE_CS,
                                      TT_MS_ID_SYMBOL_CS};
    for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++) {
        for (int i = 0; i < face->num_charmaps; i++) {
            FT_CharMap map = face->charmaps[i];
            if (map->platform_id == TT_PLATFORM_MICROSOFT &&
                map->encoding_id == order[k])
                return FT_Set_Charmap(face, map) == 0;
        }
    }
    return face->charmap && face->charmap->encoding == FT_ENCODING_UNICODE;
}

/* --- names ---------------------------------------------------------------- */

/* UTF-16 as name tables have it; what is no character is left out. */
static const char *name_decode(const FT_SfntName *name, struct arena *arena)
{
    struct buffer out = {0};
    for (size_t i = 0; i + 1 < name->string_len;) {
        uint32_t unit = AV_RB16(name->string + i);
        i += 2;
        if (unit >= 0xD800 && unit < 0xDC00 && i + 1 < name->string_len) {
            uint32_t low = AV_RB16(name->string + i);
            i += 2;
            unit = low >= 0xDC00 && low < 0xE000
                       ? 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00)
                       : 0;
        }
        char letter[5];
        if (!unit || (unit >= 0xD800 && unit < 0xE000))
            continue;
        int bytes = text_encode(unit, letter);
        if (out.size + (size_t)bytes > NAME_BYTES_MOST)
            break;
        buffer_append(&out, letter, (size_t)bytes);
    }
    const char *text = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return text;
}

static void name_add(const char *name, const char ***list, size_t *count,
                     struct arena *arena)
{
    if (!*name || *count == FACE_NAMES_MOST ||
        !text_is_utf8(name, strlen(name)))
        return;
    const char **place = ARENA_PUSH(arena, *list, *count);
    *place = name;
}

static void names_take(struct face_names *names, FT_Face face,
                       struct arena *arena)
{
    for (FT_UInt i = 0; i < FT_Get_Sfnt_Name_Count(face); i++) {
        FT_SfntName name;
        if (FT_Get_Sfnt_Name(face, i, &name) ||
            name.platform_id != TT_PLATFORM_MICROSOFT)
            continue;
        if (name.name_id == TT_NAME_ID_FONT_FAMILY)
            name_add(name_decode(&name, arena), &names->families,
                     &names->family_count, arena);
        else if (name.name_id == TT_NAME_ID_FULL_NAME)
            name_add(name_decode(&name, arena), &names->full_names,
                     &names->full_name_count, arena);
    }
    if (!names->family_count && face->family_name)
        name_add(arena_strdup(arena, face->family_name), &names->families,
                 &names->family_count, arena);
    const char *postscript = FT_Get_Postscript_Name(face);
    if (postscript && text_is_utf8(postscript, strlen(postscript)))
        names->postscript = arena_strdup(arena, postscript);
    PS_FontInfoRec info;
    names->is_postscript = FT_Get_PS_Font_Info(face, &info) == 0;
}

static int weight_of(FT_Face face)
{
    const TT_OS2 *os2 = FT_Get_Sfnt_Table(face, FT_SFNT_OS2);
    int weight = face->style_flags & FT_STYLE_FLAG_BOLD ? 700 : 400;
    if (os2 && os2->version != 0xFFFF && os2->usWeightClass)
        weight = os2->usWeightClass;
    return weight < 100 || weight > 900 ? 400 : weight;
}

int face_names_read(struct log *log, const void *bytes, size_t size,
                    struct arena *arena, struct face_names **list,
                    size_t *count)
{
    FT_Library library = NULL;
    size_t faces = file_check(log, bytes, size);
    *list = NULL;
    *count = 0;
    if (!faces)
        return AVERROR_INVALIDDATA;
    if (FT_Init_FreeType(&library))
        return AVERROR(ENOMEM);
    bool opened = false;
    for (size_t i = 0; i < faces; i++) {
        FT_Face face;
        if (FT_New_Memory_Face(library, bytes, (FT_Long)size, (FT_Long)i,
                               &face))
            continue;
        opened = true;
        struct face_names names = {
            .index = (int)i,
            .weight = weight_of(face),
            .slant = face->style_flags & FT_STYLE_FLAG_ITALIC ? 110 : 0,
        };
        if (FT_IS_SCALABLE(face) && face_choose_map(face))
            names_take(&names, face, arena);
        FT_Done_Face(face);
        if (names.family_count)
            *(struct face_names *)ARENA_PUSH(arena, *list, *count) = names;
    }
    FT_Done_FreeType(library);
    if (!opened)
        return log_fail(log, AVERROR_INVALIDDATA, _("it is damaged"));
    if (!*count)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("it has no name or no letters to be known by"));
    return 0;
}

/* --- letters -------------------------------------------------------------- */

/* A face that is being read. */
struct reading {
    FT_Face face;
    hb_font_t *font; /* the same */
    hb_buffer_t *buffer;
    struct arena *arena;
    struct face_table *table;
};

/* As faces_shape.c sets a line. Ligatures come and go with letter spacing: they
 * are no property of letters. */
static const hb_glyph_position_t *shape(const struct reading *reading,
                                        const uint32_t *letters, size_t count,
                                        hb_script_t script, unsigned *glyphs)
{
    const hb_feature_t features[] = {
        {HB_TAG('l', 'i', 'g', 'a'), 0, 0, (unsigned)-1},
        {HB_TAG('c', 'l', 'i', 'g'), 0, 0, (unsigned)-1},
    };
    hb_buffer_t *buffer = reading->buffer;
    hb_buffer_reset(buffer);
    hb_buffer_add_utf32(buffer, letters, (int)count, 0, (int)count);
    hb_buffer_set_script(buffer, script);
    hb_buffer_set_language(buffer, hb_language_from_string("zh", -1));
    hb_buffer_set_direction(buffer, HB_DIRECTION_LTR);
    hb_shape(reading->font, buffer, features, 2);
    return hb_buffer_get_glyph_positions(buffer, glyphs);
}

/* The glyph that Chinese text gets for a letter: dashes and quotation marks of
 * fonts for several languages have other forms and widths there. Marks are
 * among Chinese, for what is measured. */
static FT_UInt letter_glyph(const struct reading *reading, uint32_t letter,
                            FT_UInt nominal)
{
    hb_script_t script =
        hb_unicode_script(hb_unicode_funcs_get_default(), letter);
    unsigned count;
    if (script == HB_SCRIPT_COMMON || script == HB_SCRIPT_INHERITED)
        script = HB_SCRIPT_HAN;
    shape(reading, &letter, 1, script, &count);
    const hb_glyph_info_t *info =
        hb_buffer_get_glyph_infos(reading->buffer, &count);
    return count == 1 && info[0].codepoint ? info[0].codepoint : nominal;
}

/* Advance and ink of the glyph; false: its outline is damaged or none. */
static bool letter_load(FT_Face face, FT_UInt glyph, struct face_letter *out)
{
    FT_BBox box;
    if (FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE | FT_LOAD_NO_BITMAP) ||
        face->glyph->format != FT_GLYPH_FORMAT_OUTLINE)
        return false;
    out->advance = (int32_t)face->glyph->metrics.horiAdvance;
    if (face->glyph->outline.n_points == 0)
        return true;
    FT_Outline_Get_CBox(&face->glyph->outline, &box);
    out->left = (int32_t)box.xMin;
    out->bottom = (int32_t)box.yMin;
    out->right = (int32_t)box.xMax;
    out->top = (int32_t)box.yMax;
    return true;
}

static void letter_add(const struct reading *reading, FT_ULong code,
                       FT_UInt glyph)
{
    struct face_table *table = reading->table;
    struct face_letter letter = {.character = (uint32_t)code};
    if (!code || code > 0x10FFFF || table->letter_count == LETTERS_MOST ||
        !letter_load(reading->face,
                     letter_glyph(reading, letter.character, glyph), &letter))
        return;
    *(struct face_letter *)ARENA_PUSH(reading->arena, table->letters,
                                      table->letter_count) = letter;
}

/* Maps of symbols lie at U+F000, and are asked for as Latin letters too
 * (ass_font_index_magic); U+F020 and U+0020 are one. */
static void letters_take(const struct reading *reading)
{
    FT_Face face = reading->face;
    bool symbols = face->charmap->encoding == FT_ENCODING_MS_SYMBOL;
    FT_UInt glyph;
    for (FT_ULong code = 0x20; symbols && code < 0x100; code++) {
        glyph = FT_Get_Char_Index(face, 0xF000 | code);
        if (glyph)
            letter_add(reading, code, glyph);
    }
    FT_ULong code = FT_Get_First_Char(face, &glyph);
    while (glyph) {
        if (!symbols || (code >= 0xF000 && code < 0xF100))
            letter_add(reading, code, glyph);
        code = FT_Get_Next_Char(face, code, &glyph);
    }
    letter_load(face, 0, &reading->table->box);
}

static bool has_ink(const struct face_table *table)
{
    for (size_t i = 0; i < table->letter_count; i++) {
        if (table->letters[i].right > table->letters[i].left)
            return true;
    }
    return false;
}

/* --- pairs ---------------------------------------------------------------- */

static int32_t advance_of(const struct reading *reading,
                          const uint32_t *letters, size_t count)
{
    unsigned glyphs;
    int32_t advance = 0;
    const hb_glyph_position_t *position =
        shape(reading, letters, count, HB_SCRIPT_LATIN, &glyphs);
    for (unsigned i = 0; i < glyphs; i++)
        advance += position[i].x_advance;
    return advance;
}

/* Latin letters and what stands among them: Chinese is not kerned. */
static size_t pair_letters(const struct face_table *table, uint32_t *out)
{
    static const uint32_t others[] = {0x2013, 0x2014, 0x2018, 0x2019,
                                      0x201C, 0x201D, 0x2026};
    size_t count = 0;
    for (uint32_t c = 0x20; c < 0x100; c++) {
        if ((c < 0x7F || c >= 0xA1) && face_table_find(table, c))
            out[count++] = c;
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (face_table_find(table, others[i]))
            out[count++] = others[i];
    }
    return count;
}

static void pairs_take(const struct reading *reading)
{
    struct face_table *table = reading->table;
    uint32_t letters[PAIR_LETTERS];
    int32_t alone[PAIR_LETTERS];
    size_t count = pair_letters(table, letters);
    for (size_t i = 0; i < count; i++)
        alone[i] = advance_of(reading, &letters[i], 1);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            const uint32_t both[] = {letters[i], letters[k]};
            int32_t by = advance_of(reading, both, 2) - alone[i] - alone[k];
            if (by)
                *(struct face_pair *)ARENA_PUSH(reading->arena, table->pairs,
                                                table->pair_count) =
                    (struct face_pair){both[0], both[1], by};
        }
    }
}

/* --- the table ------------------------------------------------------------ */

static hb_font_t *open_font(const void *bytes, size_t size, int index,
                            int units)
{
    hb_blob_t *blob = hb_blob_create(bytes, (unsigned)size,
                                     HB_MEMORY_MODE_READONLY, NULL, NULL);
    hb_face_t *face = hb_face_create(blob, (unsigned)index);
    hb_font_t *font = hb_font_create(face);
    hb_font_set_scale(font, units, units);
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    return font;
}

static bool table_fill(struct reading *reading, const void *bytes, size_t size,
                       int index)
{
    struct face_table *table = reading->table;
    face_read_height(reading->face, &table->units, &table->ascender,
                     &table->descender);
    if (table->units <= 0 || table->ascender + table->descender <= 0)
        return false;
    reading->font = open_font(bytes, size, index, table->units);
    reading->buffer = hb_buffer_create();
    letters_take(reading);
    bool filled = has_ink(table);
    if (filled)
        pairs_take(reading);
    hb_buffer_destroy(reading->buffer);
    hb_font_destroy(reading->font);
    return filled;
}

int face_table_make(struct log *log, const void *bytes, size_t size, int index,
                    struct arena *arena, struct face_table **out)
{
    FT_Library library = NULL;
    struct reading reading = {.arena = arena,
                              .table = arena_alloc(arena, sizeof(**out))};
    size_t faces = file_check(log, bytes, size);
    bool filled = false;
    *out = NULL;
    if (index < 0 || (size_t)index >= faces)
        return AVERROR_INVALIDDATA;
    if (FT_Init_FreeType(&library) == 0 &&
        FT_New_Memory_Face(library, bytes, (FT_Long)size, index,
                           &reading.face) == 0 &&
        face_choose_map(reading.face))
        filled = table_fill(&reading, bytes, size, index);
    FT_Done_Face(reading.face);
    FT_Done_FreeType(library);
    if (!filled)
        return log_fail(log, AVERROR_INVALIDDATA,
                        _("none of its letters can be drawn"));
    *out = reading.table;
    return 0;
}
