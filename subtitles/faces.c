/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the open font files and the chains of faces that a style's fonts are:
 * which character is in which face, and how the em relates to ASS font sizes.
 * Shaping and widths are in faces_shape.c; where a file comes from is not
 * known here. */
#include "subtitles/faces.h"
#include "subtitles/faces_parts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_TRUETYPE_TABLES_H
#include <hb-ot.h>

#include "base/text.h"

struct faces *faces_create(void)
{
    struct arena *arena = arena_create();
    struct faces *faces = arena_alloc(arena, sizeof(*faces));
    faces->arena = arena;
    return faces;
}

void faces_destroy(struct faces **faces)
{
    if (!*faces)
        return;
    for (size_t i = 0; i < (*faces)->set_count; i++)
        faces_destroy(&(*faces)->sets[i]);
    for (size_t i = 0; i < (*faces)->chain_count; i++) {
        struct face_chain *chain = &(*faces)->chains[i];
        for (size_t k = 0; k < chain->count; k++)
            hb_font_destroy(chain->list[k]->font);
    }
    for (size_t i = 0; i < (*faces)->file_count; i++) {
        struct face_file *file = &(*faces)->files[i];
        munmap(file->bytes, file->size);
        close(file->file);
    }
    if ((*faces)->installed)
        FcConfigDestroy((*faces)->installed);
    struct arena *arena = (*faces)->arena;
    *faces = NULL;
    arena_destroy(&arena);
}

static int file_map(struct log *log, const char *path, struct face_file *file)
{
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &stat) < 0 || stat.st_size <= 0) {
        int ret = fd < 0 ? AVERROR(errno) : AVERROR(EINVAL);
        if (fd >= 0)
            close(fd);
        return log_fail(log, ret,
                        _("%s: the font file can't be read: %s; check that it "
                          "is there and readable"),
                        path, LOG_REASON(ret));
    }
    file->size = (size_t)stat.st_size;
    file->bytes = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
    file->file = fd;
    if (file->bytes != MAP_FAILED)
        return 0;
    int ret = AVERROR(errno);
    close(fd);
    return log_fail(log, ret,
                    _("%s: the font file can't be mapped: %s; free some "
                      "memory and try again"),
                    path, LOG_REASON(ret));
}

int faces_open_file(struct log *log, struct faces *faces,
                    const struct face_facts *facts, size_t *index)
{
    for (*index = 0; *index < faces->file_count; ++*index) {
        if (strcmp(faces->files[*index].facts.file, facts->file) == 0)
            return 0;
    }
    struct face_file file = {.facts = *facts};
    int ret = file_map(log, facts->file, &file);
    if (ret < 0)
        return ret;
    file.facts.file = arena_strdup(faces->arena, facts->file);
    file.facts.family = arena_strdup(faces->arena, facts->family);
    struct face_file *added =
        ARENA_PUSH(faces->arena, faces->files, faces->file_count);
    *added = file;
    return 0;
}

/* libass takes ascender and descender from the OS/2 window metrics, read as
 * signed, and FreeType's own where those are missing; fonts that have none of
 * these at all get what is left. */
void face_read_height(FT_Face ft, int *units, int *ascender, int *descender)
{
    const TT_OS2 *os2 = FT_Get_Sfnt_Table(ft, FT_SFNT_OS2);
    *units = ft->units_per_EM;
    *ascender = ft->ascender;
    *descender = -ft->descender;
    if (os2 && (short)os2->usWinAscent + (short)os2->usWinDescent != 0) {
        *ascender = (short)os2->usWinAscent;
        *descender = (short)os2->usWinDescent;
    } else if (*ascender + *descender == 0 || ft->height == 0) {
        bool typographic = os2 && os2->sTypoAscender != os2->sTypoDescender;
        *ascender = typographic ? os2->sTypoAscender : (int)ft->bbox.yMax;
        *descender = typographic ? -os2->sTypoDescender : (int)-ft->bbox.yMin;
    }
}

static int face_open(struct log *log, struct face *face,
                     const struct face_file *file)
{
    FT_Library library = NULL;
    FT_Face ft = NULL;
    int ret = AVERROR_INVALIDDATA;
    /* The upper half of fontconfig's index names an instance of a variable
     * font, which libass can't choose from memory. */
    int index = face->facts.index & 0xFFFF;
    if (FT_Init_FreeType(&library))
        goto done;
    if (FT_New_Memory_Face(library, file->bytes, (FT_Long)file->size, index,
                           &ft))
        goto done;
    face_read_height(ft, &face->units, &face->ascender, &face->descender);
    if (face->units <= 0 || face->ascender + face->descender <= 0)
        goto done;

    hb_blob_t *blob = hb_blob_create(file->bytes, (unsigned)file->size,
                                     HB_MEMORY_MODE_READONLY, NULL, NULL);
    hb_face_t *hb = hb_face_create(blob, (unsigned)index);
    face->font = hb_font_create(hb);
    hb_font_set_scale(face->font, face->units, face->units);
    hb_face_destroy(hb);
    hb_blob_destroy(blob);
    ret = 0;

done:
    FT_Done_Face(ft);
    FT_Done_FreeType(library);
    if (ret < 0)
        return log_fail(log, ret,
                        _("%s: this is no font that can be used (face %d); "
                          "put another file in its place"),
                        face->facts.file, index);
    return 0;
}

int faces_add(struct log *log, struct faces *faces, size_t font,
              const struct face_facts *facts)
{
    size_t index;
    int ret = faces_open_file(log, faces, facts, &index);
    if (ret < 0)
        return ret;
    struct face *face = arena_alloc(faces->arena, sizeof(*face));
    face->facts = *facts;
    face->facts.file = faces->files[index].facts.file;
    face->facts.family = arena_strdup(faces->arena, facts->family);
    ret = face_open(log, face, &faces->files[index]);
    if (ret >= 0)
        faces_put(faces, font, face);
    return ret;
}

void faces_put(struct faces *faces, size_t font, struct face *face)
{
    while (faces->chain_count <= font)
        ARENA_PUSH(faces->arena, faces->chains, faces->chain_count);
    struct face_chain *chain = &faces->chains[font];
    struct face **place = ARENA_PUSH(faces->arena, chain->list, chain->count);
    *place = face;
}

void faces_share(struct faces *faces, size_t font, struct face *face)
{
    hb_font_reference(face->font);
    faces_put(faces, font, face);
}

static bool leads_chain(const struct faces *faces, const struct face *face)
{
    for (size_t i = 0; i < faces->chain_count; i++) {
        const struct face_chain *chain = &faces->chains[i];
        if (chain->count > 0 &&
            chain->list[0]->facts.bold == face->facts.bold &&
            strcasecmp(chain->list[0]->facts.family, face->facts.family) == 0)
            return true;
    }
    return false;
}

void faces_add_leads(struct faces *faces)
{
    size_t count = faces->chain_count;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 1; k < faces->chains[i].count; k++) {
            struct face *lead = faces->chains[i].list[k];
            if (leads_chain(faces, lead))
                continue;
            struct face_chain from = faces->chains[i];
            size_t chain = faces->chain_count;
            faces_share(faces, chain, lead);
            for (size_t m = 0; m < from.count; m++) {
                if (from.list[m] != lead)
                    faces_share(faces, chain, from.list[m]);
            }
        }
    }
}

size_t faces_count(const struct faces *faces)
{
    return faces->file_count + (faces->base ? faces_count(faces->base) : 0);
}

const struct face_facts *faces_file(const struct faces *faces, size_t i)
{
    if (i < faces->file_count)
        return &faces->files[i].facts;
    return faces->base ? faces_file(faces->base, i - faces->file_count) : NULL;
}

const struct face *faces_pick(const struct faces *faces, size_t font,
                              uint32_t character)
{
    if (font >= faces->chain_count)
        return NULL;
    const struct face_chain *chain = &faces->chains[font];
    for (size_t i = 0; i < chain->count; i++) {
        hb_codepoint_t glyph;
        if (hb_font_get_nominal_glyph(chain->list[i]->font, character, &glyph))
            return chain->list[i];
    }
    return NULL;
}

const struct face_facts *faces_for(const struct faces *faces, size_t font,
                                   uint32_t character)
{
    const struct face *face = faces_pick(faces, font, character);
    return face ? &face->facts : NULL;
}

const struct face_facts *faces_lead(const struct faces *faces, size_t font)
{
    if (font >= faces->chain_count || faces->chains[font].count == 0)
        return NULL;
    return &faces->chains[font].list[0]->facts;
}

uint32_t faces_missing(const struct faces *faces, size_t font, const char *text)
{
    uint32_t character;
    while ((character = text_next(&text))) {
        if (face_is_silent(character) || faces_pick(faces, font, character))
            continue;
        return character;
    }
    return 0;
}

double faces_ass_size(const struct face_facts *facts, const struct faces *faces,
                      double size_px)
{
    for (size_t i = 0; i < faces->chain_count; i++) {
        const struct face_chain *chain = &faces->chains[i];
        for (size_t k = 0; k < chain->count; k++) {
            const struct face *face = chain->list[k];
            if (&face->facts == facts ||
                (face->facts.index == facts->index &&
                 strcmp(face->facts.file, facts->file) == 0))
                return size_px * (face->ascender + face->descender) /
                       face->units;
        }
    }
    return size_px;
}

/* Simplified Chinese before the others, then by name: the same answer on
 * every machine with the same fonts. */
static bool family_is_better(const char *family, const char *than)
{
    if (!than)
        return true;
    bool chinese = strstr(family, " SC") || strstr(family, " CN");
    bool than_chinese = strstr(than, " SC") || strstr(than, " CN");
    if (chinese != than_chinese)
        return chinese;
    return strcmp(family, than) < 0;
}

/* fontconfig's default configuration is never given back but by FcFini: it is
 * one of our own. */
char *faces_suggest(struct faces *faces, uint32_t character,
                    struct arena *arena)
{
    const char *best = NULL;
    if (!faces->installed)
        faces->installed = FcInitLoadConfigAndFonts();
    if (!faces->installed)
        return NULL;
    FcPattern *pattern = FcPatternCreate();
    FcCharSet *set = FcCharSetCreate();
    FcObjectSet *objects = FcObjectSetBuild(FC_FAMILY, (char *)NULL);
    FcCharSetAddChar(set, character);
    FcPatternAddCharSet(pattern, FC_CHARSET, set);
    FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
    FcFontSet *found = FcFontList(faces->installed, pattern, objects);
    for (int i = 0; found && i < found->nfont; i++) {
        FcChar8 *family;
        if (FcPatternGetString(found->fonts[i], FC_FAMILY, 0, &family) ==
                FcResultMatch &&
            family_is_better((const char *)family, best))
            best = (const char *)family;
    }
    char *answer = arena_strdup(arena, best);
    if (found)
        FcFontSetDestroy(found);
    FcObjectSetDestroy(objects);
    FcCharSetDestroy(set);
    FcPatternDestroy(pattern);
    return answer;
}
