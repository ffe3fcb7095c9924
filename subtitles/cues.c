/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A subtitle file's bytes into cues: finds the encoding and the format, cuts
 * lines, and hands them to the format's reader. Knows no format's grammar. */
#include "subtitles/cues.h"
#include "subtitles/cues_parts.h"

#include <string.h>
#include <strings.h>

#include <libavutil/common.h>

#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "subtitles/carried.h"
#include "subtitles/charset.h"

#define TOLD_ONE_BY_ONE 12

struct cues *cues_create(struct arena *arena, const char *format)
{
    struct cues *cues = arena_alloc(arena, sizeof(*cues));
    cues->format = format;
    return cues;
}

void cues_add(struct cues *cues, struct arena *arena, int64_t start_flicks,
              int64_t end_flicks, const char *text)
{
    struct cue *cue = ARENA_PUSH(arena, cues->list, cues->count);
    cue->start_flicks = start_flicks;
    cue->end_flicks = end_flicks;
    cue->text = arena_strdup(arena, text);
}

static void merge(const struct cue *from, size_t left, size_t right, size_t end,
                  struct cue *to)
{
    size_t a = left, b = right;
    for (size_t i = left; i < end; i++) {
        bool second = a == right ||
                      (b < end && from[b].start_flicks < from[a].start_flicks);
        to[i] = second ? from[b++] : from[a++];
    }
}

/* Stable, so that cues of one time stay as the file has them. */
void cues_sort(struct cues *cues)
{
    struct arena *arena = arena_create();
    struct cue *from = cues->list;
    struct cue *to = arena_alloc(arena, (cues->count + 1) * sizeof(*to));
    for (size_t run = 1; run < cues->count; run *= 2) {
        for (size_t i = 0; i < cues->count; i += 2 * run)
            merge(from, i, FFMIN(i + run, cues->count),
                  FFMIN(i + 2 * run, cues->count), to);
        struct cue *swap = from;
        from = to;
        to = swap;
    }
    if (from != cues->list)
        memcpy(cues->list, from, cues->count * sizeof(*from));
    arena_destroy(&arena);
}

void cue_leave_out(struct cue_reader *reader, int row, const char *reason)
{
    struct fault_place place = {.file = reader->file, .row = row};
    reader->last_row = FFMAX(reader->last_row, row);
    if (reader->left_out++ < TOLD_ONE_BY_ONE)
        fault_add(reader->faults, FAULT_WARNING, place,
                  _("this subtitle is left out: %s"), reason);
}

void cue_add(struct cue_reader *reader, int64_t start_flicks,
             int64_t end_flicks, const char *text, const char *voice, int row)
{
    const char *clean = text_trim(reader->arena, text);
    if (!*clean)
        return;
    if (end_flicks <= start_flicks) {
        cue_leave_out(reader, row,
                      _("its end does not lie after its start; mend the "
                        "times"));
        return;
    }
    if (end_flicks <= 0) {
        cue_leave_out(reader, row,
                      _("it ends before the recording begins; shift the "
                        "file's times"));
        return;
    }
    struct cues *cues = reader->cues;
    cues_add(cues, reader->arena, start_flicks < 0 ? 0 : start_flicks,
             end_flicks, clean);
    struct cue *cue = &cues->list[cues->count - 1];
    cue->row = row;
    cue->voice = voice && *voice ? arena_strdup(reader->arena, voice) : NULL;
}

static void lines_cut(struct cue_reader *reader, const char *text)
{
    struct cue_line *lines = NULL;
    size_t count = 0;
    for (int row = 1; *text; row++) {
        size_t size = strcspn(text, "\r\n");
        struct cue_line *line = ARENA_PUSH(reader->arena, lines, count);
        line->text = size ? arena_strndup(reader->arena, text, size) : "";
        line->row = row;
        text += size;
        if (text[0] == '\r' && text[1] == '\n')
            text++;
        text += *text != 0;
    }
    reader->lines = lines;
    reader->count = count;
}

static bool is_lrc_line(const char *line)
{
    const char *at = skip_blanks(line);
    int64_t flicks;
    if (*at++ != '[' || !cue_time(&at, &flicks))
        return false;
    return *at == ']';
}

static bool is_ass_line(const char *line)
{
    return strncasecmp(line, "[Script Info]", 13) == 0 ||
           strncasecmp(line, "[V4", 3) == 0 ||
           strncasecmp(line, "[Events]", 8) == 0 ||
           strncasecmp(line, "Dialogue:", 9) == 0;
}

/* Each line votes for the first format that it could be of; the header of
 * WebVTT decides alone. "" when it is none of them. */
static const char *format_find(const struct cue_reader *reader)
{
    static const char *const vtt_endings[] = {"vtt", "webvtt", NULL};
    if (reader->count && strncmp(reader->lines[0].text, "WEBVTT", 6) == 0)
        return "vtt";
    for (size_t i = 0; i < reader->count; i++) {
        const char *line = reader->lines[i].text;
        if (is_ass_line(line))
            return "ass";
        if (is_lrc_line(line))
            return "lrc";
        if (cue_is_timing(line, reader->arena))
            return files_has_ending(reader->file, vtt_endings) ? "vtt" : "srt";
    }
    return "";
}

/* {25}{50}words: frames. */
static bool is_microdvd_line(const char *line)
{
    size_t from = strspn(line + (*line == '{'), "0123456789");
    if (*line != '{' || !from || strncmp(line + 1 + from, "}{", 2) != 0)
        return false;
    size_t to = strspn(line + from + 3, "0123456789");
    return to > 0 && line[from + 3 + to] == '}';
}

/* 0:00:01.000,0:00:02.000: YouTube's own. */
static bool is_sbv_line(const char *line)
{
    int64_t flicks;
    if (!cue_time(&line, &flicks) || *line++ != ',')
        return false;
    return cue_time(&line, &flicks) && *line == 0;
}

/* Formats that are not read, by what they begin with: told by name, so that
 * people know what to save their file as. */
static const char *foreign_format(const struct cue_reader *reader)
{
    static const struct {
        const char *mark, *name;
    } marks[] = {
        {"<tt", "TTML"},
        {"<SAMI", "SAMI"},
        {"Scenarist_SCC", "SCC"},
        {"[INFORMATION]", "SubViewer"},
        {"$FontName", "Spruce STL"},
    };
    size_t limit = reader->count < 20 ? reader->count : 20;
    for (size_t i = 0; i < limit; i++) {
        if (is_microdvd_line(reader->lines[i].text))
            return "MicroDVD";
        if (is_sbv_line(reader->lines[i].text))
            return "SBV";
        for (size_t k = 0; k < sizeof(marks) / sizeof(*marks); k++) {
            if (strcasestr(reader->lines[i].text, marks[k].mark))
                return marks[k].name;
        }
    }
    return NULL;
}

static void fault_no_cue(const struct cue_reader *reader)
{
    /* What sums others up stands behind them. */
    struct fault_place place = {.file = reader->file, .row = reader->last_row};
    const char *foreign = foreign_format(reader);
    if (foreign)
        fault_add(reader->faults, FAULT_WARNING, place,
                  _("this is a %s file, which is not read; save it as SRT"),
                  foreign);
    else if (reader->left_out)
        fault_add(reader->faults, FAULT_WARNING, place,
                  _("none of its %zu subtitles can be used; see above"),
                  reader->left_out);
    else
        fault_add(reader->faults, FAULT_WARNING, place,
                  _("there is no subtitle in this file; an SRT, WebVTT, ASS "
                    "or LRC file is expected"));
}

static void reader_run(struct cue_reader *reader, const char *format)
{
    if (strcmp(format, "vtt") == 0)
        vtt_read(reader);
    else if (strcmp(format, "ass") == 0)
        ass_read(reader);
    else if (strcmp(format, "lrc") == 0)
        lrc_read(reader);
    else if (strcmp(format, "srt") == 0)
        srt_read(reader);
}

/* Without what a script carries, which may be many times its size, and is no
 * text to find the encoding by. UTF-16 shows it only once it is decoded. */
static int decode_bare(const char *bytes, size_t size, struct buffer *text,
                       const char **encoding, bool *fonts)
{
    struct buffer bare = {0};
    bool carries = carried_strip(bytes, size, &bare, fonts);
    int ret = charset_decode(carries ? buffer_text(&bare) : bytes,
                             carries ? bare.size : size, NULL, text, encoding);
    buffer_clear(&bare);
    if (ret >= 0 && !carries &&
        carried_strip(buffer_text(text), text->size, &bare, fonts)) {
        buffer_clear(text);
        *text = bare;
    }
    return ret;
}

struct cues *cues_parse(const char *file, const char *bytes, size_t size,
                        struct arena *arena, struct faults *faults)
{
    struct fault_place place = {.file = file};
    struct buffer text = {0};
    const char *encoding = NULL;
    struct cues *cues = NULL;
    bool carries_fonts = false;
    int ret = decode_bare(bytes, size, &text, &encoding, &carries_fonts);
    if (ret < 0) {
        fault_add(faults, FAULT_WARNING, place,
                  _("this is no text in UTF-8, UTF-16, GB18030 or Big5; save "
                    "the subtitles as UTF-8"));
        goto done;
    }
    struct cue_reader reader = {.file = file, .arena = arena, .faults = faults};
    lines_cut(&reader, buffer_text(&text));
    const char *format = format_find(&reader);
    reader.cues = cues_create(arena, format);
    reader.cues->encoding = encoding;
    if (strcmp(format, "ass") == 0) {
        reader.cues->ass_script = arena_strdup(arena, buffer_text(&text));
        reader.cues->carries_fonts = carries_fonts;
    }
    reader_run(&reader, format);
    if (reader.left_out > TOLD_ONE_BY_ONE) {
        place.row = reader.last_row;
        fault_add(faults, FAULT_WARNING, place,
                  _("up to here %zu more subtitles are left out for reasons "
                    "like these"),
                  reader.left_out - TOLD_ONE_BY_ONE);
    }
    if (reader.cues->count) {
        cues = reader.cues;
        cues_sort(cues);
    } else {
        fault_no_cue(&reader);
    }

done:
    buffer_clear(&text);
    return cues;
}
