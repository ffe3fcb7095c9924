/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which recordings the session declares: the map of session.yaml, or all
 * files of the folder. What is in them is found by probing, later. */
#include "ingest/session_parts.h"

#include <string.h>

#include "base/text.h"
#include "base/timecode.h"

#define RECORDINGS "recordings"
#define DAY        (INT64_C(86400) * FLICKS_PER_SECOND)

static struct fault_place entry_place(const struct yaml_node *entry,
                                      const char *key)
{
    struct fault_place place =
        entry->kind == YAML_MAP
            ? key_place(entry, recording_options, recording_option_count, key)
            : (struct fault_place){
                  .file = SESSION_FILE, .field = key, .in_text = true};
    if (!place.row) {
        place.row = entry->line;
        place.column = entry->column;
    }
    return place;
}

/* A wall clock: 14:30:05, 14:30, 下午2:30. */
static void read_starts(struct session *session, struct recording *recording,
                        const char *text, struct fault_place place)
{
    struct timecode time;
    if (text_is_blank(text))
        return;
    if (timecode_parse(text, &time) < 0)
        time = (struct timecode){0};
    int64_t flicks = time.flicks;
    if (time.form == TIMECODE_MS)
        flicks = (time.first * 3600 + time.second * 60) * FLICKS_PER_SECOND;
    bool fits = time.form == TIMECODE_HMS || time.form == TIMECODE_DAYTIME ||
                (time.form == TIMECODE_MS && !time.has_fraction);
    if (fits && flicks < DAY) {
        recording->starts_flicks = flicks;
        return;
    }
    fault_add(&session->faults, FAULT_SESSION, place,
              _("\"%s\" is no time of the day; write what the clock on the "
                "wall showed at the recording's first frame, such as "
                "\"14:30:05\""),
              text);
}

static void read_offset(struct session *session, struct recording *recording,
                        const char *text, struct fault_place place)
{
    char *folded =
        text_trim(session->arena, text_fold_width(session->arena, text));
    const char *number = folded;
    int sign = 1;
    static const struct {
        const char *text;
        int sign;
    } signs[] = {{"+", 1}, {"-", -1}, {"−", -1}, {"–", -1}};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t size = strlen(signs[i].text);
        if (strncmp(folded, signs[i].text, size) != 0)
            continue;
        sign = signs[i].sign;
        number = folded + size;
        break;
    }
    struct timecode time;
    if (timecode_parse(number, &time) < 0 || time.form == TIMECODE_NONE ||
        time.form == TIMECODE_HMSF || time.form == TIMECODE_DAYTIME) {
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("\"%s\" is no offset; write how many seconds the "
                    "recorder's clock is ahead of the camera's, such as 12.48 "
                    "or -0:03.2"),
                  text);
        return;
    }
    recording->recorder_offset = sign * time.flicks;
    recording->has_offset = true;
}

static void read_file(struct session *session, struct recording *recording,
                      const char *file, struct fault_place place)
{
    char *path = NULL;
    int ret = files_resolve(&session->roots, file, session->arena, &path);
    recording->file = file;
    recording->path = path ? path : "";
    if (ret == AVERROR(EACCES)) {
        fault_add(&session->faults, FAULT_SESSION, place, "%s",
                  session_path_trouble(session->arena, file, ret));
    } else if (ret < 0) {
        /* Told where it is used, or as a warning when nothing uses it. */
        recording->trouble = session_path_trouble(session->arena, file, ret);
        recording->trouble_code = ret;
    } else if (files_is_folder(path)) {
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("\"%s\" is a folder; name the recording's file"), file);
    }
}

/* Rows may write a name in any case. Two that are quite alike were told of
 * when the file was read. */
static bool name_is_taken(struct session *session, const char *name,
                          struct fault_place place)
{
    for (size_t i = 0; i < session->recording_count; i++) {
        const char *other = session->recordings[i]->name;
        if (!text_equal_fold(other, name))
            continue;
        if (strcmp(other, name) != 0)
            fault_add(&session->faults, FAULT_SESSION, place,
                      _("the recordings \"%s\" and \"%s\" have one name, as "
                        "capital and small letters are not told apart; call "
                        "one of them something else"),
                      other, name);
        return true;
    }
    return false;
}

/* `cam1: {file: …}`, `cam1: recordings/C0001.MP4`, or an item of a list. */
static void session_read_recording(struct session *session,
                                   const struct yaml_node *entry)
{
    struct recording_keys keys = {0};
    option_defaults(recording_options, recording_option_count, &keys,
                    session->arena);
    if (entry->kind == YAML_MAP)
        option_load(recording_options, recording_option_count, &keys, entry,
                    SESSION_FILE, NULL, session->arena, &session->faults);
    else if (entry->kind == YAML_SCALAR)
        keys.file = entry->text;
    if (text_is_blank(keys.file)) {
        fault_add(&session->faults, FAULT_SESSION, entry_place(entry, "file"),
                  _("the recording \"%s\" has no file; write one below it, "
                    "such as \"file: recordings/C0001.MP4\""),
                  entry->key ? entry->key : "");
        return;
    }
    const char *name =
        entry->key ? entry->key : files_stem(session->arena, keys.file);
    if (name_is_taken(session, name, entry_place(entry, "file")))
        return;
    struct recording *recording =
        session_add_recording(session, name, keys.file, "");
    recording->row = entry->key ? entry->key_line : entry->line;
    read_file(session, recording, keys.file, entry_place(entry, "file"));
    read_starts(session, recording, keys.starts, entry_place(entry, "starts"));
    recording->subtitles =
        text_is_blank(keys.subtitles) ? NULL : keys.subtitles;
    recording->charset = text_is_blank(keys.charset) ? NULL : keys.charset;
    recording->recorder_name =
        text_is_blank(keys.recorder) ? NULL : keys.recorder;
    if (!text_is_blank(keys.offset))
        read_offset(session, recording, keys.offset,
                    entry_place(entry, "offset"));
    if (recording->recorder_name && text_is_blank(keys.offset))
        fault_add(&session->faults, FAULT_SESSION,
                  entry_place(entry, "recorder"),
                  _("the recorder \"%s\" has no offset, and finding it by "
                    "listening is not possible yet; write \"offset:\" with how "
                    "many seconds its clock is ahead of %s's, such as "
                    "\"offset: 12.48\""),
                  recording->recorder_name, name);
    else if (recording->has_offset && !recording->recorder_name)
        fault_add(&session->faults, FAULT_WARNING, entry_place(entry, "offset"),
                  _("the recording \"%s\" has an offset and no recorder; write "
                    "\"recorder:\" with the other recording's name"),
                  name);
}

/* Recorders may be declared below the cameras that they belong to. */
static void session_join_recorders(struct session *session,
                                   const struct yaml_node *node)
{
    for (size_t i = 0; i < session->recording_count; i++) {
        struct recording *recording = session->recordings[i];
        if (!recording->recorder_name)
            continue;
        struct source_match match = {0};
        source_match(session, recording->recorder_name, session->arena, &match);
        if (match.count == 1 && match.recording &&
            match.recording != recording) {
            recording->recorder = match.recording;
            continue;
        }
        struct fault_place place = {
            .file = SESSION_FILE, .row = recording->row, .field = "recorder"};
        for (size_t k = 0; k < node->count; k++) {
            const struct yaml_node *entry = &node->items[k];
            if (entry->key && strcmp(entry->key, recording->name) == 0)
                place = entry_place(entry, "recorder");
        }
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("there is no recording \"%s\" to be the recorder of "
                    "\"%s\"; declare it below \"recordings:\" too"),
                  recording->recorder_name, recording->name);
    }
}

/* Two files of one stem keep their endings as names. */
static bool stem_is_shared(char *const *names, size_t count, size_t at,
                           struct arena *arena)
{
    const char *stem = files_stem(arena, names[at]);
    for (size_t i = 0; i < count; i++) {
        if (i != at && source_is_recording(names[i]) &&
            text_equal_fold(files_stem(arena, names[i]), stem))
            return true;
    }
    return false;
}

static void session_list_recordings(struct session *session)
{
    struct arena *arena = session->arena;
    const char *folder = files_join(arena, session->path, RECORDINGS);
    char **names = NULL;
    size_t count = 0;
    if (!files_is_folder(folder))
        return;
    if (files_list(NULL, folder, arena, &names, &count) < 0) {
        fault_add(&session->faults, FAULT_SESSION,
                  (struct fault_place){.file = RECORDINGS},
                  _("the folder can't be read; check its permissions"));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *path = files_join(arena, folder, names[i]);
        if (!source_is_recording(names[i]) || files_is_folder(path))
            continue;
        const char *name = stem_is_shared(names, count, i, arena)
                               ? names[i]
                               : files_stem(arena, names[i]);
        session_add_recording(session, name,
                              files_join(arena, RECORDINGS, names[i]), path);
    }
}

void session_read_recordings(struct session *session,
                             const struct yaml_node *node)
{
    bool given = node && (node->kind == YAML_SCALAR ? !text_is_blank(node->text)
                                                    : node->count > 0);
    if (!given) {
        session_list_recordings(session);
        return;
    }
    if (node->kind == YAML_SCALAR) {
        struct fault_place place = {.file = SESSION_FILE,
                                    .row = node->line,
                                    .column = node->column,
                                    .field = RECORDINGS,
                                    .in_text = true};
        if (!yaml_tell_wide_colon(node, &session->faults, place))
            fault_add(&session->faults, FAULT_SESSION, place,
                      _("\"recordings\" is written as names with files below "
                        "it, such as \"cam1: recordings/C0001.MP4\""));
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        session_read_recording(session, &node->items[i]);
    session_join_recorders(session, node);
}
