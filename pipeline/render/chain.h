/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stages of one span, wired so that each piece of work is done at the
 * widest point at which it is the same for all:
 *
 *   source ▸ fan-out ─┬▸ tempo: retimer ▸ fan-out ─┬▸ shape: framer ▸ fade
 *                     └▸ tempo …                   └▸ shape …    │
 *      lane: burner ▸ meter ▸ encoder ▸ chunk file ◂─┬── fan-out ◂┘
 *      lane …                                       ◂┘
 *
 * Under a dissolve the outgoing source has its own fan-out, retimers and
 * framers up to each shape's crossfader. This room's own header. */
#ifndef REELPRESS_RENDER_CHAIN_H
#define REELPRESS_RENDER_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "encode/encoder.h"
#include "flow/chunk_file.h"
#include "flow/fanout.h"
#include "render/burner.h"
#include "render/crossfader.h"
#include "render/kit.h"
#include "render/meter.h"
#include "render/mover.h"
#include "render/pace.h"
#include "render/retimer.h"
#include "render/scaler.h"

/* One rendition that lacks the span. */
struct lane {
    const struct render_target *target; /* lent */
    struct logo logo;
    struct burner burner;
    struct meter meter;
    struct encoder *encoder;
    struct chunk_writer *writer;
};

/* How one side's pictures come into the frame: a scaler, or a mover for photos
 * that move. */
struct framer {
    bool moves;
    struct move move; /* if so */
    struct scaler scaler;
    struct mover mover;
};

/* One frame size, fit, movement and transition. */
struct shape {
    struct tempo *tempo;
    int width, height;
    struct fit_wish wish;
    enum span_join join;
    struct framer framer, outgoing;
    struct fader fader;
    struct crossfader crossfader;
    struct fanout lanes;
};

/* One run of ticks. */
struct tempo {
    struct pace pace, outgoing_pace;
    struct retimer retimer, outgoing_retimer;
    struct fanout shapes, outgoing_shapes;
};

struct chain {
    struct log *log;
    struct render_kit *kit; /* lent */
    const struct clip *clip;
    size_t span;
    struct render_stats *stats; /* lent */
    struct arena *arena;        /* owns the arrays and parameter strings */
    struct lane *lanes;
    size_t lane_count;
    struct shape *shapes;
    size_t shape_count;
    struct tempo *tempos;
    size_t tempo_count;
    bool dissolves;                        /* some shape has an outgoing side */
    struct fanout tempo_fan, outgoing_fan; /* the sources push here */
};

/* The targets and the stats are lent until chain_clear, which is called in any
 * case. */
int chain_init(struct chain *chain, struct log *log, struct render_kit *kit,
               const struct clip *clip, size_t span,
               const struct render_target *targets, size_t target_count,
               struct render_stats *stats);
void chain_clear(struct chain *chain);

const struct shot *chain_shot(const struct chain *chain);
/* The frames of the shot's recording that all tempos need together. */
void chain_frames(const struct chain *chain, bool outgoing, size_t *first,
                  size_t *end);
bool chain_wants_fields(const struct chain *chain, bool outgoing);
/* Pictures by which the outgoing source is ahead; below 0: behind. */
int64_t chain_lead(const struct chain *chain);

#endif
