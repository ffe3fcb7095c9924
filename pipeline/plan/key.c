/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: SHA-256 over all that a product's bytes depend on, and nothing else:
 * no path, no time of a file, no locale. What a field means may never change
 * without MAKER_VERSION going up. */
#include "plan/build.h"

#include <math.h>
#include <string.h>

/* Counts up when our own code makes other bytes of the same input. */
#define MAKER_VERSION 7

/* A key on its way, with the sums of its components. */
struct keying {
    struct digest *digest;
    struct key_parts *parts;
};

static void keying_part(const struct keying *keying, enum key_part part)
{
    digest_also(keying->digest, &keying->parts->sums[part]);
}

/* What explains a change and is no part of the key. */
static void keying_note(const struct keying *keying, enum key_part part,
                        const void *bytes, size_t size)
{
    digest_mix(&keying->parts->sums[part], bytes, size);
}

static struct keying begin(const struct builder *builder, const char *what,
                           struct key_parts *parts)
{
    struct digest *digest = digest_create();
    struct keying keying = {digest, parts};
    *parts = (struct key_parts){0};
    keying_part(&keying, PART_PROGRAM);
    digest_field_text(digest, what);
    digest_field_int(digest, MAKER_VERSION);
    digest_field_text(digest, builder->versions);
    keying_part(&keying, PART_PRESET);
    return keying;
}

static void finish(struct keying *keying, char out[DIGEST_TEXT])
{
    digest_finish_text(keying->digest, out);
    digest_destroy(&keying->digest);
}

static void add_rational(struct digest *digest, AVRational value)
{
    digest_field_int(digest, value.num);
    digest_field_int(digest, value.den);
}

static void add_real(struct digest *digest, double value)
{
    digest_field_int(digest, llrint(value * 1000));
}

static void add_box(struct digest *digest, const struct script_box *box)
{
    digest_field_int(digest, box->left);
    digest_field_int(digest, box->top);
    digest_field_int(digest, box->right);
    digest_field_int(digest, box->bottom);
}

/* Of those that `text` names; NULL: all. */
static void add_faces(struct digest *digest, const struct faces *faces,
                      const char *text)
{
    size_t count = faces ? faces_count(faces) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct face_facts *facts = faces_file(faces, i);
        if (text && !strstr(text, facts->family))
            continue;
        digest_field_text(digest, facts->family);
        digest_field_int(digest, facts->bold);
        digest_field_int(digest, facts->index);
        digest_field_text(digest, facts->digest);
    }
    digest_field_text(digest, ""); /* their end: no family is called so */
}

/* Text without events draws nothing, whatever the fonts are. Our own names the
 * family of each letter; `foreign` text may ask for one that isn't there. */
static void add_script(const struct keying *keying, const char *text,
                       const struct faces *faces, bool foreign)
{
    struct digest *digest = keying->digest;
    digest_also(digest, NULL);
    digest_field_text(digest, text);
    parts_add_script(keying->parts, text ? text : "");
    keying_part(keying, PART_STYLE);
    add_faces(digest, text && *text ? faces : NULL, foreign ? NULL : text);
}

/* All that decides how a picture comes into the frame; what follows from it
 * is the renderer's. */
static void add_fit(const struct keying *keying, const struct shot *shot,
                    const struct preset *preset)
{
    struct digest *digest = keying->digest;
    keying_part(keying, PART_PRESET);
    digest_field_int(digest, preset->fit);
    digest_field_int(digest, preset->crop_at);
    keying_part(keying, PART_CROP);
    digest_field_int(digest, shot->crop_percent);
}

/* --- pictures --------------------------------------------------------------
 */

/* Where a chunk lies in its shot. */
struct place {
    const struct rendition *rendition;
    const struct shot *shot;
    int64_t first; /* tick inside the shot */
    int64_t count;
    bool still; /* the card: nothing moves */
};

/* Frames as times of a named source: what its row says. */
static void note_frames(const struct keying *keying, const struct shot *shot,
                        const size_t *frames, size_t count)
{
    const struct recording *recording = shot->recording;
    const size_t ends[] = {frames[0], frames[count - 1]};
    keying_note(keying, PART_TIMES, recording->name, strlen(recording->name));
    for (size_t i = 0; i < 2; i++) {
        int64_t time = recording->index->frames[ends[i]].flicks;
        keying_note(keying, PART_TIMES, &time, sizeof(time));
    }
}

static void add_photo(const struct keying *keying, const struct photo *photo)
{
    keying_part(keying, PART_SOURCE);
    key_add_photo(keying->digest, photo);
    keying_note(keying, PART_TIMES, photo->file, strlen(photo->file));
}

static void add_frames(const struct keying *keying, const struct shot *shot,
                       const struct buffer *frames)
{
    const size_t *list = (const size_t *)(const void *)frames->data;
    size_t count = frames->size / sizeof(*list);
    if (!count)
        return;
    keying_part(keying, PART_SOURCE);
    key_add_frames(keying->digest, shot->recording, list, count);
    note_frames(keying, shot, list, count);
}

/* Where the chunk lies in the photo's way; nothing where it has none. */
static void add_move(const struct keying *keying, const struct place *place,
                     const struct shot *shot)
{
    struct digest *digest = keying->digest;
    const struct rendition *rendition = place->rendition;
    bool moves = shot_moves(shot, rendition->preset) && !place->still;
    keying_part(keying, PART_PRESET);
    digest_field_int(digest, moves);
    keying_part(keying, PART_TIMES);
    if (!moves)
        return;
    size_t j = (size_t)(shot - rendition->clip->shots);
    digest_field_int(digest, shot->turn);
    digest_field_int(digest, place->first);
    digest_field_int(digest, shot->out_flicks);
    digest_field_int(digest, timeline_seen_flicks(rendition->timeline, j));
}

static void add_shot(const struct keying *keying, const struct place *place,
                     const struct shot *shot,
                     size_t (*frame_of)(const struct shot *shot, int64_t n,
                                        AVRational rate))
{
    add_fit(keying, shot, place->rendition->preset);
    if (shot->photo) {
        add_photo(keying, shot->photo);
        add_move(keying, place, shot);
        return;
    }
    struct buffer frames = {0};
    for (int64_t i = 0; i < place->count; i++) {
        size_t frame =
            frame_of(shot, place->first + i, place->rendition->timeline->rate);
        buffer_append(&frames, &frame, sizeof(frame));
    }
    add_frames(keying, shot, &frames);
    buffer_clear(&frames);
}

static void add_join(const struct keying *keying, const struct place *place,
                     const struct span *span)
{
    struct digest *digest = keying->digest;
    keying_part(keying, PART_TRANSITION);
    enum span_join join =
        place->rendition->timeline->transitions ? span->join : JOIN_NONE;
    digest_field_int(digest, join);
    if (join == JOIN_NONE)
        return;
    /* As seen from the chunk's first picture, so that it stays when only the
     * other end of the shot moves. */
    int64_t now = clock_flicks(place->first, place->rendition->timeline->rate);
    digest_field_int(digest, span->join_from_flicks - now);
    digest_field_int(digest, span->join_to_flicks - now);
    if (join == JOIN_DISSOLVE)
        add_shot(keying, place, place->shot - 1, shot_frame_beyond);
}

static size_t last_frame(const struct shot *shot, int64_t n, AVRational rate)
{
    return shot->end_frame - 1;
}

static void add_source(const struct keying *keying,
                       const struct rendition *rendition,
                       const struct chunk *chunk)
{
    const struct clip *clip = rendition->clip;
    const struct span *span = &clip->spans[chunk->span];
    digest_field_int(keying->digest, span->shot < 0); /* the card is blurred */
    size_t j = span->shot < 0 ? clip->shot_count - 1 : (size_t)span->shot;
    struct place place = {
        .rendition = rendition,
        .shot = &clip->shots[j],
        .first = chunk->first_tick - rendition->timeline->shot_tick[j],
        .count = span->shot < 0 ? 1 : chunk->end_tick - chunk->first_tick,
        .still = span->shot < 0,
    };
    if (span->shot < 0) {
        add_shot(keying, &place, place.shot, last_frame);
        return;
    }
    add_shot(keying, &place, place.shot, shot_frame_at);
    add_join(keying, &place, span);
}

static void add_logo(const struct keying *keying,
                     const struct rendition *rendition,
                     const struct session *session)
{
    struct digest *digest = keying->digest;
    const struct script_box *box = &rendition->logo;
    bool drawn = box->right > box->left;
    keying_part(keying, PART_LOGO);
    digest_field_int(digest, drawn);
    if (!drawn)
        return;
    digest_field_text(digest, session->logo_digest);
    digest_field_int(digest, rendition->preset->logo_corner);
    add_box(digest, box);
}

void key_chunk(const struct builder *builder, const struct rendition *rendition,
               struct chunk *chunk)
{
    const struct session *session = builder->session;
    struct keying keying = begin(builder, "picture", &chunk->parts);
    struct digest *digest = keying.digest;
    digest_field_int(digest, rendition->preset->width);
    digest_field_int(digest, rendition->preset->height);
    keying_part(&keying, PART_TIMES);
    digest_field_int(digest, chunk->end_tick - chunk->first_tick);
    keying_part(&keying, PART_PRESET);
    add_rational(digest, rendition->timeline->rate);
    add_source(&keying, rendition, chunk);
    add_script(&keying, chunk->script, session->faces,
               rendition->script && rendition->script->foreign_count);
    add_logo(&keying, rendition, session);
    keying_part(&keying, PART_PRESET);
    digest_field_text(digest, rendition->encoder);
    finish(&keying, chunk->base_key);
}

void chunk_key(const struct chunk *chunk, struct chunk_setting setting,
               char out[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    digest_field_text(digest, chunk->base_key);
    digest_field_int(digest, chunk->fills[setting.fill_step]);
    if (setting.size_step)
        digest_field_int(digest, setting.size_step);
    if (setting.rate_step) {
        digest_field_text(digest, "rate");
        digest_field_int(digest, rate_share(setting.rate_step));
    }
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

/* --- sound -----------------------------------------------------------------
 */

static void add_source_sound(const struct keying *keying,
                             const struct recording *recording, int64_t from,
                             int64_t to)
{
    const int64_t times[] = {from, to};
    keying_part(keying, PART_SOUND);
    key_add_sound(keying->digest, recording, from, to);
    keying_note(keying, PART_TIMES, recording->name, strlen(recording->name));
    keying_note(keying, PART_TIMES, times, sizeof(times));
}

static void add_shot_sound(const struct keying *keying,
                           const struct sound *sound, size_t j)
{
    struct digest *digest = keying->digest;
    const struct clip *clip = sound->clip;
    const struct shot *shot = &clip->shots[j];
    const struct timeline *timeline = sound->timeline;
    bool joined = timeline->transitions;
    keying_part(keying, PART_TIMES);
    digest_field_int(digest,
                     timeline->shot_tick[j + 1] - timeline->shot_tick[j]);
    keying_part(keying, PART_TRANSITION);
    digest_field_int(digest, joined ? shot->transition : TRANSITION_CUT);
    digest_field_int(digest, joined ? shot->transition_flicks : 0);
    keying_part(keying, PART_SOUND);
    digest_field_int(digest, shot->recording != NULL);
    if (!shot->recording)
        return;
    /* Under a dissolve the outgoing sound runs on as the picture does. */
    int64_t from = shot->in_flicks, to = shot->out_flicks;
    if (joined && j + 1 < clip->shot_count &&
        shot[1].transition == TRANSITION_DISSOLVE)
        to += shot[1].transition_flicks;
    add_source_sound(keying, shot->recording, from, to);
    const struct recording *recorder = shot->recording->recorder;
    digest_field_int(digest, recorder != NULL);
    if (!recorder)
        return;
    int64_t offset = shot->recording->recorder_offset;
    add_source_sound(keying, recorder, from + offset, to + offset);
}

void key_sound(const struct builder *builder, struct sound *sound)
{
    const struct session *session = builder->session;
    const struct preset *preset = sound->preset;
    struct keying keying = begin(builder, "sound", &sound->parts);
    struct digest *digest = keying.digest;
    add_rational(digest, sound->timeline->rate);
    keying_part(&keying, PART_TIMES);
    digest_field_int(digest, sound->timeline->ticks);
    digest_field_int(digest, sound->timeline->samples);
    keying_part(&keying, PART_PRESET);
    digest_field_int(digest, preset->sample_rate);
    digest_field_int(digest, preset->audio_bit_rate_bps);
    add_real(digest, preset->loudness_lufs);
    add_real(digest, preset->true_peak_dbtp);
    digest_field_int(digest, preset->natural_sound);
    keying_part(&keying, PART_MUSIC);
    digest_field_int(digest, sound->music);
    if (sound->music) {
        add_real(digest, session->music_level_lu);
        key_add_sound(digest, session->music_bed, 0,
                      session->music_bed->end_flicks);
    }
    keying_part(&keying, PART_TIMES);
    digest_field_int(digest, (int64_t)sound->clip->shot_count);
    for (size_t j = 0; j < sound->clip->shot_count; j++)
        add_shot_sound(&keying, sound, j);
    finish(&keying, sound->key);
}

/* --- posters ---------------------------------------------------------------
 */

/* The picture is chosen among all of a shot's. */
static void add_candidates(const struct keying *keying, const struct shot *shot,
                           const struct preset *preset)
{
    struct digest *digest = keying->digest;
    add_fit(keying, shot, preset);
    keying_part(keying, PART_TRANSITION);
    digest_field_int(digest, shot->transition);
    digest_field_int(digest, shot->transition_flicks);
    if (shot->photo) {
        add_photo(keying, shot->photo);
        return;
    }
    struct buffer frames = {0};
    for (size_t k = shot->first_frame; k < shot->end_frame; k++)
        buffer_append(&frames, &k, sizeof(k));
    add_frames(keying, shot, &frames);
    buffer_clear(&frames);
}

/* What stands in a PNG beside its picture (poster.c). */
static void add_texts(const struct keying *keying,
                      const struct session *session, const struct clip *clip)
{
    struct digest *digest = keying->digest;
    const char *const texts[] = {
        session->series,
        session->number,
        clip->title ? NULL : session->title,
        session->place,
        session->credit ? session->credit : session->organizer,
        session->copyright,
        session->language,
    };
    keying_part(keying, PART_DETAILS);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        digest_field_text(digest, texts[i]);
    keying_part(keying, PART_TITLE);
    digest_field_text(digest, clip->title);
    digest_field_text(digest, clip->subtitle);
    keying_part(keying, PART_DETAILS);
    digest_field_int(digest, session->year);
    digest_field_int(digest, session->month);
    digest_field_int(digest, session->day);
}

void key_poster(const struct builder *builder, struct poster *poster)
{
    const struct session *session = builder->session;
    const struct clip *clip = poster->clip;
    const struct cover *cover = poster->cover;
    struct keying keying = begin(builder, "poster", &poster->parts);
    struct digest *digest = keying.digest;
    struct buffer script = {0};
    digest_field_int(digest, cover->width);
    digest_field_int(digest, cover->height);
    digest_field_int(digest, cover->jpeg_bytes);
    digest_field_int(digest, cover->png_bytes);
    if (poster->script)
        script_window(poster->script, 0, 1, &script); /* as it is drawn */
    add_script(&keying, buffer_text(&script), session->faces, false);
    add_texts(&keying, session, clip);
    keying_part(&keying, PART_TIMES); /* none where the row gives one */
    digest_field_int(digest, poster->sheet);
    keying_part(&keying, PART_STYLE);
    add_faces(digest, poster->sheet ? session->faces : NULL, NULL);
    keying_part(&keying, PART_TIMES);
    digest_field_int(digest, (int64_t)clip->poster_shot);
    if (clip->poster_flicks != FLICKS_NONE) {
        const struct recording *recording =
            clip->shots[clip->poster_shot].recording;
        size_t frame = index_shown(recording->index, clip->poster_flicks);
        keying_part(&keying, PART_SOURCE);
        key_add_frames(digest, recording, &frame, 1);
        note_frames(&keying, &clip->shots[clip->poster_shot], &frame, 1);
    }
    for (size_t j = 0; j < clip->shot_count; j++)
        add_candidates(&keying, &clip->shots[j], poster->preset);
    finish(&keying, poster->key);
    buffer_clear(&script);
}
