/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packed tiles of premultiplied colour, and putting them on a plane. */
#include "subtitles/blend.h"

#include <libavutil/error.h>
#include <libavutil/mem.h>

#include <stdbool.h>
#include <string.h>

void tiles_clear(struct tiles *tiles)
{
    av_free(tiles->places);
    av_free(tiles->list);
    av_free(tiles->flat_places);
    av_free(tiles->flats);
    *tiles = (struct tiles){0};
}

void tiles_reset(struct tiles *tiles)
{
    tiles->count = 0;
    tiles->flat_count = 0;
}

/* Makes room for one more of `size` bytes and its place. */
static int tiles_grow(struct tile_place **places, void *list, size_t size,
                      size_t count, size_t *room)
{
    if (count < *room)
        return 0;
    size_t more = *room ? 2 * *room : 1024;
    struct tile_place *grown =
        av_realloc_array(*places, more, sizeof(**places));
    if (!grown)
        return AVERROR(ENOMEM);
    *places = grown;
    void *memory = NULL;
    memcpy(&memory, list, sizeof(memory));
    memory = av_realloc_array(memory, more, size);
    if (!memory)
        return AVERROR(ENOMEM);
    memcpy(list, &memory, sizeof(memory));
    *room = more;
    return 0;
}

static bool tile_is_flat(const struct tile *tile)
{
    /* Equal to itself moved by one: equal throughout. */
    return !memcmp(tile->add, tile->add + 1,
                   sizeof(tile->add) - sizeof(tile->add[0])) &&
           !memcmp(tile->keep, tile->keep + 1, sizeof(tile->keep) - 1);
}

int tiles_add(struct tiles *tiles, struct tile_place place,
              const struct tile *tile)
{
    bool flat = tile_is_flat(tile);
    int ret =
        flat ? tiles_grow(&tiles->flat_places, &tiles->flats,
                          sizeof(*tiles->flats), tiles->flat_count,
                          &tiles->flat_room)
             : tiles_grow(&tiles->places, &tiles->list, sizeof(*tiles->list),
                          tiles->count, &tiles->room);
    if (ret < 0)
        return ret;
    if (flat) {
        tiles->flat_places[tiles->flat_count] = place;
        tiles->flats[tiles->flat_count++] =
            (struct flat_tile){tile->add[0], tile->keep[0]};
    } else {
        tiles->places[tiles->count] = place;
        tiles->list[tiles->count++] = *tile;
    }
    return 0;
}

/* x / 255 rounded, for x + 128 <= 65153, is (v + (v >> 8)) >> 8 with
 * v = x + 128: it stays in 16 bits, so sixteen pixels share a register. */
static inline void tile_blend(const struct tile *restrict tile,
                              uint8_t *restrict pixels)
{
    for (int i = 0; i < TILE_WIDTH; i++) {
        uint16_t v = (uint16_t)(pixels[i] * tile->keep[i] + tile->add[i]);
        v = (uint16_t)(v + (v >> 8));
        pixels[i] = (uint8_t)(v >> 8);
    }
}

static inline void flat_tile_blend(struct flat_tile tile,
                                   uint8_t *restrict pixels)
{
    for (int i = 0; i < TILE_WIDTH; i++) {
        uint16_t v = (uint16_t)(pixels[i] * tile.keep + tile.add);
        v = (uint16_t)(v + (v >> 8));
        pixels[i] = (uint8_t)(v >> 8);
    }
}

VECTOR_CLONES
static void tiles_blend_list(const struct tiles *tiles, uint8_t *plane,
                             ptrdiff_t stride, int width)
{
    for (size_t k = 0; k < tiles->count; k++) {
        struct tile_place place = tiles->places[k];
        uint8_t *pixels = plane + place.row * stride + place.left;
        if (place.left + TILE_WIDTH <= width) {
            tile_blend(&tiles->list[k], pixels);
            continue;
        }
        uint8_t edge[TILE_WIDTH] = {0};
        memcpy(edge, pixels, (size_t)(width - place.left));
        tile_blend(&tiles->list[k], edge);
        memcpy(pixels, edge, (size_t)(width - place.left));
    }
}

VECTOR_CLONES
static void tiles_blend_flats(const struct tiles *tiles, uint8_t *plane,
                              ptrdiff_t stride, int width)
{
    for (size_t k = 0; k < tiles->flat_count; k++) {
        struct tile_place place = tiles->flat_places[k];
        uint8_t *pixels = plane + place.row * stride + place.left;
        if (place.left + TILE_WIDTH <= width) {
            flat_tile_blend(tiles->flats[k], pixels);
            continue;
        }
        uint8_t edge[TILE_WIDTH] = {0};
        memcpy(edge, pixels, (size_t)(width - place.left));
        flat_tile_blend(tiles->flats[k], edge);
        memcpy(pixels, edge, (size_t)(width - place.left));
    }
}

void tiles_blend(const struct tiles *tiles, uint8_t *plane, ptrdiff_t stride,
                 int width)
{
    tiles_blend_list(tiles, plane, stride, width);
    tiles_blend_flats(tiles, plane, stride, width);
}
