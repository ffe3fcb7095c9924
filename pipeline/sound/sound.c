/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the order of sound's stages: mix, bed, level, encode, hear again what
 * was encoded, write. The stages know nothing of each other; behind the mix
 * they hand on block by block. */
#include "sound/sound.h"

#include "flow/chunk_file.h"
#include "sound/aac.h"
#include "sound/ducker.h"
#include "sound/leveller.h"
#include "sound/mixer.h"

#include <libavutil/common.h>

#include <math.h>

/* What AAC adds to peaks at usual rates; what it added is measured after, and
 * where that was more, the ceiling is lowered by it. */
#define CODEC_MARGIN_DB 0.5
#define ATTEMPTS        7
#define TRIMMED         4 /* from this attempt on the level gives way */
#define CLOSE_LU        0.2
#define REACHED_LU      0.45 /* the check allows 0.5 */
/* A packet of AAC takes so much memory beside its own bytes. */
#define SAMPLES_PER_PACKET 1024
#define PACKET_BYTES       512

struct making {
    struct pcm mix;       /* before levelling */
    struct loudness loud; /* of the mix */
    struct mix_facts facts;
    bool music;
    struct level_result level;
    double trim_db; /* taken off after levelling: the codec left no choice */
    struct aac aac;
    struct loudness heard; /* the decoded AAC */
};

static int mix(struct log *log, const struct plan *plan,
               const struct sound *sound, const char *scratch,
               struct making *making)
{
    const struct session *session = plan->session;
    int ret =
        mixer_mix(log, sound->timeline, scratch, &making->mix, &making->facts);
    if (ret >= 0 && sound->music && session->music_bed)
        ret = ducker_add_bed(log, &making->mix, session->music_bed,
                             session->music_level_lu, scratch, &making->music);
    return ret < 0 ? ret : loudness_measure(log, &making->mix, &making->loud);
}

static int encode(struct log *log, const struct sound *sound,
                  struct making *making)
{
    struct aac_encoder *encoder;
    int ret = aac_encoder_create(log, sound->preset->audio_bit_rate_bps,
                                 &making->aac, &encoder);
    if (ret >= 0)
        ret = leveller_play(log, &making->mix, &making->level, making->trim_db,
                            aac_encoder_take, encoder);
    if (ret >= 0)
        ret = aac_encoder_finish(encoder);
    aac_encoder_destroy(&encoder);
    return ret;
}

static int hear(struct log *log, struct making *making)
{
    struct meter *meter;
    int ret = meter_create(log, &meter);
    if (ret >= 0)
        ret =
            aac_decode(log, &making->aac, making->mix.count, meter_take, meter);
    if (ret >= 0)
        ret = meter_finish(meter, &making->heard);
    meter_destroy(&meter);
    return ret;
}

/* One way through: find the level, encode at it, hear it. */
static int attempt(struct log *log, const struct sound *sound,
                   const struct level_target *target, struct making *making)
{
    aac_clear(&making->aac);
    int ret =
        leveller_find(log, &making->mix, &making->loud, target, &making->level);
    if (ret >= 0)
        ret = encode(log, sound, making);
    return ret < 0 ? ret : hear(log, making);
}

static int level_and_encode(struct log *log, const struct sound *sound,
                            struct making *making)
{
    const struct preset *preset = sound->preset;
    struct level_target target = {
        .lufs = preset->loudness_lufs,
        .peak_dbtp = preset->true_peak_dbtp - CODEC_MARGIN_DB,
    };
    for (int i = 0; i < ATTEMPTS; i++) {
        int ret = attempt(log, sound, &target, making);
        if (ret < 0 || making->heard.silent)
            return ret;
        double excess = making->heard.peak_dbtp - preset->true_peak_dbtp;
        double missing = making->level.reached && making->trim_db == 0.0
                             ? preset->loudness_lufs - making->heard.lufs
                             : 0.0;
        if (excess <= 0.0 && fabs(missing) <= CLOSE_LU)
            return 0;
        /* Transients may overshoot anew with each ceiling; their level does
         * not. */
        if (excess > 0.0 && i + 1 >= TRIMMED)
            making->trim_db += excess + 0.05;
        else if (excess > 0.0)
            target.peak_dbtp -= excess + 0.05;
        if (fabs(missing) > CLOSE_LU)
            target.lufs += missing;
    }
    return 0;
}

static void set_figure(json_t *object, const char *key, double value,
                       bool known)
{
    json_object_set_new(object, key,
                        known ? json_real(round(value * 100.0) / 100.0)
                              : json_null());
}

/* By what is heard, whatever the stages aimed at. */
static bool is_reached(const struct sound *sound, const struct making *making)
{
    double missing = sound->preset->loudness_lufs - making->heard.lufs;
    return !making->heard.silent && fabs(missing) <= REACHED_LU;
}

static json_t *make_measures(const struct sound *sound,
                             const struct making *making)
{
    const struct level_result *level = &making->level;
    bool heard = !making->heard.silent;
    json_t *object = json_object();
    set_figure(object, "loudness_before", level->before.lufs,
               !level->before.silent);
    set_figure(object, "true_peak_before", level->before.peak_dbtp,
               !level->before.silent);
    set_figure(object, "loudness", making->heard.lufs, heard);
    set_figure(object, "true_peak", making->heard.peak_dbtp, heard);
    set_figure(object, "gain_db", level->gain_db - making->trim_db, true);
    set_figure(object, "loudness_target", sound->preset->loudness_lufs, true);
    set_figure(object, "true_peak_ceiling", sound->preset->true_peak_dbtp,
               true);
    json_object_set_new(object, "samples", json_integer(making->mix.count));
    json_object_set_new(object, "limited", json_boolean(level->limited));
    json_object_set_new(object, "reached",
                        json_boolean(is_reached(sound, making)));
    json_object_set_new(object, "music", json_boolean(making->music));
    json_object_set_new(object, "silent", json_boolean(!heard));
    json_object_set_new(object, "silent_shots",
                        json_integer(making->facts.silent_shots));
    json_object_set_new(object, "recorder_shots",
                        json_integer(making->facts.recorder_shots));
    json_object_set_new(object, "one_sided_shots",
                        json_integer(making->facts.one_sided_shots));
    return object;
}

static int push_all(struct packet_sink *sink, struct aac *aac)
{
    int ret = 0;
    for (size_t i = 0; ret >= 0 && i < aac->count; i++) {
        AVPacket *packet = aac->packets[i];
        aac->packets[i] = NULL;
        ret = sink->ops->push(sink, packet);
    }
    return ret >= 0 ? sink->ops->finish(sink) : ret;
}

static int write_file(struct log *log, const struct sound *sound,
                      struct making *making, const char *path)
{
    struct chunk_writer *writer = NULL;
    int ret = chunk_writer_create(log, path, &writer);
    if (ret < 0)
        return ret;
    struct packet_sink *sink = chunk_writer_sink(writer);
    chunk_writer_measures(writer, make_measures(sound, making));
    ret = sink->ops->open(sink, making->aac.parameters,
                          (AVRational){1, PCM_RATE});
    if (ret >= 0) {
        ret = push_all(sink, &making->aac);
        sink->ops->close(sink);
    }
    chunk_writer_destroy(&writer);
    return ret;
}

/* What the user should hear of, in the order of weight. */
static void tell(struct log *log, const struct sound *sound,
                 const struct making *making)
{
    const char *name = sound->clip->stem ? sound->clip->stem : sound->clip->id;
    if (making->heard.silent)
        log_verbose(log, _("clip %s has no sound; it gets a silent track"),
                    name);
    else if (!is_reached(sound, making))
        log_warn(log,
                 _("clip %s reaches %.1f LUFS, not %.1f: its sound is too "
                   "quiet or too uneven to be raised further; use a "
                   "recording made nearer to the speaker"),
                 name, making->heard.lufs, sound->preset->loudness_lufs);
    if (making->facts.one_sided_shots)
        log_info(log,
                 _("clip %s: a channel was dead; the living one is on both"),
                 name);
}

int64_t sound_scratch_bytes(const struct plan *plan, const struct sound *sound)
{
    int64_t samples = sound->timeline->samples;
    int64_t bytes = samples * PCM_CHANNELS * (int64_t)sizeof(float);
    if (samples <= PCM_MEMORY_MOST)
        return 0;
    return sound->music && plan->session->music_bed ? 2 * bytes : bytes;
}

int64_t sound_memory_bytes(const struct plan *plan, const struct sound *sound)
{
    int64_t samples = sound->timeline->samples;
    int64_t held = FFMIN(samples, PCM_MEMORY_MOST);
    int64_t bytes = held * PCM_CHANNELS * (int64_t)sizeof(float);
    if (sound->music && plan->session->music_bed)
        bytes *= 2;
    return bytes + samples / SAMPLES_PER_PACKET *
                       (PACKET_BYTES + sound->preset->audio_bit_rate_bps / 8 *
                                           SAMPLES_PER_PACKET / PCM_RATE);
}

int sound_make(struct log *log, const struct plan *plan,
               const struct sound *sound, const char *path)
{
    struct making making = {0};
    int ret = mix(log, plan, sound, path, &making);
    if (ret >= 0)
        ret = level_and_encode(log, sound, &making);
    if (ret >= 0)
        tell(log, sound, &making);
    if (ret >= 0)
        ret = write_file(log, sound, &making, path);
    aac_clear(&making.aac);
    pcm_clear(&making.mix);
    return ret;
}
