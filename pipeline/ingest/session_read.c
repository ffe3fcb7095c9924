/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns what session.yaml says apart from media: texts, date, outlets, people,
 * logo, style and fonts. Media is session_recordings.c's. */
#include "ingest/session_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timecode.h"

#define LOGO_LIMIT ((size_t)64 << 20)

static struct fault_place node_place(const struct yaml_node *node,
                                     const char *field)
{
    return (struct fault_place){.file = SESSION_FILE,
                                .row = node->line,
                                .column = node->column,
                                .field = field,
                                .in_text = true};
}

bool session_read_file(struct session *session, const char *path,
                       const char *file, size_t limit, enum fault_kind kind,
                       struct buffer *out)
{
    if (files_is_folder(path)) {
        fault_add(&session->faults, kind, (struct fault_place){.file = file},
                  _("there is a folder of this name where a text file should "
                    "be; rename it, and put the file there"));
        return false;
    }
    int ret = files_read(NULL, path, limit, out);
    if (ret >= 0)
        return true;
    fault_add(&session->faults, kind, (struct fault_place){.file = file},
              _("the file can't be read (%s); check that it is a text file "
                "and may be read"),
              LOG_REASON(ret));
    return false;
}

/* "a/../b" stays inside, and is refused all the same: through a link it might
 * not. */
static bool path_stays_inside(const char *name)
{
    int depth = 0;
    if (*name == '/' || strchr(name, '\\'))
        return false;
    while (*name && depth >= 0) {
        size_t size = strcspn(name, "/");
        if (size == 2 && !strncmp(name, "..", 2))
            depth--;
        else if (size && !(size == 1 && *name == '.'))
            depth++;
        name += size + strspn(name + size, "/");
    }
    return depth >= 0;
}

const char *session_path_trouble(struct arena *arena, const char *name,
                                 int code)
{
    if (code == AVERROR(EACCES) && path_stays_inside(name) &&
        strstr(name, ".."))
        return arena_printf(arena,
                            _("\"%s\" leads through \"..\"; write the way to "
                              "the file without it"),
                            name);
    if (code == AVERROR(EACCES))
        return arena_printf(
            arena,
            _("\"%s\" lies outside the session's folder; put the file into "
              "it, or name the folder where it lies with --media"),
            name);
    return arena_printf(
        arena,
        _("there is no file \"%s\"; write its name as it stands in the "
          "session's folder, such as recordings/C0001.MP4"),
        name);
}

const char *session_resolve(struct session *session, const char *name,
                            struct fault_place place)
{
    char *path = NULL;
    int ret = files_resolve(&session->roots, name, session->arena, &path);
    if (ret >= 0)
        return path;
    fault_add(&session->faults, FAULT_SESSION, place, "%s",
              session_path_trouble(session->arena, name, ret));
    return NULL;
}

/* --- outlets ------------------------------------------------------------- */

static bool outlet_is_wanted(const struct session *session,
                             const struct ingest_options *options,
                             const struct preset *preset)
{
    if (!options->only_preset_count || !preset)
        return true;
    for (size_t i = 0; i < options->only_preset_count; i++) {
        if (presets_find(&session->presets, options->only_presets[i]) == preset)
            return true;
    }
    return false;
}

static const struct preset *session_find_preset(struct session *session,
                                                const char *name,
                                                struct fault_place place)
{
    const struct preset *preset = presets_find(&session->presets, name);
    if (preset || presets_is_broken(&session->presets, name))
        return preset;
    const char *near = presets_suggest(&session->presets, name);
    if (near)
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("there is no preset \"%s\"; did you mean \"%s\"?"), name,
                  near);
    else
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("there is no preset \"%s\"; the command \"reelpress "
                    "presets\" lists those that there are"),
                  name);
    return NULL;
}

/* Whether the entry names one preset, and who gets it; tells when not. */
static bool outlet_is_whole(struct session *session,
                            const struct yaml_node *node, const char *recipient,
                            struct fault_place place)
{
    struct faults *faults = &session->faults;
    if (recipient && text_is_blank(recipient)) {
        fault_add(faults, FAULT_SESSION, place,
                  _("an outlet has no name; write before the colon who gets "
                    "it, such as \"郴州日报: web-news\""));
        return false;
    }
    if (node->kind != YAML_SCALAR && recipient) {
        fault_add(faults, FAULT_SESSION, place,
                  _("\"%s\" can have one preset only; write one line for each, "
                    "such as \"%s: web-news\" and \"%s-净版: clean\""),
                  recipient, recipient, recipient);
        return false;
    }
    if (node->kind != YAML_SCALAR || text_is_blank(node->text)) {
        fault_add(faults, FAULT_SESSION, place,
                  _("an outlet without a preset; write it as recipient: "
                    "preset, such as \"郴州日报: web-news\""));
        return false;
    }
    /* To YAML one text, if no other line below "outlets" is right. */
    return recipient || presets_find(&session->presets, node->text) ||
           !yaml_tell_wide_colon(node, faults, place);
}

/* `recipient` is NULL where only a preset is named. */
static void session_add_outlet(struct session *session,
                               const struct yaml_node *node,
                               const char *recipient,
                               const struct ingest_options *options)
{
    struct faults *faults = &session->faults;
    struct fault_place place = node_place(node, "outlets");
    if (!outlet_is_whole(session, node, recipient, place))
        return;
    const struct preset *preset =
        session_find_preset(session, node->text, place);
    for (size_t i = 0; !recipient && preset && i < session->outlet_count; i++) {
        if (session->outlets[i].preset != preset)
            continue;
        fault_add(faults, FAULT_SESSION, place,
                  _("the preset \"%s\" stands in \"outlets\" twice; take one "
                    "out, or give both a recipient: \"郴州日报: web-news\""),
                  node->text);
        return;
    }
    bool wanted = outlet_is_wanted(session, options, preset);
    session->outlets_narrowed = session->outlets_narrowed || !wanted;
    struct outlet *outlet =
        ARENA_PUSH(session->arena, session->outlets, session->outlet_count);
    *outlet = (struct outlet){recipient ? recipient : node->text, node->text,
                              preset, node->line, wanted};
}

/* A map, a list of presets, one preset, or what people make of it: a list
 * whose items are recipient: preset. */
static void session_add_outlets(struct session *session,
                                const struct yaml_node *node,
                                const struct ingest_options *options)
{
    session->outlets_named = session->outlets_named || node->kind == YAML_MAP;
    if (node->kind == YAML_SCALAR)
        session_add_outlet(session, node, NULL, options);
    for (size_t i = 0; node->kind != YAML_SCALAR && i < node->count; i++) {
        const struct yaml_node *item = &node->items[i];
        if (node->kind == YAML_LIST && item->kind == YAML_MAP && item->count)
            session_add_outlets(session, item, options);
        else
            session_add_outlet(session, item, item->key, options);
    }
}

static bool session_wants_any(const struct session *session)
{
    for (size_t i = 0; i < session->outlet_count; i++)
        if (session->outlets[i].wanted)
            return true;
    return false;
}

static void session_read_outlets(struct session *session,
                                 const struct yaml_node *node,
                                 const struct ingest_options *options,
                                 struct fault_place place)
{
    bool blank = !node || (node->kind == YAML_SCALAR ? text_is_blank(node->text)
                                                     : node->count == 0);
    if (blank) {
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("\"outlets\" is missing, so nobody would get anything; "
                    "write who gets what, such as \"outlets: {郴州日报: "
                    "web-news, 抖音: douyin}\""));
        return;
    }
    for (size_t i = 0; i < options->only_preset_count; i++)
        session_find_preset(session, options->only_presets[i],
                            (struct fault_place){.field = "--preset"});
    session_add_outlets(session, node, options);
    if (session->outlets_narrowed && !session_wants_any(session))
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("no outlet of the session uses the presets that were "
                    "asked for with --preset; name one that it uses, or add "
                    "an outlet"));
}

/* --- people, date -------------------------------------------------------- */

static void session_read_people(struct session *session,
                                const struct yaml_node *node)
{
    for (size_t i = 0; node && i < node->count; i++) {
        const struct yaml_node *item = &node->items[i];
        if (item->kind != YAML_SCALAR) {
            fault_add(&session->faults, FAULT_SESSION,
                      node_place(item, "people"),
                      _("a person is written as name: role, such as "
                        "\"李明: 市委办公室主任\""));
            continue;
        }
        struct person *person =
            ARENA_PUSH(session->arena, session->people, session->people_count);
        person->name = item->key ? item->key : item->text;
        person->role =
            item->key && !text_is_blank(item->text) ? item->text : NULL;
        const char **word =
            ARENA_PUSH(session->arena, session->keep, session->keep_count);
        *word = person->name;
    }
    if (node && node->kind == YAML_SCALAR && !text_is_blank(node->text) &&
        !yaml_tell_wide_colon(node, &session->faults,
                              node_place(node, "people")))
        fault_add(&session->faults, FAULT_SESSION, node_place(node, "people"),
                  _("\"people\" is written as names with their roles, such as "
                    "{李明: 市委办公室主任}"));
}

static void session_read_date(struct session *session, const char *date,
                              struct fault_place place)
{
    if (text_is_blank(date))
        return;
    const char *folded = text_fold_width(session->arena, date);
    if (timecode_parse_date(folded, &session->year, &session->month,
                            &session->day) >= 0)
        return;
    session->year = session->month = session->day = 0;
    fault_add(&session->faults, FAULT_SESSION, place,
              _("\"%s\" is no date; write it as 2022-06-28 or 2022年6月28日"),
              date);
}

/* --- logo, fonts, presets, style ----------------------------------------- */

static void session_read_logo(struct session *session, struct fault_place place)
{
    static const unsigned char signature[8] = {0x89, 'P',  'N',  'G',
                                               '\r', '\n', 0x1a, '\n'};
    if (!session->logo)
        return;
    session->logo_path = session_resolve(session, session->logo, place);
    if (!session->logo_path)
        return;
    struct buffer bytes = {0};
    int ret = files_read(NULL, session->logo_path, LOGO_LIMIT, &bytes);
    if (ret < 0)
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("the logo %s can't be read (%s); check the file"),
                  session->logo, LOG_REASON(ret));
    else if (bytes.size < sizeof(signature) ||
             memcmp(bytes.data, signature, sizeof(signature)) != 0)
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("the logo %s is no PNG; save it as PNG with a transparent "
                    "ground"),
                  session->logo);
    if (ret >= 0) {
        uint8_t sum[DIGEST_BYTES];
        digest_of(bytes.data, bytes.size, sum);
        digest_text(sum, session->logo_digest);
    }
    buffer_clear(&bytes);
}

static void session_read_fonts(struct session *session,
                               struct fault_place place)
{
    if (!session->fonts)
        return;
    session->fonts_path = session_resolve(session, session->fonts, place);
    if (!session->fonts_path || files_is_folder(session->fonts_path))
        return;
    fault_add(&session->faults, FAULT_SESSION, place,
              _("\"fonts\" names a file; name the folder that the font files "
                "lie in"));
    session->fonts_path = NULL;
}

void session_load_presets(struct session *session,
                          const struct ingest_options *options)
{
    struct arena *arena = session->arena;
    const char *folders[3];
    size_t count = 0;
    folders[count++] = files_join(arena, session->path, "presets");
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    if (!text_is_blank(config))
        folders[count++] = files_join(arena, config, "reelpress/presets");
    else if (!text_is_blank(home))
        folders[count++] = files_join(arena, home, ".config/reelpress/presets");
    if (options->data_folder)
        folders[count++] = files_join(arena, options->data_folder, "presets");
    presets_load(&session->presets, folders, count, arena, &session->faults);
}

void session_load_style(struct session *session,
                        const struct ingest_options *options,
                        struct fault_place place)
{
    struct arena *arena = session->arena;
    const char *folders[2];
    size_t count = 0;
    folders[count++] = files_join(arena, session->path, "styles");
    if (options->data_folder)
        folders[count++] = files_join(arena, options->data_folder, "styles");
    session->style = style_load(session->style_name, folders, count, arena,
                                &session->faults, place);
}

/* An empty value is no value: people leave the keys of the example blank. */
static const char *given(const char *text)
{
    return text_is_blank(text) ? NULL : text;
}

/* A code of BCP 47, as files carry it: two or three letters, more behind a
 * hyphen. "ZH_cn" is "zh-CN" to who wrote it. */
static void session_read_language(struct session *session, const char *written,
                                  struct fault_place place)
{
    session->language = "zh-CN";
    if (!written)
        return;
    char *code = text_trim(session->arena, written);
    size_t letters = 0;
    for (; isalpha((unsigned char)code[letters]); letters++)
        code[letters] = (char)tolower((unsigned char)code[letters]);
    bool is_code = letters == 2 || letters == 3;
    for (size_t i = letters; code[i]; i++) {
        if (code[i] == '_')
            code[i] = '-';
        is_code =
            is_code && (isalnum((unsigned char)code[i]) || code[i] == '-');
    }
    if (is_code && (!code[letters] || code[letters] == '-'))
        session->language = code;
    else
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("\"%s\" is no code of a language; write one such as zh-CN "
                    "or en"),
                  written);
}

void session_read_keys(struct session *session, const struct session_keys *keys,
                       const struct yaml_node *map,
                       const struct ingest_options *options)
{
    session->series = given(keys->series);
    session->number = given(keys->number);
    session->title = given(keys->title) ? keys->title : session->name;
    session->place = given(keys->place);
    session->organizer = given(keys->organizer);
    session->credit = given(keys->credit);
    session->copyright = given(keys->copyright);
    session->contact = given(keys->contact);
    session_read_language(
        session, given(keys->language),
        key_place(map, session_options, session_option_count, "language"));
    session->logo = given(keys->logo);
    session->fonts = given(keys->fonts);
    session->style_name = given(keys->style) ? keys->style : "formal";
    session->highlights_file = given(keys->highlights);
    for (size_t i = 0; i < keys->keep.count; i++) {
        const char **word =
            ARENA_PUSH(session->arena, session->keep, session->keep_count);
        *word = keys->keep.items[i];
    }
    session_read_people(session, keys->people);
    session_read_date(
        session, keys->date,
        key_place(map, session_options, session_option_count, "date"));
    session_read_outlets(
        session, keys->outlets, options,
        key_place(map, session_options, session_option_count, "outlets"));
    session_read_logo(
        session, key_place(map, session_options, session_option_count, "logo"));
    session_read_fonts(session, key_place(map, session_options,
                                          session_option_count, "fonts"));
}
