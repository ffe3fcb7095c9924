/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the bed's loop, its level and the curve by which it makes room for
 * speech. Knows no clip. */
#include "sound/ducker.h"

#include "base/clock.h"
#include "sound/loudness.h"
#include "sound/reader.h"

#include <libavutil/common.h>
#include <libavutil/mem.h>

#include <math.h>
#include <string.h>

#define LOOP_MS    1000 /* the crossfade at the loop's seam */
#define BEGIN_MS   500
#define END_MS     1500
#define LIFT_LU    9.0 /* in pauses */
#define NEAREST_LU 6.0 /* never nearer to the speech */
#define BLOCK_MS   10
#define WINDOW_MS  200 /* the detector's, centred */
#define ATTACK_MS  250 /* begins that much before the speech */
#define HOLD_MS    400 /* a breath is no pause */
#define RELEASE_MS 1500
#define SPEECH_LU  10.0 /* what lies that far below the whole is a pause */
#define FLOOR_LUFS (-60.0)

/* The bed as it lies under the programme, front to back. */
struct bed {
    struct pcm once; /* what is looped */
    int64_t count;   /* the programme's samples */
    float gain;
    double *curve;   /* in dB, per BLOCK_MS, and one more; NULL: none */
    struct pcm turn; /* a block of one turn of the loop */
};

/* What can be read of the bed. */
static int read_bed(struct log *log, const struct recording *recording,
                    const char *scratch, struct bed *bed)
{
    struct sound_reader *reader = NULL;
    int64_t first = recording->sound.first_flicks;
    int64_t length = recording->sound.end_flicks - first;
    int64_t count = av_rescale(length, PCM_RATE, FLICKS_PER_SECOND);
    count = FFMAX(FFMIN(count, bed->count), 0);
    int ret = sound_reader_create(log, recording, &reader);
    if (ret >= 0)
        ret = pcm_init_long(log, &bed->once, count, scratch);
    if (ret >= 0)
        ret = sound_reader_read(reader, log, first, &bed->once);
    if (ret >= 0)
        ret = pcm_init(log, &bed->turn, PCM_BLOCK);
    sound_reader_destroy(&reader);
    return ret;
}

static void bed_clear(struct bed *bed)
{
    pcm_clear(&bed->once);
    pcm_clear(&bed->turn);
    av_freep(&bed->curve);
}

/* Adds what a turn of the loop that begins at `at` has in the block, whose
 * first sample is `first`. Its last second lies under the next one's first. */
static void add_turn(struct bed *bed, int64_t at, int64_t seam, int64_t first,
                     struct pcm *block)
{
    int64_t from = FFMAX(first, at);
    int64_t end = FFMIN(first + block->count, at + bed->once.count);
    int64_t inside = from - at;
    if (from >= end)
        return;
    struct pcm turn = pcm_part(&bed->turn, 0, end - from);
    pcm_read(&turn, &bed->once, inside);
    if (at > 0)
        pcm_fade_in(&turn, -inside, seam - inside, 0);
    if (at + bed->once.count < bed->count)
        pcm_fade_out(&turn, bed->once.count - seam - inside,
                     bed->once.count - inside, 0);
    pcm_add(block, from - first, &turn);
}

/* The bed laid end to end, from `first` on, at its own level. */
static void loop_bed(struct bed *bed, int64_t first, struct pcm *block)
{
    int64_t seam = FFMIN(pcm_ms(LOOP_MS), bed->once.count / 4);
    int64_t step = bed->once.count - seam;
    for (int c = 0; c < PCM_CHANNELS; c++)
        memset(block->plane[c], 0, (size_t)block->count * sizeof(float));
    if (step <= 0)
        return;
    /* The turn before may still be heard in its seam. */
    int64_t at = FFMAX(first / step - 1, 0) * step;
    for (; at < first + block->count; at += step)
        add_turn(bed, at, seam, first, block);
}

/* Level of a block, LUFS without the weighting: enough to tell speech. */
static void find_levels(const struct pcm *pcm, double *level, int64_t blocks)
{
    int64_t size = pcm_ms(BLOCK_MS);
    for (int64_t b = 0; b < blocks; b++) {
        double sum = 0.0;
        int64_t end = FFMIN((b + 1) * size, pcm->count);
        for (int64_t i = b * size; i < end; i++) {
            for (int c = 0; c < PCM_CHANNELS; c++)
                sum += (double)pcm->plane[c][i] * pcm->plane[c][i];
        }
        level[b] = sum / (double)size;
    }
}

static bool is_speech(const double *power, int64_t blocks, int64_t b,
                      double threshold)
{
    int64_t half = WINDOW_MS / BLOCK_MS / 2;
    double sum = 0.0;
    for (int64_t i = FFMAX(b - half, 0); i < FFMIN(b + half, blocks); i++)
        sum += power[i];
    return sum / (double)(2 * half) > threshold;
}

/* The bed's gain in dB per block: 0 in pauses, -depth under speech, on slopes
 * of ATTACK and RELEASE. The power array becomes the curve. */
static void find_curve(double *curve, int64_t blocks, double lufs,
                       double depth_db, bool *speech)
{
    double limit = FFMAX(lufs - SPEECH_LU, FLOOR_LUFS);
    double threshold = pow(10.0, (limit + 0.691) / 10.0);
    for (int64_t b = 0; b < blocks; b++)
        speech[b] = is_speech(curve, blocks, b, threshold);
    double down = depth_db * BLOCK_MS / ATTACK_MS;
    double up = depth_db * BLOCK_MS / RELEASE_MS;
    int64_t since = HOLD_MS / BLOCK_MS;
    double gain = 0.0;
    for (int64_t b = 0; b < blocks; b++) {
        since = speech[b] ? 0 : since + 1;
        gain = since <= HOLD_MS / BLOCK_MS ? -depth_db : FFMIN(gain + up, 0.0);
        curve[b] = gain;
    }
    for (int64_t b = blocks - 2; b >= 0; b--)
        curve[b] = FFMIN(curve[b], curve[b + 1] + down);
}

static int make_curve(struct log *log, struct bed *bed,
                      const struct pcm *programme, double lufs, double depth_db)
{
    int64_t size = pcm_ms(BLOCK_MS);
    int64_t blocks = (programme->count + size - 1) / size;
    bool *speech = av_calloc((size_t)blocks + 1, sizeof(*speech));
    bed->curve = av_calloc((size_t)blocks + 1, sizeof(*bed->curve));
    int ret = 0;
    if (bed->curve && speech) {
        find_levels(programme, bed->curve, blocks);
        find_curve(bed->curve, blocks, lufs, depth_db, speech);
        bed->curve[blocks] = blocks ? bed->curve[blocks - 1] : 0.0;
    } else {
        ret = log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
    }
    av_free(speech);
    return ret;
}

static void duck(const struct bed *bed, int64_t first, struct pcm *block)
{
    int64_t size = pcm_ms(BLOCK_MS);
    for (int64_t i = 0; i < block->count; i++) {
        int64_t b = (first + i) / size;
        double part = (double)((first + i) % size) / (double)size;
        double db = bed->curve[b] + (bed->curve[b + 1] - bed->curve[b]) * part;
        float gain = (float)pow(10.0, db / 20.0);
        for (int c = 0; c < PCM_CHANNELS; c++)
            block->plane[c][i] *= gain;
    }
}

static int measure_bed(struct log *log, struct bed *bed, struct pcm *block,
                       struct loudness *out)
{
    struct meter *meter;
    int ret = meter_create(log, &meter);
    for (int64_t at = 0; ret >= 0 && at < bed->count; at += block->count) {
        block->count = FFMIN(PCM_BLOCK, bed->count - at);
        loop_bed(bed, at, block);
        ret = meter_take(meter, block);
    }
    if (ret >= 0)
        ret = meter_finish(meter, out);
    meter_destroy(&meter);
    return ret;
}

static int set_level(struct log *log, struct bed *bed,
                     const struct loudness *loud, const struct pcm *programme,
                     double level_lu)
{
    struct loudness speech;
    int ret = loudness_measure(log, programme, &speech);
    if (ret < 0 || speech.silent)
        return ret;
    double below = fabs(level_lu);
    double depth = av_clipd(below - NEAREST_LU, 0.0, LIFT_LU);
    double gain = speech.lufs - (below - depth) - loud->lufs;
    bed->gain = (float)pow(10.0, gain / 20.0);
    return make_curve(log, bed, programme, speech.lufs, depth);
}

static void add_bed(struct bed *bed, struct pcm *block, struct pcm *programme)
{
    int64_t count = bed->count;
    int64_t begun = FFMIN(pcm_ms(BEGIN_MS), count / 4);
    int64_t ending = count - FFMIN(pcm_ms(END_MS), count / 2);
    for (int64_t at = 0; at < count; at += block->count) {
        block->count = FFMIN(PCM_BLOCK, count - at);
        loop_bed(bed, at, block);
        if (bed->curve) {
            pcm_scale(block, bed->gain);
            duck(bed, at, block);
        }
        pcm_fade_in(block, -at, begun - at, 0);
        pcm_fade_out(block, ending - at, count - at, 0);
        pcm_add(programme, at, block);
    }
}

int ducker_add_bed(struct log *log, struct pcm *programme,
                   const struct recording *recording, double level_lu,
                   const char *scratch, bool *used)
{
    *used = false;
    struct bed bed = {.count = programme->count};
    struct pcm block = {0};
    struct loudness loud;
    int ret = read_bed(log, recording, scratch, &bed);
    if (ret >= 0)
        ret = pcm_init(log, &block, PCM_BLOCK);
    if (ret >= 0)
        ret = measure_bed(log, &bed, &block, &loud);
    if (ret < 0)
        goto done;
    if (loud.silent) {
        log_warn(log, _("%s: the music is silent; the clip has none"),
                 recording->file);
        goto done;
    }
    ret = set_level(log, &bed, &loud, programme, level_lu);
    if (ret < 0)
        goto done;
    add_bed(&bed, &block, programme);
    *used = true;
done:
    pcm_clear(&block);
    bed_clear(&bed);
    return ret;
}
