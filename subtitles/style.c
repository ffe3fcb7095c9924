/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads title styles from their YAML files through option tables. Knows
 * families' names, no font files; what a form looks like is known by the
 * script's files. */
#include "subtitles/style.h"

#include <string.h>

#include "base/files.h"
#include "base/option.h"
#include "base/text.h"

#define STYLE_LIMIT (256 << 10) /* bytes of one style file */

static const char *const place_choices[] = {"lower-left", "centre", NULL};
static const char *const title_choices[] = {"plate", "panel", "boxes", NULL};
static const char *const strap_choices[] = {"plate", "bar", "pills", NULL};

#define FIELD(name) offsetof(struct style, name)

static const struct option style_options[] = {
    {"alias", OPTION_TEXT, FIELD(alias), .help = N_("its Chinese name")},
    {"about", OPTION_TEXT, FIELD(about), .help = N_("one sentence on it")},
    {"accent", OPTION_COLOUR, FIELD(accent), .fallback = "#b3161b",
     .help = N_("colour of tags and bars")},
    {"accent2", OPTION_COLOUR, FIELD(accent2), .fallback = "#e3bd74",
     .help = N_("colour of hairlines and ornaments")},
    {"plate", OPTION_COLOUR, FIELD(plate), .fallback = "#101820d8",
     .help = N_("what titles and names stand on")},
    {"panel", OPTION_COLOUR, FIELD(panel), .fallback = "#101820d8",
     .help = N_("what posts stand on")},
    {"card", OPTION_COLOUR, FIELD(card), .fallback = "#101820e6",
     .help = N_("what quotes and end cards stand on")},
    {"radius", OPTION_REAL, FIELD(radius), 0, 80, .fallback = "0",
     .help = N_("radius of corners in pixels of a 1080 frame")},
    {"fade_in", OPTION_INT, FIELD(fade_in_ms), 0, 2000, .fallback = "280",
     .help = N_("how long titles take to come, in milliseconds")},
    {"fade_out", OPTION_INT, FIELD(fade_out_ms), 0, 2000, .fallback = "200",
     .help = N_("how long titles take to go, in milliseconds")},
    {"slide", OPTION_BOOL, FIELD(slide), .fallback = "yes",
     .help = N_("whether titles and straps rise a little as they come")},
    {"title_place", OPTION_CHOICE, FIELD(title_place), .choices = place_choices,
     .fallback = "lower-left", .help = N_("where the opening title lies")},
    {"title_form", OPTION_CHOICE, FIELD(title_form), .choices = title_choices,
     .fallback = "panel", .help = N_("what the opening title stands on")},
    {"strap_form", OPTION_CHOICE, FIELD(strap_form), .choices = strap_choices,
     .fallback = "bar", .help = N_("what name straps look like")},
};

/* A role as written: its font is a name until all fonts are known. */
struct role_draft {
    struct role_style style;
    const char *font;
};

#define ROLE_FIELD(name) offsetof(struct role_draft, name)

static const struct option role_options[] = {
    {"font", OPTION_TEXT, ROLE_FIELD(font), .help = N_("one of fonts:")},
    {"size", OPTION_INT, ROLE_FIELD(style.size), 8, 400, .fallback = "48",
     .help = N_("em in pixels of a 1080 frame")},
    {"colour", OPTION_COLOUR, ROLE_FIELD(style.colour), .fallback = "#ffffff",
     .help = N_("colour of the type")},
    {"outline_colour", OPTION_COLOUR, ROLE_FIELD(style.outline_colour),
     .fallback = "#000000", .help = N_("colour of the outline")},
    {"outline", OPTION_REAL, ROLE_FIELD(style.outline), 0, 20, .fallback = "0",
     .help = N_("width of the outline")},
    {"shadow", OPTION_REAL, ROLE_FIELD(style.shadow), 0, 20, .fallback = "0",
     .help = N_("distance of the shadow")},
    {"spacing", OPTION_REAL, ROLE_FIELD(style.spacing), 0, 60, .fallback = "0",
     .help = N_("room added after each character")},
    {"line_height", OPTION_REAL, ROLE_FIELD(style.line_height), 1, 3,
     .fallback = "1.3", .help = N_("distance of lines in ems")},
};

struct font_draft {
    const char *family;
    bool bold;
    struct option_list fallbacks;
};

static const struct option font_options[] = {
    {"family", OPTION_TEXT, offsetof(struct font_draft, family),
     .help = N_("name of the family")},
    {"bold", OPTION_BOOL, offsetof(struct font_draft, bold), .fallback = "no",
     .help = N_("its bold face")},
    {"fallbacks", OPTION_LIST, offsetof(struct font_draft, fallbacks),
     .help = N_("families asked for characters that it lacks")},
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static const char *const role_keys[ROLE_COUNT] = {
    "caption", "title", "subtitle", "line",   "name",
    "post",    "quote", "card",     "credit",
};

static struct fault_place place_of(const char *file,
                                   const struct yaml_node *node)
{
    return (struct fault_place){file, node ? node->line : 0,
                                node ? node->column : 0,
                                node ? node->key : NULL};
}

/* Names of the fonts in the order of style->fonts. */
static void read_fonts(struct style *style, const struct yaml_node *map,
                       struct arena *arena, struct faults *faults)
{
    for (size_t i = 0; map && i < map->count; i++) {
        struct font_draft draft;
        option_defaults(font_options, COUNT(font_options), &draft, arena);
        option_load(font_options, COUNT(font_options), &draft, &map->items[i],
                    style->file, NULL, arena, faults);
        if (text_is_blank(draft.family))
            fault_add(faults, FAULT_SESSION,
                      place_of(style->file, &map->items[i]),
                      _("the font \"%s\" names no family; write "
                        "\"family: Noto Sans CJK SC\" or another installed "
                        "family"),
                      map->items[i].key);
        struct style_font *font =
            ARENA_PUSH(arena, style->fonts, style->font_count);
        font->family = draft.family ? draft.family : "";
        font->bold = draft.bold;
        font->fallbacks = draft.fallbacks.items;
        font->fallback_count = draft.fallbacks.count;
    }
    if (style->font_count == 0) {
        fault_add(faults, FAULT_SESSION, place_of(style->file, map),
                  _("the style has no fonts; give it a map \"fonts:\" with at "
                    "least one name and its family"));
        ARENA_PUSH(arena, style->fonts, style->font_count);
        style->fonts[0].family = "";
    }
}

static bool font_index(const struct yaml_node *fonts, const char *name,
                       size_t *index)
{
    for (*index = 0; fonts && name && *index < fonts->count; ++*index) {
        if (strcmp(fonts->items[*index].key, name) == 0)
            return true;
    }
    *index = 0;
    return !name;
}

static void read_role(struct style *style, enum style_role role,
                      const struct yaml_node *map,
                      const struct yaml_node *fonts, struct arena *arena,
                      struct faults *faults)
{
    struct role_draft draft;
    option_defaults(role_options, COUNT(role_options), &draft, arena);
    option_load(role_options, COUNT(role_options), &draft, map, style->file,
                NULL, arena, faults);
    if (!font_index(fonts, draft.font, &draft.style.font))
        fault_add(faults, FAULT_SESSION, place_of(style->file, map),
                  _("there is no font \"%s\" in this style; use one of the "
                    "names below \"fonts:\""),
                  draft.font);
    style->roles[role] = draft.style;
}

static void read_roles(struct style *style, const struct yaml_node *map,
                       const struct yaml_node *fonts, struct arena *arena,
                       struct faults *faults)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        read_role(style, (enum style_role)role,
                  map ? yaml_find(map, role_keys[role]) : NULL, fonts, arena,
                  faults);
    for (size_t i = 0; map && i < map->count; i++) {
        const struct yaml_node *node = &map->items[i];
        bool known = false;
        for (int role = 0; role < ROLE_COUNT; role++)
            known = known || strcmp(node->key, role_keys[role]) == 0;
        if (known)
            continue;
        const char *near = text_nearest(node->key, role_keys, ROLE_COUNT);
        fault_add(faults, FAULT_SESSION, place_of(style->file, node),
                  near ? _("there is no role \"%s\"; did you mean \"%s\"?")
                       : _("there is no role \"%s\"; take it out"),
                  node->key, near);
    }
}

static struct style *style_read(const char *path, struct arena *arena,
                                struct faults *faults)
{
    static const char *const own[] = {"fonts", "roles", NULL};
    struct buffer text = {0};
    struct style *style = NULL;
    int ret = files_read(NULL, path, STYLE_LIMIT, &text);
    if (ret < 0) {
        fault_add(faults, FAULT_WARNING, (struct fault_place){path},
                  _("the style can't be read: %s; check the file"),
                  LOG_REASON(ret));
        goto done;
    }
    const struct yaml_node *map =
        yaml_parse(arena, faults, path, buffer_text(&text), text.size);
    if (!map || map->kind != YAML_MAP)
        goto done;
    style = arena_alloc(arena, sizeof(*style));
    option_defaults(style_options, COUNT(style_options), style, arena);
    style->file = arena_strdup(arena, path);
    style->name = files_stem(arena, path);
    option_load(style_options, COUNT(style_options), style, map, path, own,
                arena, faults);
    const struct yaml_node *fonts = yaml_find(map, "fonts");
    read_fonts(style, fonts, arena, faults);
    read_roles(style, yaml_find(map, "roles"), fonts, arena, faults);

done:
    buffer_clear(&text);
    return style;
}

/* The alias alone, without complaints on styles that nobody asked for. */
static const char *style_alias(const char *path, struct arena *arena)
{
    struct faults ignored = {.arena = arena};
    struct buffer text = {0};
    const char *alias = NULL;
    if (files_read(NULL, path, STYLE_LIMIT, &text) >= 0) {
        const struct yaml_node *map =
            yaml_parse(arena, &ignored, path, buffer_text(&text), text.size);
        const struct yaml_node *node =
            map && map->kind == YAML_MAP ? yaml_find(map, "alias") : NULL;
        alias = node && node->kind == YAML_SCALAR ? node->text : NULL;
    }
    buffer_clear(&text);
    return alias;
}

struct found {
    const char **names; /* "formal (庄重)", for the fault */
    const char **stems;
    size_t count, stem_count;
    const char *path; /* of the wanted one */
};

static void look_in(struct found *found, const char *folder, const char *name,
                    struct arena *arena)
{
    static const char *const endings[] = {"yaml", "yml", NULL};
    char **names = NULL;
    size_t count = 0;
    if (!files_is_folder(folder) ||
        files_list(NULL, folder, arena, &names, &count) < 0)
        return;
    for (size_t i = 0; i < count && !found->path; i++) {
        if (!files_has_ending(names[i], endings))
            continue;
        const char *path = files_join(arena, folder, names[i]);
        const char *stem = files_stem(arena, path);
        const char *alias = style_alias(path, arena);
        if (text_equal_fold(stem, name) || (alias && !strcmp(alias, name)))
            found->path = path;
        const char **place = ARENA_PUSH(arena, found->names, found->count);
        *place = alias ? arena_printf(arena, "%s (%s)", stem, alias) : stem;
        place = ARENA_PUSH(arena, found->stems, found->stem_count);
        *place = stem;
    }
}

static void fault_none(const struct found *found, const char *name,
                       struct arena *arena, struct faults *faults,
                       struct fault_place place)
{
    const char *list = "";
    for (size_t i = 0; i < found->count; i++)
        list =
            arena_printf(arena, "%s%s%s", list, i ? ", " : "", found->names[i]);
    const char *near = text_nearest(name, found->stems, found->stem_count);
    if (near)
        fault_add(faults, FAULT_SESSION, place,
                  _("there is no title style \"%s\"; did you mean \"%s\"? "
                    "There are: %s"),
                  name, near, list);
    else
        fault_add(faults, FAULT_SESSION, place,
                  _("there is no title style \"%s\"; there are: %s"), name,
                  list);
}

const struct style *style_load(const char *name, const char *const *folders,
                               size_t folder_count, struct arena *arena,
                               struct faults *faults, struct fault_place place)
{
    struct found found = {0};
    for (size_t i = 0; i < folder_count && !found.path; i++)
        look_in(&found, folders[i], name, arena);
    if (!found.path) {
        fault_none(&found, name, arena, faults, place);
        return NULL;
    }
    return style_read(found.path, arena, faults);
}
