/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a source enters a key: the packets that decoding takes, as digests,
 * and every fact by which their pictures or sounds are read. */
#include "plan/build.h"

#include <libavutil/pixdesc.h>

/* Deinterlacing looks at the pictures around. */
#define FIELD_MARGIN 2
/* Sound coders need a packet or two before the first, resamplers a little
 * more; a quarter of a second is enough for all of them. */
#define SOUND_MARGIN (FLICKS_PER_SECOND / 4)

static void add_picture_facts(struct digest *digest,
                              const struct picture_stream *picture)
{
    const int facts[] = {
        picture->width,       picture->height,         picture->sar.num,
        picture->sar.den,     picture->orientation,    picture->fields,
        (int)picture->matrix, (int)picture->primaries, (int)picture->transfer,
        (int)picture->range,  (int)picture->chroma,    picture->hdr,
    };
    digest_field_text(digest, picture->codec);
    digest_field_text(digest, picture->setup);
    /* Names last; numbers of formats change from version to version. */
    digest_field_text(digest, av_get_pix_fmt_name(picture->format));
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
        digest_field_int(digest, facts[i]);
}

/* The least and the greatest of the frames, with the margin. */
static void frame_bounds(const struct recording *recording,
                         const size_t *frames, size_t count, size_t *first,
                         size_t *last)
{
    size_t margin =
        recording->picture.fields == FIELDS_PROGRESSIVE ? 0 : FIELD_MARGIN;
    *first = *last = frames[0];
    for (size_t i = 1; i < count; i++) {
        *first = frames[i] < *first ? frames[i] : *first;
        *last = frames[i] > *last ? frames[i] : *last;
    }
    *first = *first > margin ? *first - margin : 0;
    *last += margin;
    if (*last >= recording->index->frame_count)
        *last = recording->index->frame_count - 1;
}

void key_add_frames(struct digest *digest, const struct recording *recording,
                    const size_t *frames, size_t count)
{
    const struct index *index = recording->index;
    size_t first, last;
    frame_bounds(recording, frames, count, &first, &last);
    size_t entry = index_entry_packet(index, first);
    size_t end = entry;
    for (size_t k = first; k <= last; k++) {
        if (index->frames[k].packet > end)
            end = index->frames[k].packet;
    }
    add_picture_facts(digest, &recording->picture);
    digest_field_int(digest, (int64_t)(end - entry + 1));
    for (size_t p = entry; p <= end; p++) {
        const struct index_packet *packet = &index->packets[p];
        digest_add(digest, packet->digest, sizeof(packet->digest));
        digest_add(digest, &packet->corrupt, 1);
    }
    /* Which pictures: by the packets that carry them, counted from where
     * decoding begins, so that a file that grows or loses its head keeps its
     * keys. */
    digest_field_int(digest, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        digest_field_int(digest, (int64_t)index->frames[frames[i]].packet -
                                     (int64_t)entry);
}

void key_add_photo(struct digest *digest, const struct photo *photo)
{
    digest_field_text(digest, photo->digest);
    digest_field_int(digest, photo->width);
    digest_field_int(digest, photo->height);
    digest_field_int(digest, photo->orientation);
    digest_field_int(digest, photo->is_heif);
}

/* A packet, and where it lies against the range. */
static void add_sound_packet(struct digest *digest, const struct index *index,
                             const struct index_sound *packet, int64_t from)
{
    int64_t time = clock_from_stamp(packet->pts, index->sound_time_base) -
                   index->start_flicks;
    digest_add(digest, packet->digest, sizeof(packet->digest));
    digest_field_int(digest, time - from);
}

void key_add_sound(struct digest *digest, const struct recording *recording,
                   int64_t from_flicks, int64_t to_flicks)
{
    const struct sound_stream *sound = &recording->sound;
    const struct index *index = recording->index;
    digest_field_int(digest, sound->stream >= 0);
    if (sound->stream < 0)
        return;
    digest_field_text(digest, sound->codec);
    digest_field_text(digest, sound->setup);
    digest_field_int(digest, sound->channels);
    digest_field_int(digest, sound->sample_rate);
    digest_field_int(digest, to_flicks - from_flicks);
    digest_field_int(digest, from_flicks < sound->first_flicks
                                 ? sound->first_flicks - from_flicks
                                 : 0);
    digest_field_int(digest, to_flicks > sound->end_flicks
                                 ? to_flicks - sound->end_flicks
                                 : 0);
    if (!index || (!index->partial && index->sound_count == 0)) {
        /* Sound alone has no index in the session: the whole counts. */
        digest_field_text(digest, sound->digest);
        digest_field_int(digest, from_flicks);
        return;
    }
    const struct index_sound *last = NULL;
    for (size_t i = 0; i < index->sound_count; i++) {
        const struct index_sound *packet = &index->sounds[i];
        int64_t time = clock_from_stamp(packet->pts, index->sound_time_base) -
                       index->start_flicks;
        if (time < from_flicks - SOUND_MARGIN) {
            last = packet; /* may reach into the range */
            continue;
        }
        if (time > to_flicks + SOUND_MARGIN)
            break;
        if (last)
            digest_add(digest, last->digest, sizeof(last->digest));
        last = NULL;
        add_sound_packet(digest, index, packet, from_flicks);
    }
    /* None begins in the range: a long one goes all through it. */
    if (last)
        add_sound_packet(digest, index, last, from_flicks);
}
