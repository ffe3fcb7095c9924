/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Families and weights to files and faces, by fontconfig on configurations of
 * its own: the house's folder first, then what the system has. Chooses; what a
 * face holds is the business of subtitles/faces. */
#include "ingest/fonts.h"

#include <stdlib.h>
#include <string.h>
#include <fontconfig/fontconfig.h>
#include "base/digest.h"
#include "base/files.h"
#include "base/log.h"

/* A face further from the asked weight than from Regular to Bold by a third
 * is another weight. */
#define FONT_WEIGHT_FAR   40
#define FONT_FOLDERS_DEEP 3

static const char *const font_endings[] = {"ttf", "otf", "ttc", "otc", NULL};

struct font_search {
    FcConfig *house; /* NULL: no folder was named */
    FcConfig *system;
    struct memo *memo;           /* lent; may be NULL */
    struct face_facts *digested; /* one entry per file: file and digest */
    size_t digested_count;
};

struct font_found {
    const char *file;
    int index;
    int weight; /* fontconfig's */
};

static void font_list(const char *folder, int depth, struct arena *arena,
                      const char ***paths, size_t *path_count)
{
    char **names = NULL;
    size_t count = 0;
    if (depth > FONT_FOLDERS_DEEP ||
        files_list(NULL, folder, arena, &names, &count) < 0)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *path = files_join(arena, folder, names[i]);
        if (files_is_folder(path))
            font_list(path, depth + 1, arena, paths, path_count);
        else if (files_has_ending(path, font_endings))
            *(const char **)ARENA_PUSH(arena, *paths, *path_count) = path;
    }
}

const char **fonts_in_folder(const char *folder, struct arena *arena,
                             size_t *count)
{
    const char **paths = NULL;
    *count = 0;
    if (folder && files_is_folder(folder))
        font_list(folder, 0, arena, &paths, count);
    return paths;
}

static void font_search_open(struct font_search *search,
                             const char *house_folder, struct arena *arena)
{
    size_t count;
    const char **paths = fonts_in_folder(house_folder, arena, &count);
    *search = (struct font_search){0};
    if (house_folder && files_is_folder(house_folder))
        search->house = FcConfigCreate();
    /* File by file: a folder as a whole makes fontconfig want to write a
     * cache. */
    for (size_t i = 0; search->house && i < count; i++)
        FcConfigAppFontAddFile(search->house, (const FcChar8 *)paths[i]);
    search->system = FcInitLoadConfigAndFonts();
}

static void font_search_close(struct font_search *search)
{
    if (search->house)
        FcConfigDestroy(search->house);
    if (search->system)
        FcConfigDestroy(search->system);
    *search = (struct font_search){0};
}

static int font_integer(const FcPattern *pattern, const char *key, int missing)
{
    int value = missing;
    return FcPatternGetInteger(pattern, key, 0, &value) == FcResultMatch
               ? value
               : missing;
}

/* How far a face is from what was asked; weight counts most finely, so a
 * slanted or condensed one only wins alone. Variable fonts last: libass draws
 * their default instance whatever was chosen. */
static int64_t font_distance(const FcPattern *face, int weight)
{
    FcBool variable = FcFalse;
    FcPatternGetBool(face, FC_VARIABLE, 0, &variable);
    const int slant = font_integer(face, FC_SLANT, FC_SLANT_ROMAN);
    const int width = font_integer(face, FC_WIDTH, FC_WIDTH_NORMAL);
    const int has = font_integer(face, FC_WEIGHT, FC_WEIGHT_REGULAR);
    return (variable ? INT64_C(1) << 40 : 0) +
           (slant != FC_SLANT_ROMAN ? INT64_C(1) << 30 : 0) +
           labs(width - (long)FC_WIDTH_NORMAL) * (INT64_C(1) << 20) +
           labs(has - (long)weight);
}

/* Order of equals, so that the choice never hangs on a folder's order. */
static bool font_goes_first(int64_t distance, const char *file, int index,
                            int64_t best, const struct font_found *found)
{
    if (distance != best)
        return distance < best;
    const int order = strcmp(file, found->file);
    return order ? order < 0 : index < found->index;
}

static bool font_pick(FcConfig *config, const char *family, int weight,
                      struct arena *arena, struct font_found *found)
{
    int64_t best = INT64_MAX;
    if (!config)
        return false;
    FcPattern *wish = FcPatternCreate();
    FcPatternAddString(wish, FC_FAMILY, (const FcChar8 *)family);
    FcObjectSet *asked =
        FcObjectSetBuild(FC_FAMILY, FC_FILE, FC_INDEX, FC_WEIGHT, FC_SLANT,
                         FC_WIDTH, FC_VARIABLE, FC_SCALABLE, NULL);
    /* A list, not a match: a match would hand out some other family. */
    FcFontSet *faces = FcFontList(config, wish, asked);
    for (int i = 0; faces && i < faces->nfont; i++) {
        FcPattern *face = faces->fonts[i];
        FcChar8 *file = NULL;
        FcBool scalable = FcTrue;
        FcPatternGetBool(face, FC_SCALABLE, 0, &scalable);
        if (!scalable ||
            FcPatternGetString(face, FC_FILE, 0, &file) != FcResultMatch)
            continue;
        const int64_t distance = font_distance(face, weight);
        const int index = font_integer(face, FC_INDEX, 0);
        if (best != INT64_MAX &&
            !font_goes_first(distance, (char *)file, index, best, found))
            continue;
        best = distance;
        *found = (struct font_found){
            arena_strdup(arena, (char *)file), index,
            font_integer(face, FC_WEIGHT, FC_WEIGHT_REGULAR)};
    }
    if (faces)
        FcFontSetDestroy(faces);
    FcObjectSetDestroy(asked);
    FcPatternDestroy(wish);
    return best != INT64_MAX;
}

/* ---- what is told -------------------------------------------------------- */

static const char *font_package(const char *family)
{
    static const struct {
        const char *begin, *package;
    } packages[] = {
        {"Noto Sans CJK", "fonts-noto-cjk"},
        {"Noto Serif CJK", "fonts-noto-cjk"},
        {"Noto Sans Mono CJK", "fonts-noto-cjk"},
        {"Noto Color Emoji", "fonts-noto-color-emoji"},
        {"Noto ", "fonts-noto-core"},
        {"DejaVu", "fonts-dejavu"},
        {"Liberation", "fonts-liberation"},
        {"WenQuanYi Zen Hei", "fonts-wqy-zenhei"},
        {"WenQuanYi Micro Hei", "fonts-wqy-microhei"},
        {"HanaMin", "fonts-hanazono"},
        {"LXGW WenKai", "fonts-lxgw-wenkai"},
        {"AR PL UKai", "fonts-arphic-ukai"},
        {"AR PL UMing", "fonts-arphic-uming"},
    };
    for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++)
        if (strncmp(family, packages[i].begin, strlen(packages[i].begin)) == 0)
            return packages[i].package;
    return NULL;
}

static void font_tell_missing(struct faults *faults, const struct style *style,
                              const char *family, bool needed)
{
    const struct fault_place place = {.field = "style"};
    const enum fault_kind kind = needed ? FAULT_SESSION : FAULT_WARNING;
    const char *package = font_package(family);
    if (package)
        fault_add(faults, kind, place,
                  _("the font family \"%s\" of style \"%s\" is not installed; "
                    "install it with \"apt install %s\", or put its files into "
                    "a folder and name that as \"fonts\" in session.yaml"),
                  family, style->name, package);
    else
        fault_add(faults, kind, place,
                  _("the font family \"%s\" of style \"%s\" is not installed; "
                    "put its files into a folder and name that as \"fonts\" in "
                    "session.yaml"),
                  family, style->name);
}

static void font_tell_weight(struct faults *faults, const struct style *style,
                             const char *family, bool bold)
{
    fault_add(faults, FAULT_WARNING, (struct fault_place){.field = "style"},
              bold ? _("the font family \"%s\" of style \"%s\" is there, but "
                       "not in bold, and is drawn lighter; install its bold "
                       "file for the intended look")
                   : _("the font family \"%s\" of style \"%s\" is there, but "
                       "not in its regular weight, and is drawn heavier; "
                       "install its regular file for the intended look"),
              family, style->name);
}

/* ---- chains -------------------------------------------------------------- */

static int font_digest(struct log *log, struct font_search *search,
                       struct arena *arena, struct face_facts *facts)
{
    for (size_t i = 0; i < search->digested_count; i++) {
        if (strcmp(search->digested[i].file, facts->file) == 0) {
            memcpy(facts->digest, search->digested[i].digest, DIGEST_TEXT);
            return 0;
        }
    }
    const int ret = memo_digest(log, search->memo, facts->file, facts->digest);
    if (ret < 0)
        return ret;
    struct face_facts *entry =
        ARENA_PUSH(arena, search->digested, search->digested_count);
    *entry = *facts;
    return 0;
}

static int font_add(struct log *log, struct font_search *search,
                    const struct style *style, size_t font, const char *family,
                    bool needed, struct arena *arena, struct faults *faults,
                    struct faces *faces)
{
    const bool bold = style->fonts[font].bold;
    const int weight = bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR;
    struct font_found found;
    if (!font_pick(search->house, family, weight, arena, &found) &&
        !font_pick(search->system, family, weight, arena, &found)) {
        font_tell_missing(faults, style, family, needed);
        return 0;
    }
    struct face_facts facts = {.family = arena_strdup(arena, family),
                               .bold = found.weight >= FC_WEIGHT_SEMIBOLD,
                               .file = found.file,
                               .index = found.index};
    if (needed && abs(found.weight - weight) > FONT_WEIGHT_FAR)
        font_tell_weight(faults, style, family, bold);
    const int ret = font_digest(log, search, arena, &facts);
    return ret < 0 ? ret : faces_add(log, faces, font, &facts);
}

int fonts_load(struct log *log, const struct style *style,
               const char *house_folder, struct memo *memo, struct arena *arena,
               struct faults *faults, struct faces **out)
{
    struct font_search search;
    int ret = 0;
    *out = faces_create();
    font_search_open(&search, house_folder, arena);
    search.memo = memo;
    if (!search.system) {
        ret = log_fail(log, AVERROR_EXTERNAL,
                       _("fontconfig can't be set up on this computer; "
                         "reinstall the package fontconfig-config"));
        goto done;
    }
    for (size_t i = 0; i < style->font_count && ret >= 0; i++) {
        const struct style_font *font = &style->fonts[i];
        ret = font_add(log, &search, style, i, font->family, true, arena,
                       faults, *out);
        for (size_t k = 0; k < font->fallback_count && ret >= 0; k++)
            ret = font_add(log, &search, style, i, font->fallbacks[k], false,
                           arena, faults, *out);
    }
    faces_add_leads(*out);
done:
    font_search_close(&search);
    if (ret < 0)
        faces_destroy(out);
    return ret;
}
