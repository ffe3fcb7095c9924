/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which text files of the folder are read: subtitles of recordings,
 * captions of clips, corrections. What they hold is subtitles/'s. */
#include "ingest/session_parts.h"

#include <string.h>

#include "base/text.h"
#include "base/timecode.h"
#include "subtitles/charset.h"

static const char *const subtitle_endings[] = {"ass", "ssa", "srt",
                                               "vtt", "lrc", NULL};
static const char *const script_endings[] = {"ass", "ssa", NULL};

static int ending_rank(const char *name)
{
    for (int i = 0; subtitle_endings[i]; i++) {
        if (text_equal_fold(files_ending(name), subtitle_endings[i]))
            return i;
    }
    return -1;
}

/* subtitles/STEM.{ass,ssa,srt,vtt,lrc}, in any case; the stem is the file's or
 * the recording's name. NULL: none. */
static const char *subtitles_find(struct session *session,
                                  const struct recording *recording)
{
    struct arena *arena = session->arena;
    const char *folder = files_join(arena, session->path, "subtitles");
    char **names = NULL;
    size_t count = 0;
    if (!files_is_folder(folder) ||
        files_list(NULL, folder, arena, &names, &count) < 0)
        return NULL;
    const char *best = NULL, *stem = files_stem(arena, recording->file);
    for (size_t i = 0; i < count; i++) {
        const char *own = files_stem(arena, names[i]);
        if (ending_rank(names[i]) < 0 ||
            (!text_equal_fold(own, stem) &&
             !text_equal_fold(own, recording->name)))
            continue;
        if (!best || ending_rank(names[i]) < ending_rank(best))
            best = names[i];
    }
    return best ? files_join(arena, "subtitles", best) : NULL;
}

static bool read_subtitles(struct session *session, const char *path,
                           const char *file, struct buffer *out)
{
    size_t limit = files_has_ending(file, script_endings) ? SESSION_SCRIPT_LIMIT
                                                          : SESSION_TEXT_LIMIT;
    return session_read_file(session, path, file, limit, FAULT_SESSION, out);
}

/* Where people say what the bytes are, nothing is detected. */
static bool apply_charset(struct session *session,
                          const struct recording *recording,
                          struct buffer *bytes)
{
    struct buffer text = {0};
    const char *encoding = NULL;
    struct fault_place place = {
        .file = SESSION_FILE, .row = recording->row, .field = "charset"};
    if (!recording->charset)
        return true;
    if (charset_decode(buffer_text(bytes), bytes->size, recording->charset,
                       &text, &encoding) < 0) {
        fault_add(&session->faults, FAULT_SESSION, place,
                  _("the subtitles %s can't be read as \"%s\"; take the line "
                    "\"charset\" out, or name the encoding they were saved "
                    "in, such as GB18030, Big5 or UTF-8"),
                  recording->subtitles, recording->charset);
        buffer_clear(&text);
        return false;
    }
    buffer_clear(bytes);
    *bytes = text;
    return true;
}

/* Subtitles of another recording, or counted from another zero, would leave the
 * films without any and nobody would know why. */
static void check_cues_lie_inside(struct session *session,
                                  const struct recording *recording)
{
    const struct cues *cues = recording->cues;
    if (!cues->count || recording->end_flicks <= 0 ||
        cues->list[0].start_flicks < recording->end_flicks)
        return;
    fault_add(&session->faults, FAULT_WARNING,
              (struct fault_place){.file = recording->subtitles},
              _("the first subtitle comes at %s, after the end of %s, %s; look "
                "whether the file belongs to this recording and counts from "
                "its begin"),
              TIMECODE_TEXT(cues->list[0].start_flicks), recording->name,
              TIMECODE_TEXT(recording->end_flicks));
}

static void read_recording_subtitles(struct session *session,
                                     struct recording *recording)
{
    struct fault_place place = {
        .file = SESSION_FILE, .row = recording->row, .field = "subtitles"};
    const char *path = NULL;
    bool wanted = recording->subtitles != NULL;
    if (wanted)
        path = session_resolve(session, recording->subtitles, place);
    else
        recording->subtitles = subtitles_find(session, recording);
    if (!recording->subtitles || (wanted && !path))
        return;
    if (!path)
        path = files_join(session->arena, session->path, recording->subtitles);
    struct buffer bytes = {0};
    if (read_subtitles(session, path, recording->subtitles, &bytes) &&
        apply_charset(session, recording, &bytes)) {
        struct cues *cues =
            cues_parse(recording->subtitles, buffer_text(&bytes), bytes.size,
                       session->arena, &session->faults);
        if (cues)
            recording->cues = cues;
        if (cues && recording->charset)
            cues->encoding = recording->charset;
        if (cues)
            check_cues_lie_inside(session, recording);
    }
    buffer_clear(&bytes);
}

static void read_corrections(struct session *session)
{
    static const char *const names[] = {"corrections.csv", "更正.csv"};
    const char *found = NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *path = files_join(session->arena, session->path, names[i]);
        struct buffer bytes = {0};
        if (!files_exist(path))
            continue;
        if (found) {
            fault_add(&session->faults, FAULT_WARNING,
                      (struct fault_place){.file = names[i]},
                      _("the file is left out, as there is %s too; put all "
                        "corrections into one of the two"),
                      found);
            continue;
        }
        found = names[i];
        if (session_read_file(session, path, names[i], SESSION_TEXT_LIMIT,
                              FAULT_SESSION, &bytes))
            corrections_parse(&session->corrections, names[i],
                              buffer_text(&bytes), bytes.size, session->arena,
                              &session->faults);
        buffer_clear(&bytes);
    }
}

static void read_clip_captions(struct session *session)
{
    struct arena *arena = session->arena;
    const char *folder = files_join(arena, session->path, "subtitles/clips");
    char **names = NULL;
    size_t count = 0;
    if (!files_is_folder(folder) ||
        files_list(NULL, folder, arena, &names, &count) < 0)
        return;
    for (size_t i = 0; i < count; i++) {
        if (ending_rank(names[i]) < 0)
            continue;
        const char *file = files_join(arena, "subtitles/clips", names[i]);
        struct buffer bytes = {0};
        struct cues *cues = NULL;
        if (read_subtitles(session, files_join(arena, folder, names[i]), file,
                           &bytes))
            cues = cues_parse(file, buffer_text(&bytes), bytes.size, arena,
                              &session->faults);
        if (cues) {
            struct clip_captions *captions = ARENA_PUSH(
                arena, session->clip_captions, session->clip_caption_count);
            *captions =
                (struct clip_captions){files_stem(arena, names[i]), file, cues};
        }
        buffer_clear(&bytes);
    }
}

/* Only of recordings that rows use: others' texts are nobody's concern. */
static bool recording_is_used(const struct session *session,
                              const struct recording *recording)
{
    for (size_t i = 0; i < session->list.count; i++) {
        if (session->list.rows[i].recording == recording)
            return true;
    }
    return false;
}

void session_read_texts(struct session *session)
{
    for (size_t i = 0; i < session->recording_count; i++) {
        if (recording_is_used(session, session->recordings[i]))
            read_recording_subtitles(session, session->recordings[i]);
    }
    read_corrections(session);
    read_clip_captions(session);
}
