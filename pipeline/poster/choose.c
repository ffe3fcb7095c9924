/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which picture of a clip makes its posters: where candidates lie, and what is
 * asked of the recording to score them. How they are scored is scorer.h's. */
#include "poster/poster.h"

#include "poster/cells.h"
#include "poster/movement.h"
#include "poster/picture.h"
#include "poster/scorer.h"

#include <libavutil/common.h>

#include <stdlib.h>

#define MAX_CANDIDATES    40
#define STEP_FLICKS       (FLICKS_PER_SECOND / 2)
#define CUT_MARGIN_FLICKS (FLICKS_PER_SECOND / 2)
#define BEST_LISTED       5
/* So many others, the nearest in time, tell what moves in a picture. */
#define COMPARED_MOST 12

/* Two pictures are asked for each candidate: itself, and one two frames later,
 * which tells how still it is. */
struct request {
    int64_t flicks;
    size_t candidate;
    bool later;
};

struct choice {
    struct picture_source *pictures;
    struct log *log;
    const struct clip *clip;
    struct poster_candidate list[MAX_CANDIDATES];
    AVFrame *small[MAX_CANDIDATES];      /* until the later picture came */
    struct cells *cells[MAX_CANDIDATES]; /* NULL: no picture came */
    size_t count;
    struct request requests[2 * MAX_CANDIDATES];
    size_t request_count;
};

/* --- where candidates lie ------------------------------------------------ */

struct range {
    int64_t from, to; /* flicks of the recording; empty: from >= to */
};

/* The part of a shot that is no transition and not near a cut; where the shot
 * is too short for that, its middle. */
static struct range shot_range(const struct clip *clip, size_t i)
{
    const struct shot *shot = &clip->shots[i];
    int64_t head = shot->transition_flicks, tail = 0;
    if (shot->transition == TRANSITION_FADE)
        head /= 2;
    if (i + 1 < clip->shot_count && shot[1].transition == TRANSITION_FADE)
        tail = shot[1].transition_flicks / 2;
    struct range range = {shot->in_flicks + FFMAX(head, CUT_MARGIN_FLICKS),
                          shot->out_flicks - FFMAX(tail, CUT_MARGIN_FLICKS)};
    if (range.from >= range.to) {
        range.from = shot->in_flicks + (shot->out_flicks - shot->in_flicks) / 2;
        range.to = range.from + 1;
    }
    return range;
}

/* The list's own shot alone, when it named one; else every shot of the same
 * recording as the first: posters are made from one recording's time. */
static bool shot_takes_part(const struct clip *clip, size_t i)
{
    const struct shot *poster = &clip->shots[clip->poster_shot];
    if (i == clip->poster_shot)
        return true;
    return clip->shots[i].recording == poster->recording &&
           !(poster->row && poster->row->poster);
}

static void choice_add_range(struct choice *choice, size_t group,
                             struct range range, int64_t step)
{
    /* In the middle of each step, so that nothing hangs on the edges. */
    int64_t length = range.to - range.from;
    int64_t parts = FFMAX(length / step, 1);
    for (int64_t k = 0; k < parts && choice->count < MAX_CANDIDATES; k++)
        choice->list[choice->count++] = (struct poster_candidate){
            .flicks = range.from + length * (2 * k + 1) / (2 * parts),
            .group = group,
            .motion = -1,
        };
}

static void choice_find_candidates(struct choice *choice)
{
    const struct clip *clip = choice->clip;
    int64_t total = 0, shots = 0;
    for (size_t i = 0; i < clip->shot_count; i++) {
        if (!shot_takes_part(clip, i))
            continue;
        struct range range = shot_range(clip, i);
        total += range.to - range.from;
        shots++;
    }
    int64_t room = FFMAX(MAX_CANDIDATES - shots, 1);
    int64_t step = FFMAX(total / room + 1, STEP_FLICKS);
    choice_add_range(choice, clip->poster_shot,
                     shot_range(clip, clip->poster_shot), step);
    for (size_t i = 0; i < clip->shot_count; i++) {
        if (i != clip->poster_shot && shot_takes_part(clip, i))
            choice_add_range(choice, i, shot_range(clip, i), step);
    }
}

static int request_compare(const void *a, const void *b)
{
    const struct request *one = a, *other = b;
    if (one->flicks != other->flicks)
        return one->flicks < other->flicks ? -1 : 1;
    return (one->candidate > other->candidate) -
           (one->candidate < other->candidate);
}

static void choice_list_requests(struct choice *choice)
{
    AVRational rate = recording_rate(
        choice->clip->shots[choice->clip->poster_shot].recording);
    if (rate.num <= 0)
        rate = (AVRational){25, 1};
    for (size_t i = 0; i < choice->count; i++) {
        int64_t flicks = choice->list[i].flicks;
        choice->requests[choice->request_count++] =
            (struct request){flicks, i, false};
        choice->requests[choice->request_count++] =
            (struct request){flicks + clock_flicks(2, rate), i, true};
    }
    qsort(choice->requests, choice->request_count, sizeof(*choice->requests),
          request_compare);
}

/* The moment that the list names, with its surroundings in the shot, which
 * only tell what moves. What lies outside the shot has none. */
static void choice_list_asked(struct choice *choice, int64_t asked)
{
    const struct shot *shot = &choice->clip->shots[choice->clip->poster_shot];
    for (int i = -COMPARED_MOST / 2; i <= COMPARED_MOST / 2; i++) {
        int64_t flicks = asked + i * STEP_FLICKS;
        if (i && (flicks < shot->in_flicks || flicks >= shot->out_flicks ||
                  asked < shot->in_flicks || asked >= shot->out_flicks))
            continue;
        choice->requests[choice->request_count++] =
            (struct request){flicks, choice->count, false};
        choice->list[choice->count++] =
            (struct poster_candidate){.flicks = flicks, .motion = -1};
    }
}

/* --- looking at them ----------------------------------------------------- */

static int choice_keep_cells(struct choice *choice, size_t i,
                             const AVFrame *small)
{
    struct cells *cells = calloc(1, sizeof(*cells));
    if (!cells)
        return log_fail(choice->log, AVERROR(ENOMEM),
                        _("There is no memory left for choosing a poster."));
    cells_read(small, cells);
    choice->cells[i] = cells;
    return 0;
}

static int choice_visit(void *opaque, size_t i, AVFrame *frame)
{
    struct choice *choice = opaque;
    const struct request *request = &choice->requests[i];
    struct poster_candidate *candidate = &choice->list[request->candidate];
    AVFrame **first = &choice->small[request->candidate];
    AVFrame *small = NULL;
    int ret = picture_small(choice->log, choice->pictures, frame, &small);
    if (ret < 0)
        return ret;
    if (!request->later) {
        scorer_measure(small, &candidate->measures);
        candidate->measured = true;
        *first = small;
        return choice_keep_cells(choice, request->candidate, small);
    }
    if (*first && (*first)->width == small->width &&
        (*first)->height == small->height) {
        struct poster_measures later;
        scorer_measure(small, &later);
        candidate->motion = scorer_motion(*first, small);
        candidate->flicker = FFABS(later.luma - candidate->measures.luma);
    }
    av_frame_free(first);
    av_frame_free(&small);
    return 0;
}

static int choice_look(struct choice *choice)
{
    int64_t times[2 * MAX_CANDIDATES];
    for (size_t i = 0; i < choice->request_count; i++)
        times[i] = choice->requests[i].flicks;
    const struct shot *shot = &choice->clip->shots[choice->clip->poster_shot];
    return choice->pictures->ops->visit(choice->pictures, choice->log, shot,
                                        times, choice->request_count,
                                        choice_visit, choice);
}

/* --- what moves in the chosen one ---------------------------------------- */

static int64_t choice_distance(const struct choice *choice, size_t one,
                               size_t other)
{
    return llabs(choice->list[one].flicks - choice->list[other].flicks);
}

/* The candidate of the same shot that is nearest to `one` in time but not in
 * `taken`; `count` when there is none. */
static size_t choice_nearest(const struct choice *choice, size_t one,
                             const bool *taken)
{
    size_t nearest = choice->count;
    for (size_t i = 0; i < choice->count; i++) {
        if (taken[i] || !choice->cells[i] ||
            choice->list[i].group != choice->list[one].group)
            continue;
        if (nearest == choice->count ||
            choice_distance(choice, one, i) <
                choice_distance(choice, one, nearest))
            nearest = i;
    }
    return nearest;
}

static void choice_find_movement(const struct choice *choice, size_t one,
                                 struct movement *out)
{
    const struct cells *others[COMPARED_MOST];
    bool taken[MAX_CANDIDATES] = {false};
    size_t count = 0;
    taken[one] = true;
    while (choice->cells[one] && count < COMPARED_MOST) {
        size_t i = choice_nearest(choice, one, taken);
        if (i == choice->count)
            break;
        taken[i] = true;
        others[count++] = choice->cells[i];
    }
    if (choice->cells[one])
        movement_find(choice->cells[one], others, count, out);
}

/* --- telling it ---------------------------------------------------------- */

static const struct poster_candidate *choice_next_best(
    const struct choice *choice, const struct poster_candidate *than)
{
    const struct poster_candidate *next = NULL;
    for (size_t i = 0; i < choice->count; i++) {
        const struct poster_candidate *one = &choice->list[i];
        bool below = !than || one->score < than->score ||
                     (one->score == than->score && one > than);
        if (one->measured && !one->rejected && below &&
            (!next || one->score > next->score))
            next = one;
    }
    return next;
}

static json_t *choice_figures(const struct choice *choice,
                              const struct poster_candidate *best)
{
    const struct poster_measures *measures = &best->measures;
    int seen = 0, rejected = 0;
    for (size_t i = 0; i < choice->count; i++) {
        seen += choice->list[i].measured;
        rejected += choice->list[i].rejected;
    }
    json_t *others = json_array();
    const struct poster_candidate *other = choice_next_best(choice, NULL);
    for (int i = 0; i < BEST_LISTED && other; i++) {
        json_array_append_new(others,
                              json_pack("{s:I, s:f}", "ms",
                                        (json_int_t)clock_ms(other->flicks),
                                        "score", other->score));
        other = choice_next_best(choice, other);
    }
    return json_pack(
        "{s:I, s:i, s:i, s:b, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:o}",
        "ms", (json_int_t)clock_ms(best->flicks), "seen", seen, "rejected",
        rejected, "poor", best->rejected, "score", best->score, "sharpness",
        measures->sharpness, "sharpness_rank", best->sharpness_rank, "luma",
        measures->luma, "contrast", measures->contrast, "colour",
        measures->colour, "people", measures->people, "motion", best->motion,
        "best", others);
}

static bool choice_is_near(const struct poster_choice *out, int64_t flicks,
                           int64_t gap)
{
    for (size_t i = 0; i < out->best_count; i++) {
        if (llabs(out->best[i] - flicks) < gap)
            return true;
    }
    return false;
}

/* The chosen one, then the best of the others that are not nearly the same
 * moment: neighbours look alike. */
static void choice_list_best(const struct choice *choice,
                             struct poster_choice *out)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < choice->count; i++) {
        first = FFMIN(first, choice->list[i].flicks);
        last = FFMAX(last, choice->list[i].flicks);
    }
    int64_t gap = (last - first) / (2 * POSTER_BEST);
    out->best[out->best_count++] = out->flicks;
    const struct poster_candidate *one = choice_next_best(choice, NULL);
    for (; one && out->best_count < POSTER_BEST;
         one = choice_next_best(choice, one)) {
        if (one->flicks != out->flicks &&
            !choice_is_near(out, one->flicks, gap))
            out->best[out->best_count++] = one->flicks;
    }
}

/* A cover that nobody should send: said in words, not only in figures. */
static void choice_warn(const struct choice *choice,
                        const struct poster_candidate *taken, bool asked)
{
    if (!taken->rejected)
        return;
    log_warn(choice->log,
             asked ? _("clip %s: the picture asked for as the cover, at %s, is "
                       "nearly black, nearly white or empty; write another "
                       "time in the column \"poster\"")
                   : _("clip %s: no picture is good enough for a cover (dark, "
                       "empty or changing); the one at %s was taken: look at "
                       "it, and write a better time in the column "
                       "\"poster\""),
             choice->clip->stem ? choice->clip->stem : choice->clip->id,
             TIMECODE_TEXT(taken->flicks));
}

static int choice_take_best(struct choice *choice, struct poster_choice *out)
{
    choice_find_candidates(choice);
    choice_list_requests(choice);
    int ret = choice_look(choice);
    if (ret < 0 && ret != AVERROR_EOF)
        return ret;
    size_t best = scorer_choose(choice->list, choice->count);
    if (best == choice->count)
        return log_fail(choice->log, AVERROR_INVALIDDATA,
                        _("Clip %d: no picture could be read for its poster; "
                          "name another time in the column \"poster\"."),
                        choice->clip->number);
    choice_find_movement(choice, best, &out->movement);
    out->flicks = choice->list[best].flicks;
    out->figures = choice_figures(choice, &choice->list[best]);
    choice_list_best(choice, out);
    choice_warn(choice, &choice->list[best], false);
    return 0;
}

static int choice_take_asked(struct choice *choice, struct poster_choice *out)
{
    out->flicks = choice->clip->poster_flicks;
    choice_list_asked(choice, out->flicks);
    int ret = choice_look(choice);
    if (ret < 0 && ret != AVERROR_EOF)
        return ret;
    bool poor = false;
    scorer_choose(choice->list, choice->count);
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->list[i].flicks != out->flicks)
            continue;
        choice_find_movement(choice, i, &out->movement);
        choice_warn(choice, &choice->list[i], true);
        poor = choice->list[i].rejected;
    }
    out->figures = json_pack("{s:b, s:I, s:b}", "asked", 1, "ms",
                             (json_int_t)clock_ms(out->flicks), "poor", poor);
    return 0;
}

int poster_choose(struct log *log, struct picture_source *pictures,
                  const struct clip *clip, struct poster_choice *out)
{
    *out = (struct poster_choice){0};
    const struct shot *shot = &clip->shots[clip->poster_shot];
    if (shot->photo) {
        out->figures = json_pack("{s:b}", "photo", 1);
        return 0;
    }
    struct choice *choice = calloc(1, sizeof(*choice));
    if (!choice)
        return log_fail(log, AVERROR(ENOMEM),
                        _("There is no memory left for choosing a poster."));
    choice->pictures = pictures;
    choice->log = log;
    choice->clip = clip;
    int ret = clip->poster_flicks != FLICKS_NONE
                  ? choice_take_asked(choice, out)
                  : choice_take_best(choice, out);
    for (size_t i = 0; i < choice->count; i++) {
        av_frame_free(&choice->small[i]);
        free(choice->cells[i]);
    }
    free(choice);
    return ret;
}
