/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the run of one span: opens the sources, steps them, finishes or closes.
 * Refuses to know how the stages are wired: chain.c. */
#include "render/render.h"

#include "render/chain.h"
#include "render/source.h"

/* One or two sources; the outgoing one only under a dissolve. */
struct run {
    struct chain *chain;
    struct source incoming, outgoing;
};

static int run_open_side(struct run *run, bool outgoing)
{
    const struct chain *chain = run->chain;
    const struct shot *shot = chain_shot(chain) - (outgoing ? 1 : 0);
    size_t first = 0, end = 0;
    chain_frames(chain, outgoing, &first, &end);
    struct frame_sink *fan =
        outgoing ? &run->chain->outgoing_fan.sink : &run->chain->tempo_fan.sink;
    return source_open(outgoing ? &run->outgoing : &run->incoming, chain->log,
                       chain->kit, shot, first, end,
                       chain_wants_fields(chain, outgoing), fan);
}

static int run_open(struct run *run, struct render_stats *stats)
{
    int ret = run->chain->dissolves ? run_open_side(run, true) : 0;
    if (ret < 0)
        return ret;
    ret = run_open_side(run, false);
    if (ret < 0 && run->chain->dissolves)
        source_close(&run->outgoing, &stats->frames_decoded,
                     &stats->frames_needed);
    return ret;
}

/* Two sources go in step, so that neither's pictures pile up. */
static int run_step(struct run *run)
{
    bool outgoing = run->chain->dissolves && !run->outgoing.ended &&
                    (run->incoming.ended || chain_lead(run->chain) <= 0);
    int ret = source_step(outgoing ? &run->outgoing : &run->incoming);
    if (ret != AVERROR_EOF)
        return ret;
    bool all =
        run->incoming.ended && (!run->chain->dissolves || run->outgoing.ended);
    return all ? AVERROR_EOF : 0;
}

static int run_finish(struct run *run)
{
    int ret = run->chain->dissolves ? source_finish(&run->outgoing) : 0;
    return ret < 0 ? ret : source_finish(&run->incoming);
}

static void run_close(struct run *run, struct render_stats *stats)
{
    source_close(&run->incoming, &stats->frames_decoded, &stats->frames_needed);
    if (run->chain->dissolves)
        source_close(&run->outgoing, &stats->frames_decoded,
                     &stats->frames_needed);
}

int render_span(struct log *log, struct render_kit *kit,
                const struct clip *clip, size_t span,
                const struct render_target *targets, size_t target_count,
                struct render_stats *stats)
{
    *stats = (struct render_stats){0};
    if (!target_count)
        return 0;
    struct chain chain;
    struct run run = {.chain = &chain};
    int ret =
        chain_init(&chain, log, kit, clip, span, targets, target_count, stats);
    if (ret < 0)
        goto done;
    ret = run_open(&run, stats);
    if (ret < 0)
        goto done;
    while (ret >= 0)
        ret = run_step(&run);
    if (ret == AVERROR_EOF)
        ret = run_finish(&run);
    run_close(&run, stats);
done:
    chain_clear(&chain);
    return ret;
}
