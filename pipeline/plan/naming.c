/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of files and folders from people's texts: safe on every system, the
 * Chinese left as it is. */
#include "plan/build.h"

#include <string.h>
#include "base/text.h"

#define NAME_CHARACTERS 80
/* Most file systems end a name at 255 bytes; endings and "-封面16x9" follow. */
#define NAME_BYTES      200
#define STEM_CHARACTERS 60
#define STEM_BYTES      150

/* Characters that no name may have: refused by Windows, or unseen (control,
 * marks of direction, zero width), or not text at all. */
static bool is_refused(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffd || c == 0xfeff ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) ||
           (c < 0x80 && strchr("/\\:*?\"<>|", (int)c));
}

static bool is_gap(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000 ||
           c == 0xa0;
}

/* Windows keeps these for devices, with any ending. */
static bool is_device(const char *name)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul"};
    char stem[5] = {0};
    size_t length = strcspn(name, ".");
    if (length != 3 && length != 4)
        return false;
    memcpy(stem, name, length);
    for (size_t i = 0; length == 3 && i < 4; i++) {
        if (text_equal_fold(stem, devices[i]))
            return true;
    }
    bool numbered = length == 4 && stem[3] >= '0' && stem[3] <= '9';
    stem[3] = '\0';
    return numbered &&
           (text_equal_fold(stem, "com") || text_equal_fold(stem, "lpt"));
}

static void trim_end(struct buffer *out)
{
    while (out->size &&
           (out->data[out->size - 1] == ' ' || out->data[out->size - 1] == '.'))
        out->data[--out->size] = '\0';
}

static char *make_safe(const char *text, size_t characters, size_t bytes,
                       struct arena *arena)
{
    struct buffer out = {0};
    size_t count = 0;
    bool gap = false;
    for (uint32_t c; (c = text_next(&text)) != 0;) {
        if (is_gap(c)) {
            gap = out.size > 0;
            continue;
        }
        /* A leading dot hides a file. */
        if (is_refused(c) || (c == '.' && out.size == 0))
            continue;
        char utf8[5];
        size_t size = (size_t)text_encode(c, utf8);
        if (count + gap + 1 > characters || out.size + gap + size > bytes)
            break;
        if (gap)
            buffer_append(&out, " ", 1);
        buffer_append(&out, utf8, size);
        count += 1 + gap;
        gap = false;
    }
    trim_end(&out);
    if (out.size == 0 || is_device(out.data))
        buffer_append(&out, "_", 1);
    char *name = arena_strdup(arena, out.data);
    buffer_clear(&out);
    return name;
}

char *naming_safe(const char *text, struct arena *arena)
{
    return make_safe(text ? text : "", NAME_CHARACTERS, NAME_BYTES, arena);
}

char *naming_stem(int number, const char *title, const char *id,
                  struct arena *arena)
{
    const char *plain = arena_printf(arena, "%d", number);
    if (text_is_blank(title))
        title = id && strcmp(id, plain) != 0 ? id : NULL;
    if (!title)
        return arena_printf(arena, "%02d", number);
    return arena_printf(arena, "%02d-%s", number,
                        make_safe(title, STEM_CHARACTERS, STEM_BYTES, arena));
}

static bool is_number(const char *text)
{
    return text && *text && text[strspn(text, "0123456789")] == '\0';
}

char *naming_zip(const struct session *session, const char *folder,
                 struct arena *arena)
{
    const char *series = session->series;
    if (!series)
        series = session->title ? session->title : session->name;
    const char *number = "";
    if (session->number)
        number = is_number(session->number) && session_is_chinese(session)
                     ? arena_printf(arena, "%s期", session->number)
                     : arena_printf(arena, "-%s", session->number);
    char *name = arena_printf(arena, "%04d%02d%02d-%s%s-%s", session->year,
                              session->month, session->day,
                              series ? series : "", number, folder);
    return arena_printf(arena, "%s.zip", naming_safe(name, arena));
}
