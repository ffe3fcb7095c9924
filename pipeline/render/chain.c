/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the wiring of one span's stages. Refuses to run them. */
#include "render/chain.h"

#include <assert.h>
#include <errno.h>
#include <libavutil/common.h>

static const struct span *chain_span(const struct chain *chain)
{
    return &chain->clip->spans[chain->span];
}

static bool chain_is_card(const struct chain *chain)
{
    return chain_span(chain)->shot < 0;
}

const struct shot *chain_shot(const struct chain *chain)
{
    size_t shot = chain_is_card(chain) ? chain->clip->shot_count - 1
                                       : (size_t)chain_span(chain)->shot;
    return &chain->clip->shots[shot];
}

static struct pace chain_pace(const struct chain *chain,
                              const struct timeline *timeline, bool outgoing)
{
    const struct shot *shot = chain_shot(chain);
    size_t number = (size_t)(shot - chain->clip->shots);
    int64_t begin = timeline->span_tick[chain->span];
    struct pace pace = {
        .shot = outgoing ? shot - 1 : shot,
        .rate = timeline->rate,
        .first = begin - timeline->shot_tick[number],
        .count = timeline->span_tick[chain->span + 1] - begin,
    };
    if (chain_is_card(chain) || !pace.shot->recording)
        pace.kind = PACE_STILL;
    else
        pace.kind = outgoing ? PACE_BEYOND : PACE_SHOT;
    if (chain_is_card(chain) && pace.shot->recording)
        pace.still = 2 * ((int64_t)shot->end_frame - 1);
    if (pace.kind == PACE_STILL)
        pace.first = 0;
    else
        pace.fields = pace_wants_fields(pace.shot, pace.rate);
    return pace;
}

/* From the same differences as the chunk's key, so that equal keys are equal
 * weights. */
static struct mix_ramp chain_ramp(const struct chain *chain,
                                  const struct timeline *timeline)
{
    const struct span *span = chain_span(chain);
    int64_t first =
        timeline->span_tick[chain->span] - timeline->shot_tick[span->shot];
    int64_t now = clock_flicks(first, timeline->rate);
    int64_t length = span->join_to_flicks - span->join_from_flicks;
    return (struct mix_ramp){
        .first = clock_ticks(now - span->join_from_flicks, timeline->rate),
        .length = FFMAX(clock_ticks(length, timeline->rate), 1),
    };
}

static struct fit_wish chain_wish(const struct shot *shot,
                                  const struct preset *preset)
{
    struct fit_wish wish = fit_wish_of(preset, shot->crop_percent);
    /* A photo is never cut unless its row says where. */
    if (shot->photo)
        wish.mode = FIT_BLUR;
    return wish;
}

static bool wish_is_same(const struct fit_wish *a, const struct fit_wish *b)
{
    return a->mode == b->mode && a->crop_percent == b->crop_percent &&
           a->narrow_percent == b->narrow_percent;
}

/* Whether the shot of one side moves in a rendition, and where the chunk lies
 * in its way. */
static void chain_move(const struct chain *chain,
                       const struct rendition *rendition, bool outgoing,
                       struct framer *out)
{
    const struct timeline *timeline = rendition->timeline;
    const struct shot *shot = chain_shot(chain);
    size_t number = (size_t)(shot - chain->clip->shots);
    int64_t first =
        timeline->span_tick[chain->span] - timeline->shot_tick[number];
    if (outgoing) {
        shot--;
        number--;
    }
    out->moves = shot_moves(shot, rendition->preset) && !chain_is_card(chain);
    if (!out->moves)
        return;
    out->move = (struct move){
        .turn = shot->turn,
        .from_flicks = clock_flicks(first, timeline->rate) +
                       (outgoing ? shot->out_flicks : 0),
        .length_flicks = timeline_seen_flicks(timeline, number),
    };
}

static bool framer_is_same(const struct framer *a, const struct framer *b)
{
    return a->moves == b->moves && a->move.turn == b->move.turn &&
           a->move.from_flicks == b->move.from_flicks &&
           a->move.length_flicks == b->move.length_flicks;
}

static struct frame_sink *chain_wire_framer(struct chain *chain,
                                            struct framer *framer,
                                            const struct shape *shape,
                                            const struct fit_wish *wish,
                                            struct frame_sink *next)
{
    if (framer->moves) {
        mover_init(&framer->mover, chain->log, shape->width, shape->height,
                   wish, &framer->move, next);
        return &framer->mover.sink;
    }
    scaler_init(&framer->scaler, chain->log, shape->width, shape->height, wish,
                chain_is_card(chain), next);
    return &framer->scaler.sink;
}

static int chain_add_tempo(struct chain *chain, const struct timeline *timeline,
                           bool dissolves, struct tempo **out)
{
    struct pace pace = chain_pace(chain, timeline, false);
    struct tempo *tempo = chain->tempos;
    for (; tempo < chain->tempos + chain->tempo_count; tempo++) {
        if (pace_is_same(&tempo->pace, &pace))
            break;
    }
    *out = tempo;
    int ret = 0;
    if (tempo == chain->tempos + chain->tempo_count) {
        chain->tempo_count++;
        tempo->pace = pace;
        fanout_init(&tempo->shapes);
        fanout_init(&tempo->outgoing_shapes);
        retimer_init(&tempo->retimer, chain->log, &pace, &tempo->shapes.sink);
        ret = fanout_add(&chain->tempo_fan, &tempo->retimer.sink);
    }
    if (ret >= 0 && dissolves && !tempo->outgoing_pace.shot) {
        tempo->outgoing_pace = chain_pace(chain, timeline, true);
        retimer_init(&tempo->outgoing_retimer, chain->log,
                     &tempo->outgoing_pace, &tempo->outgoing_shapes.sink);
        ret = fanout_add(&chain->outgoing_fan, &tempo->outgoing_retimer.sink);
    }
    return ret;
}

/* What a framer of the shape pushes into. */
static struct frame_sink *shape_join(struct shape *shape,
                                     const struct mix_ramp *ramp)
{
    switch (shape->join) {
    case JOIN_DISSOLVE:
        crossfader_init(&shape->crossfader, ramp, &shape->lanes.sink);
        return &shape->crossfader.incoming;
    case JOIN_FADE_IN:
    case JOIN_FADE_OUT:
        fader_init(&shape->fader, ramp, shape->join == JOIN_FADE_IN,
                   &shape->lanes.sink);
        return &shape->fader.sink;
    default:
        return &shape->lanes.sink;
    }
}

static int chain_wire_shape(struct chain *chain, struct shape *shape,
                            const struct rendition *rendition)
{
    const struct shot *shot = chain_shot(chain);
    struct mix_ramp ramp = {0};
    if (shape->join != JOIN_NONE)
        ramp = chain_ramp(chain, rendition->timeline);
    fanout_init(&shape->lanes);
    struct frame_sink *next = shape_join(shape, &ramp);
    int ret = fanout_add(
        &shape->tempo->shapes,
        chain_wire_framer(chain, &shape->framer, shape, &shape->wish, next));
    if (ret >= 0 && shape->join == JOIN_DISSOLVE) {
        struct fit_wish wish = chain_wish(shot - 1, rendition->preset);
        ret = fanout_add(&shape->tempo->outgoing_shapes,
                         chain_wire_framer(chain, &shape->outgoing, shape,
                                           &wish, &shape->crossfader.outgoing));
        chain->dissolves = true;
    }
    return ret;
}

static int chain_add_shape(struct chain *chain,
                           const struct rendition *rendition,
                           struct shape **out)
{
    const struct preset *preset = rendition->preset;
    struct shape wanted = {
        .width = (int)preset->width,
        .height = (int)preset->height,
        .wish = chain_wish(chain_shot(chain), preset),
        .join = rendition->timeline->transitions ? chain_span(chain)->join
                                                 : JOIN_NONE,
    };
    bool dissolves = wanted.join == JOIN_DISSOLVE;
    chain_move(chain, rendition, false, &wanted.framer);
    if (dissolves)
        chain_move(chain, rendition, true, &wanted.outgoing);
    assert(!dissolves || chain_span(chain)->shot > 0);
    int ret =
        chain_add_tempo(chain, rendition->timeline, dissolves, &wanted.tempo);
    if (ret < 0)
        return ret;
    for (size_t i = 0; i < chain->shape_count; i++) {
        struct shape *shape = &chain->shapes[i];
        if (shape->tempo == wanted.tempo && shape->width == wanted.width &&
            shape->height == wanted.height && shape->join == wanted.join &&
            framer_is_same(&shape->framer, &wanted.framer) &&
            framer_is_same(&shape->outgoing, &wanted.outgoing) &&
            wish_is_same(&shape->wish, &wanted.wish)) {
            *out = shape;
            return 0;
        }
    }
    *out = &chain->shapes[chain->shape_count++];
    **out = wanted;
    return chain_wire_shape(chain, *out, rendition);
}

static int chain_add_burner(struct chain *chain, struct lane *lane)
{
    const struct rendition *rendition = lane->target->rendition;
    const char *script = rendition->chunks[chain->span].script;
    struct overlay_library *library = NULL;
    int ret = render_kit_logo(chain->kit, chain->log, &rendition->logo,
                              (enum logo_corner)rendition->preset->logo_corner,
                              &lane->logo);
    struct overlay_picture picture = logo_picture(&lane->logo);
    if (ret >= 0 && burner_draws(script, &picture))
        ret = render_kit_library(chain->kit, chain->log, &library);
    meter_init(&lane->meter, chain->stats, encoder_sink(lane->encoder));
    if (ret >= 0)
        burner_init(&lane->burner, chain->log, library, script ? script : "",
                    &picture, &lane->meter.sink);
    return ret;
}

static int chain_add_lane(struct chain *chain,
                          const struct render_target *target)
{
    const struct rendition *rendition = target->rendition;
    struct lane *lane = &chain->lanes[chain->lane_count++];
    struct shape *shape = NULL;
    lane->target = target;
    int ret = chain_add_shape(chain, rendition, &shape);
    if (ret >= 0)
        ret = chunk_writer_create(chain->log, target->path, &lane->writer);
    if (ret < 0)
        return ret;
    int64_t count = shape->tempo->pace.count;
    assert(count > 0);
    chunk_writer_measures(lane->writer,
                          json_pack("{s:I}", "pictures", (json_int_t)count));
    ret = encoder_create(
        chain->log, rendition_encoder(rendition, target->setting, chain->arena),
        count == 1, chunk_writer_sink(lane->writer), &lane->encoder);
    if (ret >= 0)
        ret = chain_add_burner(chain, lane);
    if (ret >= 0)
        ret = fanout_add(&shape->lanes, &lane->burner.sink);
    return ret;
}

int chain_init(struct chain *chain, struct log *log, struct render_kit *kit,
               const struct clip *clip, size_t span,
               const struct render_target *targets, size_t target_count,
               struct render_stats *stats)
{
    *chain = (struct chain){
        .log = log, .kit = kit, .clip = clip, .span = span, .stats = stats};
    chain->arena = arena_create();
    chain->lanes =
        arena_alloc(chain->arena, target_count * sizeof(*chain->lanes));
    chain->shapes =
        arena_alloc(chain->arena, target_count * sizeof(*chain->shapes));
    chain->tempos =
        arena_alloc(chain->arena, target_count * sizeof(*chain->tempos));
    fanout_init(&chain->tempo_fan);
    fanout_init(&chain->outgoing_fan);
    int ret = 0;
    for (size_t i = 0; ret >= 0 && i < target_count; i++) {
        assert(targets[i].rendition->clip == clip);
        assert(span < targets[i].rendition->timeline->span_count);
        ret = chain_add_lane(chain, &targets[i]);
    }
    return ret;
}

void chain_clear(struct chain *chain)
{
    for (size_t i = 0; i < chain->lane_count; i++) {
        struct lane *lane = &chain->lanes[i];
        encoder_destroy(&lane->encoder);
        chunk_writer_destroy(&lane->writer);
        logo_clear(&lane->logo);
    }
    for (size_t i = 0; i < chain->shape_count; i++)
        fanout_clear(&chain->shapes[i].lanes);
    for (size_t i = 0; i < chain->tempo_count; i++) {
        fanout_clear(&chain->tempos[i].shapes);
        fanout_clear(&chain->tempos[i].outgoing_shapes);
    }
    fanout_clear(&chain->tempo_fan);
    fanout_clear(&chain->outgoing_fan);
    arena_destroy(&chain->arena);
}

void chain_frames(const struct chain *chain, bool outgoing, size_t *first,
                  size_t *end)
{
    *first = SIZE_MAX;
    *end = 0;
    for (size_t i = 0; i < chain->tempo_count; i++) {
        const struct pace *pace =
            outgoing ? &chain->tempos[i].outgoing_pace : &chain->tempos[i].pace;
        if (!pace->shot)
            continue;
        size_t from = (size_t)pace_position(pace, 0) / 2;
        size_t to = (size_t)pace_position(pace, pace->count - 1) / 2 + 1;
        *first = FFMIN(*first, from);
        *end = FFMAX(*end, to);
    }
}

bool chain_wants_fields(const struct chain *chain, bool outgoing)
{
    bool wants = false;
    for (size_t i = 0; i < chain->tempo_count; i++)
        wants |= outgoing ? chain->tempos[i].outgoing_pace.fields
                          : chain->tempos[i].pace.fields;
    return wants;
}

int64_t chain_lead(const struct chain *chain)
{
    for (size_t i = 0; i < chain->shape_count; i++) {
        if (chain->shapes[i].join == JOIN_DISSOLVE)
            return crossfader_lead(&chain->shapes[i].crossfader);
    }
    return 0;
}
