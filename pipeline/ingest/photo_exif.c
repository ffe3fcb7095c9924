/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds a photo's EXIF block in its container and reads three tags by libexif;
 * knows nothing of pictures. */
#include "ingest/photo_exif.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <libavutil/intreadwrite.h>
#include <libexif/exif-data.h>
#include "ingest/recording.h"

/* libexif reads no more of a block. */
#define BLOCK_MOST 0xfffe

static int exif_orientation(ExifData *data)
{
    ExifEntry *entry =
        exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->size < 2)
        return ORIENTATION_NORMAL;
    const int value =
        exif_get_short(entry->data, exif_data_get_byte_order(data));
    return value >= ORIENTATION_NORMAL && value <= ORIENTATION_QUARTER_LEFT
               ? value
               : ORIENTATION_NORMAL;
}

/* "2022:06:28 14:30:05"; cameras without a clock write zeros or blanks. */
static bool exif_is_time(const char *text)
{
    static const char form[] = "dddd:dd:dd dd:dd:dd";
    for (size_t i = 0; i < sizeof(form) - 1; i++) {
        if (form[i] == 'd' ? !isdigit((unsigned char)text[i])
                           : text[i] != form[i])
            return false;
    }
    return strncmp(text, "0000", 4) != 0;
}

static bool exif_take_time(ExifData *data, ExifTag tag, char *out)
{
    ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_EXIF], tag);
    if (!entry || entry->format != EXIF_FORMAT_ASCII ||
        entry->size < PHOTO_TAKEN_TEXT - 1)
        return false;
    memcpy(out, entry->data, PHOTO_TAKEN_TEXT - 1);
    out[PHOTO_TAKEN_TEXT - 1] = '\0';
    if (!exif_is_time(out))
        out[0] = '\0';
    return out[0] != '\0';
}

static bool exif_is_adobe_rgb(ExifData *data)
{
    ExifEntry *entry = exif_content_get_entry(
        data->ifd[EXIF_IFD_INTEROPERABILITY], EXIF_TAG_INTEROPERABILITY_INDEX);
    return entry && entry->size >= 3 && memcmp(entry->data, "R03", 3) == 0;
}

void photo_exif_of_block(const uint8_t *block, size_t size,
                         struct photo_exif *out)
{
    static const uint8_t head[] = {'E', 'x', 'i', 'f', 0, 0};
    *out = (struct photo_exif){.orientation = ORIENTATION_NORMAL};
    if (size >= sizeof(head) && memcmp(block, head, sizeof(head)) == 0) {
        block += sizeof(head);
        size -= sizeof(head);
    }
    if (size < 8)
        return;
    if (size > BLOCK_MOST - sizeof(head))
        size = BLOCK_MOST - sizeof(head);
    uint8_t *whole = malloc(size + sizeof(head));
    if (!whole)
        return;
    memcpy(whole, head, sizeof(head));
    memcpy(whole + sizeof(head), block, size);
    ExifData *data =
        exif_data_new_from_data(whole, (unsigned)(size + sizeof(head)));
    free(whole);
    if (!data)
        return;
    out->orientation = exif_orientation(data);
    out->adobe_rgb = exif_is_adobe_rgb(data);
    if (!exif_take_time(data, EXIF_TAG_DATE_TIME_ORIGINAL, out->taken))
        exif_take_time(data, EXIF_TAG_DATE_TIME_DIGITIZED, out->taken);
    exif_data_unref(data);
}

/* ---- where the block lies ------------------------------------------------ */

/* JPEG: the first APP1 that begins with "Exif". */
static const uint8_t *exif_in_jpeg(const uint8_t *bytes, size_t size,
                                   size_t *length)
{
    size_t at = 2;
    while (size - at >= 4 && bytes[at] == 0xff) {
        const uint8_t marker = bytes[at + 1];
        if (marker == 0xff) { /* fill byte */
            at++;
            continue;
        }
        if (marker == 0xda || marker == 0xd9)
            return NULL;
        const size_t segment = AV_RB16(bytes + at + 2);
        if (segment < 2 || segment > size - at - 2)
            return NULL;
        if (marker == 0xe1 && segment >= 10 &&
            memcmp(bytes + at + 4, "Exif\0", 6) == 0) {
            *length = segment - 2;
            return bytes + at + 4;
        }
        at += 2 + segment;
    }
    return NULL;
}

/* PNG (big-endian, CRC behind) and WebP (little-endian, padded to even). */
static const uint8_t *exif_in_chunks(const uint8_t *bytes, size_t size,
                                     bool png, size_t *length)
{
    size_t at = png ? 8 : 12;
    while (at <= size && size - at >= 8) {
        const size_t chunk =
            png ? AV_RB32(bytes + at) : AV_RL32(bytes + at + 4);
        const uint8_t *name = png ? bytes + at + 4 : bytes + at;
        if (chunk > size - at - 8)
            return NULL;
        if (memcmp(name, png ? "eXIf" : "EXIF", 4) == 0) {
            *length = chunk;
            return bytes + at + 8;
        }
        at += 8 + chunk + (png ? 4 : chunk & 1);
    }
    return NULL;
}

void photo_exif_of_file(const uint8_t *bytes, size_t size,
                        struct photo_exif *out)
{
    const uint8_t *block = NULL;
    size_t length = 0;
    *out = (struct photo_exif){.orientation = ORIENTATION_NORMAL};
    if (size < 16)
        return;
    if (AV_RB16(bytes) == 0xffd8)
        block = exif_in_jpeg(bytes, size, &length);
    else if (AV_RB32(bytes) == 0x89504e47)
        block = exif_in_chunks(bytes, size, true, &length);
    else if (memcmp(bytes, "RIFF", 4) == 0)
        block = exif_in_chunks(bytes, size, false, &length);
    else if (memcmp(bytes, "II*", 4) == 0 || memcmp(bytes, "MM\0*", 4) == 0) {
        block = bytes;
        length = size;
    }
    if (block)
        photo_exif_of_block(block, length, out);
}
