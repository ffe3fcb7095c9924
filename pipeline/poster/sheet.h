/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contact sheet of a clip: the best pictures for its covers side by side,
 * the best first, under each its time in the recording as the column "poster"
 * takes it. */
#ifndef REELPRESS_POSTER_SHEET_H
#define REELPRESS_POSTER_SHEET_H

#include "base/buffer.h"
#include "poster/poster.h"

/* Appends a JPEG to `out`; nothing where `choice` lists no pictures. */
int sheet_make(struct log *log, struct picture_source *pictures,
               struct overlay_library *library, const struct session *session,
               const struct clip *clip, const struct poster_choice *choice,
               struct buffer *out);

#endif
