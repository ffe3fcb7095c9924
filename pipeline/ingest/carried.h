/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workers' side of fonts that scripts and recordings carry: they are taken
 * out into a folder of the store, named by digest and never by a foreign name,
 * and each is looked at alone, so that one that breaks a worker costs itself.
 */
#ifndef REELPRESS_INGEST_CARRIED_H
#define REELPRESS_INGEST_CARRIED_H

#include <stdbool.h>
#include <jansson.h>
#include <libavformat/avformat.h>
#include "base/arena.h"
#include "base/log.h"

/* STORE/fonts/DIGEST.font, and the table of its face `index` beside it. */
char *carried_font_path(struct arena *arena, const char *store,
                        const char *digest);
char *carried_table_path(struct arena *arena, const char *store,
                         const char *digest, int index);

/* Whether a file of that folder is named like one of these. */
bool carried_is_file(const char *name);

/* What is told of each font: {"name": as it is called, "digest": …} for one
 * that was put into the folder, {"name", "trouble": phrase} for one that was
 * not. Taking fails only where nothing can be read or written. */
struct font_taker {
    struct log *log;
    const char *store; /* whose folder "fonts" is there */
    json_t *list;      /* appended to */
    size_t count, bytes;
};
/* Takes one font; carried_take of subtitles/carried.h. */
int font_take(void *taker, const char *name, const void *bytes, size_t size);

/* Of an ASS file's section [Fonts]; `charset` NULL: found out. */
int script_take_fonts(struct log *log, const char *path, const char *charset,
                      struct font_taker *taker);
/* Of a recording's attachments, and of the head of its ASS track. */
int recording_take_fonts(struct log *log, const char *path,
                         struct font_taker *taker);

/* A font file's faces as [{"index", "families", …}, …]; NULL after telling a
 * phrase why it can't be used. */
json_t *font_read_names(struct log *log, const char *path);
/* Writes the table of one of its faces. */
int font_write_table(struct log *log, const char *path, const char *digest,
                     int index, const char *table);

#endif
