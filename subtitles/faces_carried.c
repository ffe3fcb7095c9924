/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of faces with what a script carries in front of the style's, and which
 * of them a name means: libass's own rule, so that what is measured is what is
 * drawn. The carried ones are known by their tables alone. */
#include "subtitles/faces.h"
#include "subtitles/faces_parts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- fonts of numbers ----------------------------------------------------- */

/* Glyph 0 is the box; glyph n is letter n - 1. */
static const struct face_letter *letter_of(const struct face_table *table,
                                           hb_codepoint_t glyph)
{
    return glyph && glyph <= table->letter_count ? &table->letters[glyph - 1]
                                                 : &table->box;
}

static hb_bool_t table_glyph(hb_font_t *font, void *data,
                             hb_codepoint_t character, hb_codepoint_t *glyph,
                             void *opaque)
{
    const struct face_table *table = data;
    const struct face_letter *letter = face_table_find(table, character);
    *glyph = letter ? (hb_codepoint_t)(letter - table->letters) + 1 : 0;
    return letter != NULL;
}

static hb_position_t table_advance(hb_font_t *font, void *data,
                                   hb_codepoint_t glyph, void *opaque)
{
    return letter_of(data, glyph)->advance;
}

static hb_bool_t table_extents(hb_font_t *font, void *data,
                               hb_codepoint_t glyph,
                               hb_glyph_extents_t *extents, void *opaque)
{
    const struct face_letter *letter = letter_of(data, glyph);
    extents->x_bearing = letter->left;
    extents->y_bearing = letter->top;
    extents->width = letter->right - letter->left;
    extents->height = letter->bottom - letter->top;
    return true;
}

hb_font_t *face_table_font(const struct face_table *table)
{
    hb_font_funcs_t *functions = hb_font_funcs_create();
    hb_font_funcs_set_nominal_glyph_func(functions, table_glyph, NULL, NULL);
    hb_font_funcs_set_glyph_h_advance_func(functions, table_advance, NULL,
                                           NULL);
    hb_font_funcs_set_glyph_extents_func(functions, table_extents, NULL, NULL);
    hb_face_t *face = hb_face_create(hb_blob_get_empty(), 0);
    hb_face_set_upem(face, (unsigned)table->units);
    hb_font_t *font = hb_font_create(face);
    hb_font_set_scale(font, table->units, table->units);
    hb_font_set_funcs(font, functions, (void *)(uintptr_t)table, NULL);
    hb_face_destroy(face);
    hb_font_funcs_destroy(functions);
    return font;
}

/* --- sets ----------------------------------------------------------------- */

static void set_name(const struct face_facts *facts, size_t count,
                     char id[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    for (size_t i = 0; i < count; i++) {
        digest_field_text(digest, facts[i].digest);
        digest_field_int(digest, facts[i].index);
    }
    digest_finish_text(digest, id);
    digest_destroy(&digest);
}

static const char **names_copy(const char *const *list, size_t count,
                               struct arena *arena)
{
    const char **out = arena_alloc(arena, (count + 1) * sizeof(*out));
    for (size_t i = 0; i < count; i++)
        out[i] = arena_strdup(arena, list[i]);
    return out;
}

static struct face *face_create(const struct faces *set, size_t file,
                                const struct face_facts *facts,
                                const struct face_names *names,
                                const struct face_table *table)
{
    struct arena *arena = set->arena;
    struct face *face = arena_alloc(arena, sizeof(*face));
    struct face_names *own = arena_alloc(arena, sizeof(*own));
    *own = *names;
    own->families = names_copy((const char *const *)names->families,
                               names->family_count, arena);
    own->full_names = names_copy((const char *const *)names->full_names,
                                 names->full_name_count, arena);
    own->postscript = arena_strdup(arena, names->postscript);
    face->facts = *facts;
    face->facts.file = set->files[file].facts.file;
    face->facts.family = own->families[0];
    face->names = own;
    face->table = table;
    face->font = face_table_font(table);
    face->units = table->units;
    face->ascender = table->ascender;
    face->descender = table->descender;
    return face;
}

/* The style's chains, each with all that is carried behind it; then one for
 * each carried face: itself, the chain of style font `font`, the others. */
static void set_fill(struct faces *set, size_t font, struct face **carried,
                     size_t count)
{
    const struct faces *base = set->base;
    for (size_t i = 0; i < base->chain_count; i++) {
        for (size_t k = 0; k < base->chains[i].count; k++)
            faces_share(set, i, base->chains[i].list[k]);
        for (size_t k = 0; k < count; k++)
            faces_share(set, i, carried[k]);
    }
    set->first_carried = base->chain_count;
    set->carried_count = count;
    for (size_t i = 0; i < count; i++) {
        size_t chain = set->first_carried + i;
        faces_put(set, chain, carried[i]);
        for (size_t k = 0;
             font < base->chain_count && k < base->chains[font].count; k++)
            faces_share(set, chain, base->chains[font].list[k]);
        for (size_t k = 0; k < count; k++) {
            if (k != i)
                faces_share(set, chain, carried[k]);
        }
    }
}

const struct faces *faces_carry(struct log *log, struct faces *faces,
                                size_t font, const struct face_facts *facts,
                                const struct face_names *names,
                                const struct face_table *const *tables,
                                size_t count)
{
    char id[DIGEST_TEXT];
    set_name(facts, count, id);
    const struct faces *known = faces_carried(faces, id);
    if (known)
        return known;
    struct faces *set = faces_create();
    set->base = faces;
    memcpy(set->id, id, sizeof(id));
    struct face **carried =
        arena_alloc(set->arena, (count + 1) * sizeof(*carried));
    for (size_t i = 0; i < count; i++) {
        size_t file;
        struct face_facts own = facts[i];
        own.family = names[i].families[0];
        if (faces_open_file(log, set, &own, &file) < 0) {
            for (size_t k = 0; k < i; k++)
                hb_font_destroy(carried[k]->font);
            faces_destroy(&set);
            return NULL;
        }
        carried[i] = face_create(set, file, &own, &names[i], tables[i]);
    }
    set_fill(set, font, carried, count);
    *(struct faces **)ARENA_PUSH(faces->arena, faces->sets, faces->set_count) =
        set;
    return set;
}

const char *faces_carried_id(const struct faces *faces)
{
    return faces->id;
}

const struct faces *faces_carried(const struct faces *faces, const char *id)
{
    for (size_t i = 0; i < faces->set_count; i++) {
        if (strcmp(faces->sets[i]->id, id) == 0)
            return faces->sets[i];
    }
    return NULL;
}

size_t faces_carried_count(const struct faces *faces)
{
    return faces->base ? faces->file_count : 0;
}

/* --- names ---------------------------------------------------------------- */

static const struct face_names *carried_names(const struct faces *faces,
                                              size_t i)
{
    return faces->chains[faces->first_carried + i].list[0]->names;
}

bool faces_carry_name(const struct faces *faces, const char *name, size_t size)
{
    for (size_t i = 0; i < faces->carried_count; i++) {
        if (face_names_match(carried_names(faces, i), name, size))
            return true;
    }
    return false;
}

static int score_of(const struct face_wish *wish, int weight, int slant)
{
    return abs(weight - wish->weight) + abs(slant - (wish->italic ? 100 : 0));
}

/* Among the style's own: the family's face of that weight, else any. INT_MAX:
 * the family is not there. */
static int style_chain(const struct faces *faces, const struct face_wish *wish,
                       size_t *chain)
{
    bool bold = wish->weight >= 600;
    int best = INT_MAX;
    size_t count = faces->base ? faces->first_carried : faces->chain_count;
    for (size_t i = 0; i < count; i++) {
        if (faces->chains[i].count == 0)
            continue;
        const struct face *face = faces->chains[i].list[0];
        const struct face_facts *facts = &face->facts;
        if (face->table || strlen(facts->family) != wish->size ||
            strncasecmp(facts->family, wish->family, wish->size) != 0)
            continue;
        if (best == INT_MAX || facts->bold == bold) {
            best = score_of(wish, facts->bold ? 700 : 400, 0);
            *chain = i;
        }
        if (facts->bold == bold)
            break;
    }
    return best;
}

/* find_font of libass (ass_fontselect.c, 0.17): the nearest of a family in
 * weight and slant, the first of equals, and at once whatever is meant by its
 * full name. */
static int carried_chain(const struct faces *faces,
                         const struct face_wish *wish, size_t *chain)
{
    int best = INT_MAX;
    for (size_t i = 0; i < faces->carried_count && best > 0; i++) {
        const struct face_names *names = carried_names(faces, i);
        enum face_match match =
            face_names_match(names, wish->family, wish->size);
        if (match == FACE_NO_MATCH)
            continue;
        int score = match == FACE_ITSELF
                        ? 0
                        : score_of(wish, names->weight, names->slant);
        if (score < best) {
            best = score;
            *chain = faces->first_carried + i;
        }
    }
    return best;
}

size_t faces_chain(const struct faces *faces, const struct face_wish *wish,
                   size_t otherwise)
{
    size_t style = otherwise, carried = otherwise;
    int style_score = style_chain(faces, wish, &style);
    int carried_score = carried_chain(faces, wish, &carried);
    return carried_score != INT_MAX && carried_score <= style_score ? carried
                                                                    : style;
}
