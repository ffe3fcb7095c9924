/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed tiles of premultiplied colour, and putting them on a plane. Nothing
 * here knows what is drawn: flatten.h makes the tiles, overlay.h the text.
 *
 * A tile is 32 pixels of one row. Where every pixel of a tile has the same
 * values (plates, boxes) only one pair is stored, as a flat tile: a title's
 * plate would otherwise read megabytes per frame. */
#ifndef REELPRESS_SUBTITLES_BLEND_H
#define REELPRESS_SUBTITLES_BLEND_H

#include <stddef.h>
#include <stdint.h>

#define TILE_WIDTH 32

/* Plain loops in two instruction sets, chosen when the program is loaded; the
 * arithmetic is integer, so both give the same bytes. The resolver runs before
 * a sanitizer is set up and crashes under it. */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(REELPRESS_SANITIZED)
#define VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define VECTOR_CLONES
#endif

struct tile_place {
    uint16_t left, row; /* pixels of the plane */
};

/* A pixel d becomes round((d * keep + add) / 255), where the half that rounds
 * is part of `add`: keep is the transparency in 1/255, add the premultiplied
 * colour in 1/255 of a code value, plus 128. */
struct tile {
    uint16_t add[TILE_WIDTH];
    uint8_t keep[TILE_WIDTH];
};

struct flat_tile {
    uint16_t add;
    uint8_t keep;
};

#define TILE_ROUND 128

struct tiles {
    struct tile_place *places;
    struct tile *list;
    size_t count, room;
    struct tile_place *flat_places;
    struct flat_tile *flats;
    size_t flat_count, flat_room;
};

void tiles_clear(struct tiles *tiles); /* frees; {0} again */
void tiles_reset(struct tiles *tiles); /* none, keeps the memory */
/* Adds a copy of `tile`, flat if it is. 0 or AVERROR(ENOMEM). */
int tiles_add(struct tiles *tiles, struct tile_place place,
              const struct tile *tile);

/* Draws the tiles on a plane of `width` pixels; never touches a byte outside
 * the plane's own rows and width. */
void tiles_blend(const struct tiles *tiles, uint8_t *plane, ptrdiff_t stride,
                 int width);

#endif
