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

/* Length in flicks and samples of what can be read of the bed. */
static int read_bed(struct log *log, const struct recording *bed, int64_t most,
                    struct pcm *out)
{
    struct sound_reader *reader = NULL;
    int64_t first = bed->sound.first_flicks;
    int64_t length = bed->sound.end_flicks - first;
    int64_t count = av_rescale(length, PCM_RATE, FLICKS_PER_SECOND);
    int ret = sound_reader_create(log, bed, &reader);
    if (ret >= 0)
        ret = sound_reader_read(reader, log, first,
                                FFMAX(FFMIN(count, most), 0), out);
    sound_reader_destroy(&reader);
    return ret;
}

/* Lays the bed end to end; its last second is under its first one. */
static int loop_bed(struct log *log, const struct pcm *bed, int64_t count,
                    struct pcm *out)
{
    int64_t seam = FFMIN(pcm_ms(LOOP_MS), bed->count / 4);
    int64_t step = bed->count - seam;
    int ret = pcm_init(log, out, count);
    if (ret < 0 || step <= 0)
        return ret;
    for (int64_t at = 0; ret >= 0 && at < count; at += step) {
        struct pcm turn;
        ret = pcm_copy(log, &turn, bed);
        if (ret < 0)
            break;
        if (at > 0)
            pcm_fade_in(&turn, 0, seam, 0);
        if (at + turn.count < count)
            pcm_fade_out(&turn, step, bed->count, 0);
        pcm_add(out, at, &turn);
        pcm_clear(&turn);
    }
    return ret;
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

static int duck(struct log *log, struct pcm *music, const struct pcm *programme,
                double lufs, double depth_db)
{
    int64_t size = pcm_ms(BLOCK_MS);
    int64_t blocks = (programme->count + size - 1) / size;
    double *curve = av_calloc((size_t)blocks + 1, sizeof(*curve));
    bool *speech = av_calloc((size_t)blocks + 1, sizeof(*speech));
    int ret = 0;
    if (!curve || !speech) {
        ret = log_fail(log, AVERROR(ENOMEM), _("there is not enough memory"));
        goto done;
    }
    find_levels(programme, curve, blocks);
    find_curve(curve, blocks, lufs, depth_db, speech);
    curve[blocks] = blocks ? curve[blocks - 1] : 0.0;
    for (int64_t i = 0; i < music->count; i++) {
        int64_t b = i / size;
        double part = (double)(i % size) / (double)size;
        double db = curve[b] + (curve[b + 1] - curve[b]) * part;
        float gain = (float)pow(10.0, db / 20.0);
        for (int c = 0; c < PCM_CHANNELS; c++)
            music->plane[c][i] *= gain;
    }
done:
    av_free(speech);
    av_free(curve);
    return ret;
}

static int set_level(struct log *log, struct pcm *music,
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
    pcm_scale(music, pow(10.0, gain / 20.0));
    return duck(log, music, programme, speech.lufs, depth);
}

int ducker_add_bed(struct log *log, struct pcm *programme,
                   const struct recording *bed, double level_lu, bool *used)
{
    *used = false;
    struct pcm once = {0}, music = {0};
    struct loudness loud;
    int64_t count = programme->count;
    int ret = read_bed(log, bed, count, &once);
    if (ret >= 0)
        ret = loop_bed(log, &once, count, &music);
    if (ret >= 0)
        ret = loudness_measure(log, &music, &loud);
    if (ret < 0)
        goto done;
    if (loud.silent) {
        log_warn(log, _("%s: the music is silent; the clip has none"),
                 bed->file);
        goto done;
    }
    ret = set_level(log, &music, &loud, programme, level_lu);
    if (ret < 0)
        goto done;
    pcm_fade_in(&music, 0, FFMIN(pcm_ms(BEGIN_MS), count / 4), 0);
    pcm_fade_out(&music, count - FFMIN(pcm_ms(END_MS), count / 2), count, 0);
    pcm_add(programme, 0, &music);
    *used = true;
done:
    pcm_clear(&music);
    pcm_clear(&once);
    return ret;
}
