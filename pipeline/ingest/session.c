/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the order in which a session folder is read, and the session's life.
 * Each part is read by a file of its own; media is only looked at in workers.
 */
#include "ingest/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "ingest/fonts.h"
#include "ingest/session_parts.h"
#include "subtitles/charset.h"

static struct fault_place session_place(const struct yaml_node *map,
                                        const char *key)
{
    return key_place(map, session_options, session_option_count, key);
}

static int session_open(struct log *log, const char *folder,
                        struct session **out)
{
    char *path = realpath(folder, NULL);
    if (!path || !files_is_folder(path)) {
        int code = path ? AVERROR(ENOTDIR) : AVERROR(errno);
        free(path);
        return log_fail(log, code,
                        _("%s: there is no such session folder; name the "
                          "folder that session.yaml lies in, or make one with "
                          "\"reelpress new\""),
                        *folder ? folder : "\"\"");
    }
    struct arena *arena = arena_create();
    struct session *session = arena_alloc(arena, sizeof(*session));
    session->arena = arena;
    session->faults.arena = arena;
    session->folder = arena_strdup(arena, folder);
    session->path = arena_strdup(arena, path);
    session->name = files_name(session->path);
    free(path);
    *out = session;
    return 0;
}

void session_destroy(struct session **session)
{
    if (!session || !*session)
        return;
    struct arena *arena = (*session)->arena;
    faces_destroy(&(*session)->faces);
    arena_destroy(&arena);
    *session = NULL;
}

static void session_set_roots(struct session *session,
                              const struct ingest_options *options)
{
    const char **folders = NULL;
    size_t count = 0;
    const char **root = ARENA_PUSH(session->arena, folders, count);
    *root = session->path;
    for (size_t i = 0; i < options->media_count; i++) {
        char *path = realpath(options->media_folders[i], NULL);
        if (path && files_is_folder(path)) {
            root = ARENA_PUSH(session->arena, folders, count);
            *root = arena_strdup(session->arena, path);
        } else {
            fault_add(&session->faults, FAULT_SESSION,
                      (struct fault_place){.field = "--media"},
                      _("--media %s: there is no such folder; mend the name, "
                        "or connect the disk that it lies on"),
                      options->media_folders[i]);
        }
        free(path);
    }
    session->roots = (struct file_roots){folders, count};
}

/* The file that was meant for the missing one: desktops hide endings and care
 * for no case. NULL: there is none. */
static const char *find_misnamed(const struct session *session,
                                 const char *const *likes)
{
    char **names = NULL;
    size_t count = 0;
    if (files_list(NULL, session->path, session->arena, &names, &count) < 0)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; likes[k]; k++) {
            if (text_equal_fold(names[i], likes[k]))
                return names[i];
        }
    }
    return NULL;
}

static bool tell_misnamed(struct session *session, const char *wanted,
                          const char *const *likes)
{
    const char *found = find_misnamed(session, likes);
    if (!found)
        return false;
    fault_add(&session->faults, FAULT_SESSION,
              (struct fault_place){.file = wanted},
              _("the session has a file %s and none of this name; rename it "
                "to %s, and have the desktop show endings if it hides them"),
              found, wanted);
    return true;
}

/* session.yaml as a tree; NULL after a fault that leaves nothing to read. */
static struct yaml_node *session_read_yaml(struct session *session)
{
    struct arena *arena = session->arena;
    const char *path = files_join(arena, session->path, SESSION_FILE);
    struct fault_place place = {.file = SESSION_FILE};
    static const char *const likes[] = {SESSION_FILE, "session.yml",
                                        SESSION_FILE ".txt", NULL};
    if (!files_exist(path)) {
        if (tell_misnamed(session, SESSION_FILE, likes))
            return NULL;
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("the folder %s has no such file, so it is no session; "
                    "\"reelpress new\" starts one with a file to fill in"),
                  session->folder);
        return NULL;
    }
    struct buffer bytes = {0}, text = {0};
    struct yaml_node *map = NULL;
    const char *encoding = NULL;
    if (!session_read_file(session, path, SESSION_FILE, SESSION_TEXT_LIMIT,
                           FAULT_SESSION, &bytes))
        goto done;
    if (charset_decode(bytes.data, bytes.size, NULL, &text, &encoding) < 0) {
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("the file is no text; save it as UTF-8 in a plain text "
                    "editor"));
        goto done;
    }
    map = yaml_parse(arena, &session->faults, SESSION_FILE, buffer_text(&text),
                     text.size);
    if (map && map->kind != YAML_MAP) {
        place.row = map->line;
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("the file holds no keys; write lines such as "
                    "\"title: 庆七一\""));
        map = NULL;
    }

done:
    buffer_clear(&bytes);
    buffer_clear(&text);
    return map;
}

static void session_read_music(struct session *session,
                               const struct yaml_node *node)
{
    struct music_keys keys = {0};
    option_defaults(music_options, music_option_count, &keys, session->arena);
    session->music_level_lu = keys.level;
    if (!node)
        return;
    if (node->kind == YAML_MAP)
        option_load(music_options, music_option_count, &keys, node,
                    SESSION_FILE, NULL, session->arena, &session->faults);
    else if (node->kind == YAML_SCALAR)
        keys.file = node->text;
    session->music_level_lu = keys.level;
    if (text_is_blank(keys.file) && node->kind == YAML_SCALAR)
        return;
    struct fault_place place = {.file = SESSION_FILE,
                                .row = node->line,
                                .column = node->column,
                                .field = "music",
                                .in_text = true};
    if (text_is_blank(keys.file)) {
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("\"music\" has no file; write it as "
                    "{file: music/bed.flac, level: -18}"));
        return;
    }
    session->music = keys.file;
    session->music_path = session_resolve(session, keys.file, place);
    if (!session->music_path)
        return;
    struct recording *bed = arena_alloc(session->arena, sizeof(*bed));
    *bed = (struct recording){.name = session->music,
                              .file = session->music,
                              .path = session->music_path,
                              .picture.stream = -1,
                              .sound.stream = -1,
                              .starts_flicks = FLICKS_NONE};
    session->music_bed = bed;
}

/* The list that session.yaml names, else the first of the usual names. */
static const char *session_find_list(struct session *session,
                                     struct fault_place place)
{
    static const char *const names[] = {
        "highlights.csv", "highlights.tsv", "highlights.txt",
        "清单.csv",       "精彩片段.csv",   "亮点.csv",
    };
    struct arena *arena = session->arena;
    if (session->highlights_file)
        return session_resolve(session, session->highlights_file, place);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *path = files_join(arena, session->path, names[i]);
        session->highlights_file = names[i];
        if (files_exist(path))
            return path;
    }
    session->highlights_file = names[0];
    static const char *const likes[] = {"highlights.csv", "highlights.csv.csv",
                                        "highlights.csv.txt", NULL};
    if (tell_misnamed(session, names[0], likes))
        return NULL;
    bool workbook =
        files_exist(files_join(arena, session->path, "highlights.xlsx"));
    place = (struct fault_place){.file = names[0]};
    fault_add(&session->faults, FAULT_SESSION, place,
              workbook
                  ? _("the session has highlights.xlsx and no highlights.csv; "
                      "open it and save it as \"CSV UTF-8\" beside it")
                  : _("the session has no highlights list; write one with the "
                      "headings source,start,end,title, or name another file "
                      "with \"highlights:\" in session.yaml"));
    return NULL;
}

static void session_read_list(struct session *session, struct fault_place place)
{
    const char *path = session_find_list(session, place);
    if (!path)
        return;
    struct buffer bytes = {0};
    if (session_read_file(session, path, session->highlights_file,
                          SESSION_TEXT_LIMIT, FAULT_SESSION, &bytes))
        highlights_parse(&session->list, session->highlights_file,
                         buffer_text(&bytes), bytes.size, session->arena,
                         &session->faults);
    buffer_clear(&bytes);
}

static void session_choose_probes(struct session *session, const char *store,
                                  struct probes *probes)
{
    const struct highlights *list = &session->list;
    /* All admitted first: what a later row brings in may make an earlier
     * row's name ambiguous. */
    for (size_t i = 0; i < list->count; i++) {
        const char *source = list->rows[i].source;
        bool again = i && source == list->rows[i - 1].source;
        if (source && !again)
            source_admit(session, source);
    }
    for (size_t i = 0; i < list->count; i++) {
        struct source_match match = {0};
        if (list->rows[i].source)
            source_match(session, list->rows[i].source, session->arena, &match);
        else
            match.recording = source_only(session);
        for (size_t k = 0; k < match.photo_count; k++)
            probes_add_photo(probes, session, match.photos[k]);
        if (!match.recording)
            continue;
        probes_add_recording(probes, session, match.recording, store);
        probes_add_recording(probes, session, match.recording->recorder, store);
    }
    probes_add_recording(probes, session, session->music_bed, store);
}

/* What is wrong inside the list is told along with a session.yaml that can't be
 * read, unless that may have named another list. */
static void session_read_usual_list(struct session *session)
{
    const char *yaml = files_join(session->arena, session->path, SESSION_FILE);
    if (!files_exist(yaml))
        return;
    size_t before = session->faults.count;
    session_read_list(session, (struct fault_place){.file = SESSION_FILE});
    if (!session->list.count)
        session->faults.count = before;
}

/* What keys name must be usable; what rows name is judged row by row. */
static void session_check_sound(struct session *session,
                                const struct recording *recording,
                                struct fault_place place)
{
    if (!recording->usable)
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("the sound of %s can't be used: %s"), recording->file,
                  recording->trouble ? recording->trouble
                                     : _("it was not looked at"));
    else if (recording->sound.stream < 0)
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("%s has no sound; name another file"), recording->file);
}

static bool probes_hold(const struct probes *probes,
                        const struct recording *recording)
{
    for (size_t i = 0; i < probes->count; i++) {
        if (probes->list[i].recording == recording)
            return true;
    }
    return false;
}

static bool rows_name(const struct session *session,
                      const struct recording *recording)
{
    for (size_t i = 0; i < session->list.count; i++) {
        const char *source = session->list.rows[i].source;
        struct source_match match = {0};
        if (source)
            source_match(session, source, session->arena, &match);
        else
            match.recording = source_only(session);
        if (match.recording == recording)
            return true;
    }
    return false;
}

static void session_check_recordings(struct session *session,
                                     const struct probes *probes)
{
    for (size_t i = 0; i < session->recording_count; i++) {
        const struct recording *recording = session->recordings[i];
        struct fault_place place = {
            .file = SESSION_FILE, .row = recording->row, .field = "recordings"};
        if (recording->recorder && probes_hold(probes, recording))
            session_check_sound(session, recording->recorder, place);
        if (probes_hold(probes, recording))
            continue;
        if (!recording->row)
            place = (struct fault_place){.file = recording->file};
        if (recording->trouble && !rows_name(session, recording))
            fault_add(&session->faults, FAULT_WARNING, place,
                      _("the recording \"%s\" can't be used, and no row uses "
                        "it: %s"),
                      recording->name, recording->trouble);
        else if (!recording->trouble && files_size(recording->path) == 0)
            fault_add(&session->faults, FAULT_WARNING, place,
                      _("the recording \"%s\" is empty, and no row uses it; "
                        "copy it from the camera again if it is needed"),
                      recording->name);
    }
}

static int session_read_media(struct log *log, struct session *session,
                              const struct ingest_options *options,
                              const struct yaml_node *map)
{
    struct probes probes = {0};
    session_choose_probes(session, options->store, &probes);
    int ret = probes_run(log, &probes, session, options);
    if (ret < 0)
        return ret;
    highlights_resolve(session, &session->faults);
    ret = probes_run_again(log, &probes, session, options);
    if (ret < 0)
        return ret;
    session_check_recordings(session, &probes);
    if (session->music_bed)
        session_check_sound(session, session->music_bed,
                            session_place(map, "music"));
    return 0;
}

static void session_read_documents(struct session *session,
                                   const struct yaml_node *map,
                                   const struct ingest_options *options,
                                   const struct session_keys *keys)
{
    session_load_presets(session, options);
    session_read_keys(session, keys, map, options);
    session_load_style(session, options, session_place(map, "style"));
    session_read_recordings(session, keys->recordings);
    session_read_music(session, keys->music);
    session_read_list(session, session_place(map, "highlights"));
}

int session_ingest(struct log *log, const char *folder,
                   const struct ingest_options *options, struct session **out)
{
    struct session *session = NULL;
    *out = NULL;
    int ret = session_open(log, folder, &session);
    if (ret < 0)
        return ret;
    session_set_roots(session, options);
    const struct yaml_node *map = session_read_yaml(session);
    session->is_unread = !map;
    if (!map) {
        session_read_usual_list(session);
    } else {
        struct session_keys keys = {0};
        option_defaults(session_options, session_option_count, &keys,
                        session->arena);
        option_load(session_options, session_option_count, &keys, map,
                    SESSION_FILE, NULL, session->arena, &session->faults);
        session_read_documents(session, map, options, &keys);
        ret = session_read_media(log, session, options, map);
        if (ret < 0)
            goto done;
        session_read_texts(session);
        if (session->style)
            ret = fonts_load(log, session->style, session->fonts_path,
                             options->memo, session->arena, &session->faults,
                             &session->faces);
        if (ret >= 0)
            ret = session_carry_fonts(log, session, options);
    }
    if (ret >= 0) {
        *out = session;
        return 0;
    }

done:
    session_destroy(&session);
    return ret;
}
