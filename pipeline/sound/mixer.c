/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns where each shot's sound begins and ends, its fades, and which of its
 * channels live. Knows no loudness and no music. */
#include "sound/mixer.h"

#include "sound/reader.h"

#include <libavutil/common.h>
#include <libavutil/mem.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define EDGE_MS           8
#define FLICKS_PER_SAMPLE (FLICKS_PER_SECOND / PCM_RATE)
/* A channel this much weaker than its fellow is a cable that was not there. */
#define DEAD_RATIO 1e-3 /* -30 dB, as power */

/* A fade in samples of the clip, half-open. */
struct ramp {
    int64_t from, to;
    bool even; /* a straight line: both sides are one sound */
};

struct part {
    const struct recording *recording; /* whose sound; NULL: silence */
    int64_t shift_flicks;              /* its clock minus the camera's */
    int64_t first, end;                /* the shot's own samples */
    struct ramp in, out;
};

struct mixer {
    const struct timeline *timeline;
    struct part *parts;
    struct sound_reader **readers; /* one per recording that was needed */
    size_t reader_count;
    int64_t reach; /* up to where there is sound of the parts so far */
};

static int64_t edge_sample(const struct timeline *timeline, size_t shot)
{
    return clock_samples(timeline->shot_tick[shot], timeline->rate, PCM_RATE);
}

static bool covers(const struct recording *recording, int64_t from, int64_t to)
{
    const struct sound_stream *sound = &recording->sound;
    return sound->stream >= 0 && sound->first_flicks < to &&
           sound->end_flicks > from;
}

/* The recorder where it ran, else the camera. */
static void choose_source(const struct shot *shot, struct part *part)
{
    const struct recording *camera = shot->recording;
    if (!camera)
        return;
    const struct recording *recorder = camera->recorder;
    if (recorder && camera->has_offset &&
        covers(recorder, shot->in_flicks + camera->recorder_offset,
               shot->out_flicks + camera->recorder_offset)) {
        part->recording = recorder;
        part->shift_flicks = camera->recorder_offset;
    } else if (covers(camera, shot->in_flicks, shot->out_flicks)) {
        part->recording = camera;
    }
}

/* The whole transition of a kind in a shot, on the clip's samples. */
static bool find_join(const struct timeline *timeline, size_t shot,
                      enum span_join join, struct ramp *out)
{
    const struct clip *clip = timeline->clip;
    if (!timeline->transitions || shot >= clip->shot_count)
        return false;
    int64_t offset = clip->shots[shot].offset_flicks;
    for (size_t i = 0; i < clip->span_count; i++) {
        const struct span *span = &clip->spans[i];
        if (span->shot != (int)shot || span->join != join)
            continue;
        int64_t from =
            clock_ticks(offset + span->join_from_flicks, timeline->rate);
        int64_t to = clock_ticks(offset + span->join_to_flicks, timeline->rate);
        out->from = clock_samples(from, timeline->rate, PCM_RATE);
        out->to = clock_samples(to, timeline->rate, PCM_RATE);
        out->even = false;
        return true;
    }
    return false;
}

/* Whether shot j only goes on with what shot j - 1 had. */
static bool goes_on(const struct clip *clip, const struct part *parts, size_t j)
{
    return parts[j].recording == parts[j - 1].recording &&
           parts[j].shift_flicks == parts[j - 1].shift_flicks &&
           clip->shots[j].in_flicks == clip->shots[j - 1].out_flicks;
}

static void plan_join(const struct timeline *timeline, struct part *parts,
                      size_t j)
{
    struct part *before = &parts[j - 1], *after = &parts[j];
    int64_t cut = after->first;
    struct ramp ramp;
    bool joined = false;
    if (find_join(timeline, j - 1, JOIN_FADE_OUT, &ramp)) {
        before->out = ramp;
        joined = true;
    }
    if (find_join(timeline, j, JOIN_FADE_IN, &ramp)) {
        after->in = ramp;
        joined = true;
    }
    if (find_join(timeline, j, JOIN_DISSOLVE, &ramp)) {
        before->out = after->in = ramp;
        joined = true;
    }
    if (joined || !before->recording || !after->recording)
        return;
    int64_t half = pcm_ms(EDGE_MS) / 2;
    ramp = (struct ramp){cut - half, cut + half,
                         goes_on(timeline->clip, parts, j)};
    before->out = after->in = ramp;
}

static void plan_parts(const struct timeline *timeline, struct part *parts)
{
    const struct clip *clip = timeline->clip;
    int64_t edge = pcm_ms(EDGE_MS);
    for (size_t j = 0; j < clip->shot_count; j++) {
        struct part *part = &parts[j];
        choose_source(&clip->shots[j], part);
        part->first = edge_sample(timeline, j);
        part->end = edge_sample(timeline, j + 1);
        part->in = (struct ramp){part->first, part->first + edge, false};
        part->out = (struct ramp){part->end - edge, part->end, false};
    }
    struct ramp ramp;
    if (clip->shot_count && find_join(timeline, 0, JOIN_FADE_IN, &ramp))
        parts[0].in = ramp;
    for (size_t j = 1; j < clip->shot_count; j++)
        plan_join(timeline, parts, j);
}

static int find_reader(struct mixer *mixer, struct log *log,
                       const struct recording *recording,
                       struct sound_reader **out)
{
    for (size_t i = 0; i < mixer->reader_count; i++) {
        if (sound_reader_recording(mixer->readers[i]) == recording) {
            *out = mixer->readers[i];
            return 0;
        }
    }
    int ret = sound_reader_create(log, recording, out);
    if (ret >= 0)
        mixer->readers[mixer->reader_count++] = *out;
    return ret;
}

/* A lapel microphone on one channel and nothing on the other: a sum would be
 * 3 dB off and the listener's left ear empty. */
static bool revive(struct pcm *pcm)
{
    double left = pcm_power(pcm, 0), right = pcm_power(pcm, 1);
    int dead = left < right * DEAD_RATIO ? 0 : 1;
    if (left >= right * DEAD_RATIO && right >= left * DEAD_RATIO)
        return false;
    for (int64_t i = 0; i < pcm->count; i++)
        pcm->plane[dead][i] = pcm->plane[1 - dead][i];
    return true;
}

/* What the parts before laid into this one's begin comes out of the mix, and
 * is added to it when it is there. */
static int take_overlap(struct mixer *mixer, struct log *log,
                        const struct pcm *place, int64_t from, struct pcm *out)
{
    int64_t count = av_clip64(mixer->reach - from, 0, place->count);
    int ret = pcm_init(log, out, count);
    if (ret < 0)
        return ret;
    pcm_read(out, place, 0);
    for (int c = 0; c < PCM_CHANNELS; c++)
        memset(place->plane[c], 0, (size_t)count * sizeof(float));
    mixer->reach = FFMAX(mixer->reach, from + place->count);
    return 0;
}

/* Each part is read into its place in the mix: a second copy of an hour is
 * more than a small machine has. */
static int mix_part(struct mixer *mixer, struct log *log, size_t j,
                    struct pcm *mix, struct mix_facts *facts)
{
    const struct part *part = &mixer->parts[j];
    const struct shot *shot = &mixer->timeline->clip->shots[j];
    if (!part->recording) {
        facts->silent_shots++;
        return 0;
    }
    struct sound_reader *reader;
    int ret = find_reader(mixer, log, part->recording, &reader);
    if (ret < 0)
        return ret;
    int64_t from = FFMAX(FFMIN(part->first, part->in.from), 0);
    int64_t end = FFMIN(FFMAX(part->end, part->out.to), mix->count);
    int64_t at = shot->in_flicks + part->shift_flicks +
                 (from - part->first) * FLICKS_PER_SAMPLE;
    struct pcm place = pcm_part(mix, from, FFMAX(end - from, 0));
    struct pcm overlap;
    ret = take_overlap(mixer, log, &place, from, &overlap);
    if (ret >= 0)
        ret = sound_reader_read(reader, log, at, &place);
    if (ret >= 0) {
        facts->recorder_shots += part->recording != shot->recording;
        facts->one_sided_shots += revive(&place);
        pcm_fade_in(&place, part->in.from - from, part->in.to - from,
                    part->in.even);
        pcm_fade_out(&place, part->out.from - from, part->out.to - from,
                     part->out.even);
        pcm_add(&place, 0, &overlap);
    }
    pcm_clear(&overlap);
    return ret;
}

int mixer_mix(struct log *log, const struct timeline *timeline,
              const char *scratch, struct pcm *out, struct mix_facts *facts)
{
    *facts = (struct mix_facts){0};
    size_t count = timeline->clip->shot_count;
    struct mixer mixer = {.timeline = timeline};
    int ret = pcm_init_long(log, out, timeline->samples, scratch);
    if (ret < 0)
        return ret;
    mixer.parts = av_calloc(count + 1, sizeof(*mixer.parts));
    mixer.readers = av_calloc(count + 1, sizeof(*mixer.readers));
    if (!mixer.parts || !mixer.readers) {
        ret = log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
        goto done;
    }
    plan_parts(timeline, mixer.parts);
    for (size_t j = 0; ret >= 0 && j < count; j++)
        ret = mix_part(&mixer, log, j, out, facts);
done:
    for (size_t i = 0; i < mixer.reader_count; i++)
        sound_reader_destroy(&mixer.readers[i]);
    av_free(mixer.readers);
    av_free(mixer.parts);
    if (ret < 0)
        pcm_clear(out);
    return ret;
}
