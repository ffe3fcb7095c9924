/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The faces that the styles name: found once through fontconfig (or in the
 * session's own folder, which goes first), then only known as file and face. */
#ifndef REELPRESS_INGEST_FONTS_H
#define REELPRESS_INGEST_FONTS_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/memo.h"
#include "subtitles/faces.h"
#include "subtitles/style.h"

/* Fills `out` with the faces of the style in the order it names them (each
 * family with its declared fall-backs). The Simplified Chinese face is chosen
 * by name, never a collection's first. A family that is not installed is a
 * FAULT_SESSION that names the package or folder to put it in; a fall-back
 * family that isn't is a FAULT_WARNING, since what it would have drawn is
 * checked character by character later. `memo` (NULL: none) spares summing
 * files that did not change. */
int fonts_load(struct log *log, const struct style *style,
               const char *house_folder, struct memo *memo, struct arena *arena,
               struct faults *faults, struct faces **out);

/* The font files in the house's folder and those in it, by name, in the arena;
 * none for NULL and for what is no folder. */
const char **fonts_in_folder(const char *folder, struct arena *arena,
                             size_t *count);

#endif
