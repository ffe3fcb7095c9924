/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes fonts out of scripts and recordings, and has a font's names and letters
 * read. In workers only. */
#include "ingest/carried.h"

#include <string.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "base/files.h"
#include "base/text.h"
#include "ingest/media.h"
#include "ingest/recording_facts.h"
#include "ingest/session_parts.h"
#include "subtitles/carried.h"
#include "subtitles/charset.h"
#include "subtitles/face_table.h"

#define NAME_BYTES_MOST 120 /* of a name that is told */

char *carried_font_path(struct arena *arena, const char *store,
                        const char *digest)
{
    return arena_printf(arena, "%s/fonts/%s.font", store, digest);
}

char *carried_table_path(struct arena *arena, const char *store,
                         const char *digest, int index)
{
    return arena_printf(arena, "%s/fonts/%s.%d.face", store, digest, index);
}

bool carried_is_file(const char *name)
{
    if (strspn(name, "0123456789abcdef") != DIGEST_TEXT - 1)
        return false;
    name += DIGEST_TEXT - 1;
    if (*name == '.' && name[1] >= '0' && name[1] <= '9')
        name += 1 + strspn(name + 1, "0123456789");
    else
        return !strcmp(name, ".font");
    return !strcmp(name, ".face");
}

/* --- taking --------------------------------------------------------------- */

/* What a stranger wrote, fit to be shown: one line of text. */
static const char *name_shown(const char *name, struct arena *arena)
{
    struct buffer out = {0};
    while (*name && out.size < NAME_BYTES_MOST) {
        uint32_t letter = text_next(&name);
        char bytes[5];
        if (letter < 0x20 || (letter >= 0x7F && letter < 0xA0))
            letter = 0xFFFD;
        text_encode(letter, bytes);
        buffer_puts(&out, bytes);
    }
    const char *shown = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return *shown ? shown : "?";
}

/* Why a font is left out; NULL: it is taken. */
static const char *font_refused(const struct font_taker *taker,
                                const void *bytes, size_t size)
{
    if (taker->count > CARRIED_FONTS_MOST)
        return _("there are more than 128 of them");
    if (!bytes || size > CARRIED_BYTES_MOST)
        return _("it is larger than 64 MB");
    if (size > CARRIED_TOTAL_MOST - taker->bytes)
        return _("together they are larger than 256 MB");
    return size ? NULL : _("it is empty");
}

int font_take(void *opaque, const char *name, const void *bytes, size_t size)
{
    struct font_taker *taker = opaque;
    struct arena *arena = arena_create();
    const char *shown = name_shown(name, arena);
    int ret = 0;
    taker->count++;
    const char *refused = font_refused(taker, bytes, size);
    /* One sentence is enough for all that are too many. */
    if (taker->count <= CARRIED_FONTS_MOST + 1 && refused) {
        json_array_append_new(taker->list, json_pack("{s:s,s:s}", "name", shown,
                                                     "trouble", refused));
    } else if (!refused) {
        uint8_t sum[DIGEST_BYTES];
        char digest[DIGEST_TEXT];
        digest_of(bytes, size, sum);
        digest_text(sum, digest);
        taker->bytes += size;
        ret = files_update(taker->log,
                           carried_font_path(arena, taker->store, digest),
                           bytes, size);
        json_array_append_new(taker->list, json_pack("{s:s,s:s}", "name", shown,
                                                     "digest", digest));
    }
    arena_destroy(&arena);
    return ret;
}

int script_take_fonts(struct log *log, const char *path, const char *charset,
                      struct font_taker *taker)
{
    struct buffer bytes = {0}, text = {0};
    const char *encoding;
    int ret = files_read(log, path, SESSION_SCRIPT_LIMIT, &bytes);
    if (ret >= 0)
        ret = charset_decode(buffer_text(&bytes), bytes.size, charset, &text,
                             &encoding);
    if (ret >= 0)
        ret = carried_read(buffer_text(&text), font_take, taker);
    buffer_clear(&bytes);
    buffer_clear(&text);
    return ret;
}

/* As players have it: by type or, as types are written in many ways, by name.
 */
static bool attachment_is_font(const AVStream *stream)
{
    static const char *const types[] = {
        "application/x-truetype-font",
        "application/vnd.ms-opentype",
        "application/x-font-ttf",
        "application/x-font-truetype",
        "application/x-font-otf",
        "application/x-font-opentype",
        "application/x-font",
        "application/font-sfnt",
        "font/collection",
        "font/otf",
        "font/sfnt",
        "font/ttf",
    };
    static const char *const endings[] = {"ttf", "ttc", "otf", "otc", NULL};
    const AVDictionaryEntry *type =
        av_dict_get(stream->metadata, "mimetype", NULL, 0);
    const AVDictionaryEntry *name =
        av_dict_get(stream->metadata, "filename", NULL, 0);
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_ATTACHMENT)
        return false;
    for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++) {
        if (text_equal_fold(type->value, types[i]))
            return true;
    }
    return name && files_has_ending(name->value, endings);
}

static bool track_is_script(const AVStream *stream)
{
    return stream->codecpar->codec_id == AV_CODEC_ID_ASS &&
           stream->codecpar->extradata_size > 0;
}

/* The head of an ASS track as text; the caller clears it. */
static void track_head(const AVStream *stream, struct buffer *out)
{
    const AVCodecParameters *codec = stream->codecpar;
    const char *head = (const char *)codec->extradata;
    buffer_append(out, head, strnlen(head, (size_t)codec->extradata_size));
}

bool recording_has_fonts(const AVFormatContext *format)
{
    bool has = false;
    for (unsigned i = 0; i < format->nb_streams && !has; i++) {
        const AVStream *stream = format->streams[i];
        struct buffer head = {0}, bare = {0};
        has = attachment_is_font(stream);
        if (track_is_script(stream)) {
            track_head(stream, &head);
            carried_strip(buffer_text(&head), head.size, &bare, &has);
        }
        buffer_clear(&head);
        buffer_clear(&bare);
    }
    return has;
}

static int stream_take_fonts(const AVStream *stream, struct font_taker *taker)
{
    const AVCodecParameters *codec = stream->codecpar;
    int ret = 0;
    if (attachment_is_font(stream)) {
        const AVDictionaryEntry *name =
            av_dict_get(stream->metadata, "filename", NULL, 0);
        ret = font_take(taker, name ? name->value : "", codec->extradata,
                        (size_t)codec->extradata_size);
    } else if (track_is_script(stream)) {
        struct buffer head = {0};
        track_head(stream, &head);
        ret = carried_read(buffer_text(&head), font_take, taker);
        buffer_clear(&head);
    }
    return ret;
}

int recording_take_fonts(struct log *log, const char *path,
                         struct font_taker *taker)
{
    AVFormatContext *format = NULL;
    int ret = media_open(log, path, &format);
    for (unsigned i = 0; ret >= 0 && i < format->nb_streams; i++)
        ret = stream_take_fonts(format->streams[i], taker);
    avformat_close_input(&format);
    return ret;
}

/* --- looking at one ------------------------------------------------------- */

static json_t *names_list(const char *const *names, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}

static json_t *face_describe(const struct face_names *names)
{
    return json_pack(
        "{s:i,s:o,s:o,s:s*,s:b,s:i,s:i}", "index", names->index, "families",
        names_list((const char *const *)names->families, names->family_count),
        "full",
        names_list((const char *const *)names->full_names,
                   names->full_name_count),
        "postscript", names->postscript, "curves", names->is_postscript,
        "weight", names->weight, "slant", names->slant);
}

json_t *font_read_names(struct log *log, const char *path)
{
    struct arena *arena = arena_create();
    struct buffer bytes = {0};
    struct face_names *list;
    size_t count;
    json_t *faces = NULL;
    if (files_read(log, path, CARRIED_BYTES_MOST, &bytes) >= 0 &&
        face_names_read(log, bytes.data, bytes.size, arena, &list, &count) >=
            0) {
        faces = json_array();
        for (size_t i = 0; i < count; i++)
            json_array_append_new(faces, face_describe(&list[i]));
    }
    buffer_clear(&bytes);
    arena_destroy(&arena);
    return faces;
}

int font_write_table(struct log *log, const char *path, const char *digest,
                     int index, const char *table)
{
    struct arena *arena = arena_create();
    struct buffer bytes = {0};
    struct face_table *made = NULL;
    char sum[DIGEST_TEXT] = "";
    int ret = AVERROR(EINVAL);
    if (strlen(digest) == DIGEST_TEXT - 1) {
        memcpy(sum, digest, DIGEST_TEXT);
        ret = files_read(log, path, CARRIED_BYTES_MOST, &bytes);
    }
    if (ret >= 0)
        ret = face_table_make(log, bytes.data, bytes.size, index, arena, &made);
    if (ret >= 0)
        ret = face_table_save(log, table, sum, made);
    buffer_clear(&bytes);
    arena_destroy(&arena);
    return ret;
}
