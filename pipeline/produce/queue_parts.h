/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the queue share among themselves. */
#ifndef REELPRESS_PRODUCE_QUEUE_PARTS_H
#define REELPRESS_PRODUCE_QUEUE_PARTS_H

#include "produce/queue.h"

#define UNITS_PER_POSTER 20

/* Planned work; the unit is one picture of 1920x1080 encoded. */
int64_t queue_chunk_units(const struct rendition *rendition, size_t chunk);
int64_t queue_file_units(const struct rendition *rendition);
int64_t queue_sound_units(const struct sound *sound);

/* Sets a chunk's state, and keeps account of what waits. The rendition's file
 * is still to be made. */
void queue_set_chunk(struct queue *queue, size_t rendition, size_t chunk,
                     enum product_state state);
bool queue_has_chunk(const struct queue *queue, size_t rendition, size_t chunk);
/* What a chunk is to be coded with as far as is known by now. */
struct chunk_setting queue_setting(const struct queue *queue, size_t rendition,
                                   size_t chunk);
/* All chunks begin again at the first steps of fill and rate. */
void queue_reset_fills(struct queue *queue, size_t rendition);
/* The next run of chunks that wait; NULL when none does. */
struct item *queue_find_run(struct queue *queue);

/* The film is to be made, and what it lacks; the queue's account of it. */
void queue_want_rendition(struct queue *queue, size_t rendition);
void queue_want_sound(struct queue *queue, size_t sound);
/* True when the item failed for want of room only, or as the session or the
 * work folder is gone: then all that it did not make is wanted as before, and
 * the queue is stuck. */
bool queue_put_back(struct queue *queue, const struct item *item, int code);

size_t queue_clip_index(const struct queue *queue, const struct clip *clip);
size_t queue_sound_index(const struct queue *queue, const struct sound *sound);

/* Whether the store holds the finished product with its figures; fills the
 * result when it does. */
bool queue_find_file(struct queue *queue, size_t rendition);
bool queue_find_poster(struct queue *queue, size_t poster);

#endif
