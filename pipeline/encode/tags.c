/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns which word of the session stands in which tag. Knows no packets. */
#include "encode/tags.h"

#include "base/arena.h"

#include <libavutil/dict.h>

#include <string.h>

/* MP4 wants three letters of ISO 639-2/T. */
static void language_code(const char *tag, char out[4])
{
    static const struct {
        const char two[3], three[4];
    } table[] = {{"zh", "zho"}, {"en", "eng"}, {"ja", "jpn"}, {"ko", "kor"},
                 {"bo", "bod"}, {"ug", "uig"}, {"mn", "mon"}, {"kk", "kaz"},
                 {"za", "zha"}, {"de", "deu"}, {"fr", "fra"}, {"es", "spa"},
                 {"ru", "rus"}, {"pt", "por"}, {"ar", "ara"}, {"vi", "vie"}};
    size_t length = tag ? strcspn(tag, "-_") : 0;
    memcpy(out, "und", 4);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (length == 2 && !strncmp(tag, table[i].two, 2))
            memcpy(out, table[i].three, 4);
    }
    if (length == 3)
        memcpy(out, tag, 3);
}

static int set_tag(AVFormatContext *format, const char *key, const char *value)
{
    if (!value || !*value)
        return 0;
    return av_dict_set(&format->metadata, key, value, 0);
}

int tags_set(AVFormatContext *format, const struct session *session,
             const struct clip *clip)
{
    struct arena *arena = arena_create();
    const char *about = clip->subtitle ? clip->subtitle : session->title;
    const struct {
        const char *key, *value;
    } tags[] = {
        /* Not the file's name: it counts clips, and two untitled ones that
         * are alike share one product. */
        {"title", clip->title ? clip->title : session->title},
        {"artist", session->organizer},
        {"album", session->series ? session_series_line(session, arena) : NULL},
        {"comment", session->credit},
        {"description", about},
        {"copyright", session->copyright},
        {"date", session->year ? session_date_iso(session, arena) : NULL},
    };
    int ret = 0;
    for (size_t i = 0; ret >= 0 && i < sizeof(tags) / sizeof(tags[0]); i++)
        ret = set_tag(format, tags[i].key, tags[i].value);
    char language[4];
    language_code(session->language, language);
    for (unsigned i = 0; ret >= 0 && i < format->nb_streams; i++)
        ret =
            av_dict_set(&format->streams[i]->metadata, "language", language, 0);
    arena_destroy(&arena);
    return ret;
}
