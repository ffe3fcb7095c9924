/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the first files of a session: what staff fill in. Written in the
 * locale's language; an existing file is never touched. */
#include "commands.h"

#include "base/files.h"

#include <string.h>

static const char *const folders[] = {"recordings", "photos", "subtitles",
                                      "music", "brand"};

static const char *const written[] = {"session.yaml", "highlights.csv"};

/* Looked at before anything is made. */
static int check_new(struct log *log, struct arena *arena, const char *folder)
{
    for (size_t i = 0; i < FF_ARRAY_ELEMS(written); i++) {
        const char *path = files_join(arena, folder, written[i]);
        if (files_exist(path))
            return log_fail(log, AVERROR(EEXIST),
                            _("%s: is there already and stays as it is; give "
                              "the new session another folder"),
                            path);
    }
    return 0;
}

static int write_new(struct log *log, struct arena *arena, const char *folder,
                     const char *name, const char *text)
{
    return files_write(log, files_join(arena, folder, name), text,
                       strlen(text));
}

/* As a shell takes it: people copy the line. */
static const char *shell_word(struct arena *arena, const char *word)
{
    struct buffer text = {0};
    if (!strpbrk(word, "\"$`\\!"))
        return arena_printf(arena, "\"%s\"", word);
    buffer_puts(&text, "'");
    for (; *word; word++) {
        if (*word == '\'')
            buffer_puts(&text, "'\\''");
        else
            buffer_append(&text, word, 1);
    }
    buffer_puts(&text, "'");
    char *quoted = arena_strdup(arena, buffer_text(&text));
    buffer_clear(&text);
    return quoted;
}

static const char *new_session_yaml(void)
{
    return _("# What this session is. Text after # is a note and is not read.\n"
             "series: Reading club       # shown in titles and file names\n"
             "number: 1\n"
             "title: Title of the evening\n"
             "date: 2026-01-31           # the day it took place\n"
             "place: \n"
             "organizer: \n"
             "credit:                    # credit line for the media\n"
             "copyright: \n"
             "contact:                   # whom newsrooms may call\n"
             "language: en\n"
             "outlets:                   # who gets what; reelpress presets\n"
             "  Daily paper: web-news\n"
             "  Douyin: douyin\n"
             "style: formal              # formal, clean or lively\n"
             "# logo: brand/logo.png\n"
             "# keep: [words, never, broken]\n"
             "# people: {Name: role}\n"
             "# music: {file: music/bed.flac, level: -18}\n"
             "# Recordings in the folder recordings/ are found by themselves.\n"
             "# Say more only where something is to be said:\n"
             "# recordings:\n"
             "#   cam1:\n"
             "#     file: recordings/C0001.MP4\n"
             "#     starts: \"14:30:05\"   # wall clock at its first frame\n");
}

static const char *new_highlights_csv(void)
{
    return _("clip,source,start,end,duration,title,subtitle,speaker,role,"
             "caption,quote,poster,transition,crop,note");
}

int command_new(struct log *log, const char *folder)
{
    struct arena *arena = arena_create();
    int ret = check_new(log, arena, folder);
    if (ret >= 0)
        ret = files_make_folders(log, folder);
    for (size_t i = 0; ret >= 0 && i < FF_ARRAY_ELEMS(folders); i++)
        ret = files_make_folders(log, files_join(arena, folder, folders[i]));
    if (ret >= 0)
        ret = write_new(log, arena, folder, written[0], new_session_yaml());
    /* The BOM makes Excel and WPS read the file as UTF-8. */
    if (ret >= 0)
        ret = write_new(
            log, arena, folder, written[1],
            arena_printf(arena, "\xEF\xBB\xBF%s\r\n", new_highlights_csv()));
    if (ret >= 0)
        log_info(log,
                 _("%s: put the recordings into recordings/, photos into "
                   "photos/, fill in session.yaml and highlights.csv, then "
                   "run: reelpress plan %s"),
                 folder, shell_word(arena, folder));
    arena_destroy(&arena);
    return ret;
}
