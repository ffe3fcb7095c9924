/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys: SHA-256 over all that a product's bytes depend on, and nothing else:
 * no path, no time of a file, no locale. What a field means may never change
 * without MAKER_VERSION going up. */
#include "plan/build.h"

#include <math.h>

/* Counts up when our own code makes other bytes of the same input. */
#define MAKER_VERSION 4

static struct digest *begin(const struct builder *builder, const char *what)
{
    struct digest *digest = digest_create();
    digest_field_text(digest, what);
    digest_field_int(digest, MAKER_VERSION);
    digest_field_text(digest, builder->versions);
    return digest;
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

static void add_faces(struct digest *digest, const struct faces *faces)
{
    size_t count = faces ? faces_count(faces) : 0;
    digest_field_int(digest, (int64_t)count);
    for (size_t i = 0; i < count; i++) {
        const struct face_facts *facts = faces_file(faces, i);
        digest_field_text(digest, facts->family);
        digest_field_int(digest, facts->bold);
        digest_field_int(digest, facts->index);
        digest_field_text(digest, facts->digest);
    }
}

/* Text without events draws nothing, whatever the fonts are. */
static void add_script(struct digest *digest, const char *text,
                       const struct faces *faces)
{
    digest_field_text(digest, text);
    add_faces(digest, text && *text ? faces : NULL);
}

/* All that decides how a picture comes into the frame; what follows from it
 * is the renderer's. */
static void add_fit(struct digest *digest, const struct shot *shot,
                    const struct preset *preset)
{
    digest_field_int(digest, preset->fit);
    digest_field_int(digest, preset->crop_at);
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

/* Where the chunk lies in the photo's way; nothing where it has none. */
static void add_move(struct digest *digest, const struct place *place,
                     const struct shot *shot)
{
    const struct rendition *rendition = place->rendition;
    bool moves = shot_moves(shot, rendition->preset) && !place->still;
    digest_field_int(digest, moves);
    if (!moves)
        return;
    size_t j = (size_t)(shot - rendition->clip->shots);
    digest_field_int(digest, shot->turn);
    digest_field_int(digest, place->first);
    digest_field_int(digest, shot->out_flicks);
    digest_field_int(digest, timeline_seen_flicks(rendition->timeline, j));
}

static void add_shot(struct digest *digest, const struct place *place,
                     const struct shot *shot,
                     size_t (*frame_of)(const struct shot *shot, int64_t n,
                                        AVRational rate))
{
    add_fit(digest, shot, place->rendition->preset);
    if (shot->photo) {
        key_add_photo(digest, shot->photo);
        add_move(digest, place, shot);
        return;
    }
    struct buffer frames = {0};
    for (int64_t i = 0; i < place->count; i++) {
        size_t frame =
            frame_of(shot, place->first + i, place->rendition->timeline->rate);
        buffer_append(&frames, &frame, sizeof(frame));
    }
    if (frames.size)
        key_add_frames(digest, shot->recording, (const size_t *)frames.data,
                       frames.size / sizeof(size_t));
    buffer_clear(&frames);
}

static void add_join(struct digest *digest, const struct place *place,
                     const struct span *span)
{
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
        add_shot(digest, place, place->shot - 1, shot_frame_beyond);
}

static size_t last_frame(const struct shot *shot, int64_t n, AVRational rate)
{
    return shot->end_frame - 1;
}

static void add_source(struct digest *digest, const struct rendition *rendition,
                       const struct chunk *chunk)
{
    const struct clip *clip = rendition->clip;
    const struct span *span = &clip->spans[chunk->span];
    digest_field_int(digest, span->shot < 0); /* the card is blurred */
    size_t j = span->shot < 0 ? clip->shot_count - 1 : (size_t)span->shot;
    struct place place = {
        .rendition = rendition,
        .shot = &clip->shots[j],
        .first = chunk->first_tick - rendition->timeline->shot_tick[j],
        .count = span->shot < 0 ? 1 : chunk->end_tick - chunk->first_tick,
        .still = span->shot < 0,
    };
    if (span->shot < 0) {
        add_shot(digest, &place, place.shot, last_frame);
        return;
    }
    add_shot(digest, &place, place.shot, shot_frame_at);
    add_join(digest, &place, span);
}

static void add_logo(struct digest *digest, const struct rendition *rendition,
                     const struct session *session)
{
    const struct script_box *box = &rendition->logo;
    bool drawn = box->right > box->left;
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
    struct digest *digest = begin(builder, "picture");
    digest_field_int(digest, rendition->preset->width);
    digest_field_int(digest, rendition->preset->height);
    digest_field_int(digest, chunk->end_tick - chunk->first_tick);
    add_rational(digest, rendition->timeline->rate);
    add_source(digest, rendition, chunk);
    add_script(digest, chunk->script, session->faces);
    add_logo(digest, rendition, session);
    digest_field_text(digest, rendition->encoder);
    digest_finish_text(digest, chunk->base_key);
    digest_destroy(&digest);
}

void chunk_key(const struct chunk *chunk, struct chunk_setting setting,
               char out[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    digest_field_text(digest, chunk->base_key);
    digest_field_int(digest, chunk->fills[setting.fill_step]);
    if (setting.size_step)
        digest_field_int(digest, setting.size_step);
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

/* --- sound -----------------------------------------------------------------
 */

static void add_shot_sound(struct digest *digest, const struct sound *sound,
                           size_t j)
{
    const struct clip *clip = sound->clip;
    const struct shot *shot = &clip->shots[j];
    const struct timeline *timeline = sound->timeline;
    bool joined = timeline->transitions;
    digest_field_int(digest,
                     timeline->shot_tick[j + 1] - timeline->shot_tick[j]);
    digest_field_int(digest, joined ? shot->transition : TRANSITION_CUT);
    digest_field_int(digest, joined ? shot->transition_flicks : 0);
    digest_field_int(digest, shot->recording != NULL);
    if (!shot->recording)
        return;
    /* Under a dissolve the outgoing sound runs on as the picture does. */
    int64_t from = shot->in_flicks, to = shot->out_flicks;
    if (joined && j + 1 < clip->shot_count &&
        shot[1].transition == TRANSITION_DISSOLVE)
        to += shot[1].transition_flicks;
    key_add_sound(digest, shot->recording, from, to);
    const struct recording *recorder = shot->recording->recorder;
    digest_field_int(digest, recorder != NULL);
    if (!recorder)
        return;
    int64_t offset = shot->recording->recorder_offset;
    key_add_sound(digest, recorder, from + offset, to + offset);
}

void key_sound(const struct builder *builder, struct sound *sound)
{
    const struct session *session = builder->session;
    const struct preset *preset = sound->preset;
    struct digest *digest = begin(builder, "sound");
    add_rational(digest, sound->timeline->rate);
    digest_field_int(digest, sound->timeline->ticks);
    digest_field_int(digest, sound->timeline->samples);
    digest_field_int(digest, preset->sample_rate);
    digest_field_int(digest, preset->audio_bit_rate_bps);
    add_real(digest, preset->loudness_lufs);
    add_real(digest, preset->true_peak_dbtp);
    digest_field_int(digest, preset->natural_sound);
    digest_field_int(digest, sound->music);
    if (sound->music) {
        add_real(digest, session->music_level_lu);
        key_add_sound(digest, session->music_bed, 0,
                      session->music_bed->end_flicks);
    }
    digest_field_int(digest, (int64_t)sound->clip->shot_count);
    for (size_t j = 0; j < sound->clip->shot_count; j++)
        add_shot_sound(digest, sound, j);
    digest_finish_text(digest, sound->key);
    digest_destroy(&digest);
}

/* --- posters ---------------------------------------------------------------
 */

/* The picture is chosen among all of a shot's. */
static void add_candidates(struct digest *digest, const struct shot *shot,
                           const struct preset *preset)
{
    add_fit(digest, shot, preset);
    digest_field_int(digest, shot->transition);
    digest_field_int(digest, shot->transition_flicks);
    if (shot->photo) {
        key_add_photo(digest, shot->photo);
        return;
    }
    struct buffer frames = {0};
    for (size_t k = shot->first_frame; k < shot->end_frame; k++)
        buffer_append(&frames, &k, sizeof(k));
    key_add_frames(digest, shot->recording, (const size_t *)frames.data,
                   frames.size / sizeof(size_t));
    buffer_clear(&frames);
}

static void add_texts(struct digest *digest, const struct session *session,
                      const struct clip *clip)
{
    const char *const texts[] = {
        session->series,    session->number,    session->title,
        session->place,     session->organizer, session->credit,
        session->copyright, session->language,  clip->title,
        clip->subtitle,
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        digest_field_text(digest, texts[i]);
    digest_field_int(digest, session->year);
    digest_field_int(digest, session->month);
    digest_field_int(digest, session->day);
}

void key_poster(const struct builder *builder, struct poster *poster)
{
    const struct session *session = builder->session;
    const struct clip *clip = poster->clip;
    const struct cover *cover = poster->cover;
    struct digest *digest = begin(builder, "poster");
    struct buffer script = {0};
    digest_field_int(digest, cover->width);
    digest_field_int(digest, cover->height);
    digest_field_int(digest, cover->jpeg_bytes);
    digest_field_int(digest, cover->png_bytes);
    if (poster->script)
        script_print(poster->script, &script);
    add_script(digest, buffer_text(&script), session->faces);
    digest_field_text(digest, session->logo_digest);
    add_texts(digest, session, clip);
    digest_field_int(digest, poster->sheet);
    add_faces(digest, poster->sheet ? session->faces : NULL);
    digest_field_int(digest, (int64_t)clip->poster_shot);
    if (clip->poster_flicks != FLICKS_NONE) {
        const struct recording *recording =
            clip->shots[clip->poster_shot].recording;
        size_t frame = index_shown(recording->index, clip->poster_flicks);
        key_add_frames(digest, recording, &frame, 1);
    }
    for (size_t j = 0; j < clip->shot_count; j++)
        add_candidates(digest, &clip->shots[j], poster->preset);
    digest_finish_text(digest, poster->key);
    digest_destroy(&digest);
    buffer_clear(&script);
}
