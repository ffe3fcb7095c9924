/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libass (0.17.1, ass_charmap_magic) takes the first Microsoft character map of
 * a face, which is nearly always the one without the characters beyond U+FFFF;
 * it looks into the others only where a font provider finds it another face,
 * and ours finds none. So 𠮷 and 𬱖, everyday in people's names, would be
 * drawn as boxes. Here the entry of the small map is pointed to the full one,
 * in the private mapping that libass is given; the file stays as it is.
 * OpenType, "cmap", "Encoding records". */
#include "subtitles/faces_parts.h"

#include <string.h>

#define MICROSOFT       3
#define UNICODE_BMP     1
#define UNICODE_FULL    10
#define FACES_MOST      256
#define RECORD_BYTES    8
#define DIRECTORY_BYTES 16

struct font_bytes {
    uint8_t *bytes;
    size_t size;
};

static bool holds(const struct font_bytes *font, size_t offset, size_t size)
{
    return offset <= font->size && size <= font->size - offset;
}

static uint32_t number(const struct font_bytes *font, size_t offset, int size)
{
    uint32_t value = 0;
    if (!holds(font, offset, (size_t)size))
        return 0;
    for (int i = 0; i < size; i++)
        value = value << 8 | font->bytes[offset + (size_t)i];
    return value;
}

/* Where the face's "cmap" table lies; 0: it has none. */
static size_t find_table(const struct font_bytes *font, size_t face)
{
    uint32_t count = number(font, face + 4, 2);
    for (uint32_t i = 0; i < count; i++) {
        size_t entry = face + 12 + (size_t)i * DIRECTORY_BYTES;
        if (!holds(font, entry, DIRECTORY_BYTES))
            return 0;
        if (memcmp(font->bytes + entry, "cmap", 4) == 0)
            return number(font, entry + 8, 4);
    }
    return 0;
}

/* The record of a Microsoft map; 0: there is none. */
static size_t find_record(const struct font_bytes *font, size_t table,
                          uint32_t encoding)
{
    uint32_t count = number(font, table + 2, 2);
    for (uint32_t i = 0; i < count; i++) {
        size_t record = table + 4 + (size_t)i * RECORD_BYTES;
        if (!holds(font, record, RECORD_BYTES))
            return 0;
        if (number(font, record, 2) == MICROSOFT &&
            number(font, record + 2, 2) == encoding)
            return record;
    }
    return 0;
}

static void widen_face(const struct font_bytes *font, size_t face)
{
    size_t table = find_table(font, face);
    if (!table)
        return;
    size_t small = find_record(font, table, UNICODE_BMP);
    size_t full = find_record(font, table, UNICODE_FULL);
    if (small && full)
        memcpy(font->bytes + small + 4, font->bytes + full + 4, 4);
}

void faces_widen_cmap(void *bytes, size_t size)
{
    const struct font_bytes font = {bytes, size};
    if (size < 12)
        return;
    if (memcmp(bytes, "ttcf", 4) != 0) {
        widen_face(&font, 0);
        return;
    }
    uint32_t count = number(&font, 8, 4);
    for (uint32_t i = 0; i < count && i < FACES_MOST; i++) {
        size_t face = number(&font, 12 + 4 * (size_t)i, 4);
        if (face)
            widen_face(&font, face);
    }
}
