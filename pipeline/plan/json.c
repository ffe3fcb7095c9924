/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan for programs: everything it decided, in its own units, with keys.
 * Arrays stand in the plan's order and refer to each other by index. */
#include "plan/build.h"

#include <math.h>

static json_t *text(const char *value)
{
    return value ? json_string(value) : json_null();
}

static json_t *integer(int64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *time_or_null(int64_t flicks)
{
    return flicks == FLICKS_NONE ? json_null() : integer(flicks);
}

static json_t *rational(AVRational value)
{
    return json_sprintf("%d/%d", value.num, value.den);
}

static void put(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

static json_t *integers(const int64_t *list, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, integer(list[i]));
    return array;
}

static json_t *texts(const char *const *list, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, text(list[i]));
    return array;
}

/* The index of a pointer in a list of pointers; every reference of the plan
 * points into it. */
static json_t *reference(const void *list, size_t count, const void *item)
{
    const void *const *pointers = list;
    for (size_t i = 0; i < count; i++) {
        if (pointers[i] == item)
            return integer((int64_t)i);
    }
    return json_null();
}

/* --- clips -----------------------------------------------------------------
 */

static json_t *shot_json(const struct shot *shot)
{
    static const char *const transitions[] = {"cut", "fade", "dissolve"};
    const struct highlight *row = shot->row;
    json_t *object = json_object();
    put(object, "list", text(row->file));
    put(object, "row", integer(row->row));
    put(object, "recording",
        text(shot->recording ? shot->recording->name : NULL));
    put(object, "file",
        text(shot->recording ? shot->recording->file : shot->photo->file));
    if (shot->recording) {
        const struct index *index = shot->recording->index;
        put(object, "first_frame",
            integer(index_number(index, shot->first_frame)));
        put(object, "end_frame",
            integer(index_number(index, shot->end_frame - 1) + 1));
    }
    put(object, "in_flicks", integer(shot->in_flicks));
    put(object, "out_flicks", integer(shot->out_flicks));
    put(object, "offset_flicks", integer(shot->offset_flicks));
    put(object, "transition", text(transitions[shot->transition]));
    put(object, "transition_flicks", integer(shot->transition_flicks));
    put(object, "crop_percent",
        shot->crop_percent < 0 ? json_null() : integer(shot->crop_percent));
    put(object, "speakers",
        texts((const char *const *)row->speakers, row->speaker_count));
    put(object, "note", text(row->note));
    return object;
}

static json_t *span_json(const struct span *span)
{
    static const char *const joins[] = {"none", "fade-out", "fade-in",
                                        "dissolve"};
    json_t *object = json_object();
    put(object, "shot", span->shot < 0 ? json_null() : integer(span->shot));
    put(object, "from_flicks", integer(span->from_flicks));
    put(object, "to_flicks", integer(span->to_flicks));
    put(object, "join", text(joins[span->join]));
    if (span->join != JOIN_NONE) {
        put(object, "join_from_flicks", integer(span->join_from_flicks));
        put(object, "join_to_flicks", integer(span->join_to_flicks));
    }
    return object;
}

static json_t *clip_json(const struct clip *clip)
{
    json_t *object = json_object();
    json_t *shots = json_array(), *spans = json_array();
    put(object, "number", integer(clip->number));
    put(object, "id", text(clip->id));
    put(object, "title", text(clip->title));
    put(object, "subtitle", text(clip->subtitle));
    put(object, "stem", text(clip->stem));
    put(object, "wanted", json_boolean(clip->wanted));
    put(object, "length_flicks", integer(clip->length_flicks));
    put(object, "poster_shot", integer((int64_t)clip->poster_shot));
    put(object, "poster_flicks", time_or_null(clip->poster_flicks));
    put(object, "captions_estimated", json_boolean(clip->captions_estimated));
    put(object, "people",
        texts((const char *const *)clip->people, clip->people_count));
    for (size_t j = 0; j < clip->shot_count; j++)
        json_array_append_new(shots, shot_json(&clip->shots[j]));
    for (size_t i = 0; i < clip->span_count; i++)
        json_array_append_new(spans, span_json(&clip->spans[i]));
    put(object, "shots", shots);
    put(object, "spans", spans);
    return object;
}

/* --- what is made ----------------------------------------------------------
 */

static json_t *timeline_json(const struct plan *plan,
                             const struct timeline *timeline)
{
    json_t *object = json_object();
    put(object, "clip",
        reference(plan->clips, plan->clip_count, timeline->clip));
    put(object, "rate", rational(timeline->rate));
    put(object, "card", json_boolean(timeline->card));
    put(object, "transitions", json_boolean(timeline->transitions));
    put(object, "span_ticks",
        integers(timeline->span_tick, timeline->span_count + 1));
    put(object, "shot_ticks",
        integers(timeline->shot_tick, timeline->clip->shot_count + 1));
    put(object, "ticks", integer(timeline->ticks));
    put(object, "samples", integer(timeline->samples));
    return object;
}

static json_t *captions_json(const struct script *script)
{
    json_t *array = json_array();
    for (size_t i = 0; i < script->caption_count; i++) {
        const struct script_caption *caption = &script->captions[i];
        json_t *object = json_object();
        put(object, "start_tick", integer(caption->start_tick));
        put(object, "end_tick", integer(caption->end_tick));
        put(object, "text", text(caption->text));
        put(object, "estimated", json_boolean(caption->estimated));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *chunks_json(const struct rendition *rendition)
{
    json_t *array = json_array();
    for (size_t i = 0; i < rendition->chunk_count; i++) {
        const struct chunk *chunk = &rendition->chunks[i];
        json_t *object = json_object();
        put(object, "span", integer((int64_t)chunk->span));
        put(object, "first_tick", integer(chunk->first_tick));
        put(object, "end_tick", integer(chunk->end_tick));
        put(object, "key", text(chunk->base_key));
        put(object, "draws", json_boolean(*chunk->script));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *rendition_json(const struct plan *plan,
                              const struct rendition *rendition)
{
    const struct preset *preset = rendition->preset;
    const struct timeline *timeline = rendition->timeline;
    json_t *object = json_object();
    int64_t flicks = clock_flicks(timeline->ticks, timeline->rate);
    int64_t most = rendition_most_bytes(preset, flicks);
    put(object, "clip",
        reference(plan->clips, plan->clip_count, rendition->clip));
    put(object, "preset", text(preset->name));
    put(object, "wanted", json_boolean(rendition->wanted));
    put(object, "alias", text(preset->alias));
    put(object, "width", integer(preset->width));
    put(object, "height", integer(preset->height));
    put(object, "timeline",
        reference(plan->timelines, plan->timeline_count, timeline));
    put(object, "sound",
        reference(plan->sounds, plan->sound_count, rendition->sound));
    put(object, "encoder", text(rendition->encoder));
    put(object, "script", text(rendition->script_name));
    put(object, "bytes_at_most", most ? integer(most) : json_null());
    put(object, "text_overflow", json_boolean(rendition->script->overflow));
    put(object, "captions", captions_json(rendition->script));
    put(object, "chunks", chunks_json(rendition));
    return object;
}

/* Rounded, so that no locale or library prints a tail of digits. */
static json_t *real(double value)
{
    return json_real(round(value * 100) / 100);
}

static json_t *sound_json(const struct plan *plan, const struct sound *sound)
{
    json_t *object = json_object();
    put(object, "clip", reference(plan->clips, plan->clip_count, sound->clip));
    put(object, "timeline",
        reference(plan->timelines, plan->timeline_count, sound->timeline));
    put(object, "music", json_boolean(sound->music));
    put(object, "loudness_lufs", real(sound->preset->loudness_lufs));
    put(object, "true_peak_dbtp", real(sound->preset->true_peak_dbtp));
    put(object, "bit_rate_bps", integer(sound->preset->audio_bit_rate_bps));
    put(object, "key", text(sound->key));
    return object;
}

static json_t *poster_json(const struct plan *plan, const struct poster *poster)
{
    json_t *object = json_object();
    put(object, "wanted", json_boolean(poster->wanted));
    put(object, "clip", reference(plan->clips, plan->clip_count, poster->clip));
    put(object, "shape", text(poster->cover->shape));
    put(object, "width", integer(poster->cover->width));
    put(object, "height", integer(poster->cover->height));
    put(object, "jpeg_bytes", integer(poster->cover->jpeg_bytes));
    put(object, "png_bytes", integer(poster->cover->png_bytes));
    put(object, "lettering", json_boolean(poster->lettering));
    put(object, "stem", text(poster->stem));
    put(object, "key", text(poster->key));
    return object;
}

static json_t *package_json(const struct plan *plan,
                            const struct package *package)
{
    json_t *object = json_object();
    json_t *films = json_array(), *posters = json_array();
    put(object, "wanted", json_boolean(package->wanted));
    put(object, "recipient", text(package->outlet->recipient));
    put(object, "preset", text(package->outlet->preset->name));
    put(object, "folder", text(package->folder));
    put(object, "zip", text(package->zip));
    for (size_t i = 0; i < package->rendition_count; i++)
        json_array_append_new(films,
                              reference(plan->renditions, plan->rendition_count,
                                        package->renditions[i]));
    for (size_t i = 0; i < package->poster_count; i++)
        json_array_append_new(
            posters,
            reference(plan->posters, plan->poster_count, package->posters[i]));
    put(object, "renditions", films);
    put(object, "posters", posters);
    return object;
}

static json_t *notes_json(const struct plan *plan)
{
    json_t *array = json_array();
    for (size_t i = 0; i < plan->note_count; i++) {
        const struct plan_note *note = &plan->notes[i];
        json_t *object = json_object();
        put(object, "clip",
            reference(plan->clips, plan->clip_count, note->clip));
        put(object, "recording",
            text(note->recording ? note->recording->name : NULL));
        put(object, "text", text(note->text));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *session_json(const struct plan *plan)
{
    const struct session *session = plan->session;
    json_t *object = json_object();
    put(object, "name", text(session->name));
    put(object, "series", text(session->series));
    put(object, "number", text(session->number));
    put(object, "title", text(session->title));
    put(object, "date",
        session->year ? text(session_date_iso(session, plan->arena))
                      : json_null());
    put(object, "place", text(session->place));
    put(object, "organizer", text(session->organizer));
    return object;
}

json_t *plan_json(const struct plan *plan)
{
    json_t *object = json_object();
    json_t *clips = json_array(), *timelines = json_array();
    json_t *renditions = json_array(), *sounds = json_array();
    json_t *posters = json_array(), *packages = json_array();
    for (size_t i = 0; i < plan->clip_count; i++)
        json_array_append_new(clips, clip_json(plan->clips[i]));
    for (size_t i = 0; i < plan->timeline_count; i++)
        json_array_append_new(timelines,
                              timeline_json(plan, plan->timelines[i]));
    for (size_t i = 0; i < plan->rendition_count; i++)
        json_array_append_new(renditions,
                              rendition_json(plan, plan->renditions[i]));
    for (size_t i = 0; i < plan->sound_count; i++)
        json_array_append_new(sounds, sound_json(plan, plan->sounds[i]));
    for (size_t i = 0; i < plan->poster_count; i++)
        json_array_append_new(posters, poster_json(plan, plan->posters[i]));
    for (size_t i = 0; i < plan->package_count; i++)
        json_array_append_new(packages, package_json(plan, plan->packages[i]));
    put(object, "flicks_per_second", integer(FLICKS_PER_SECOND));
    put(object, "session", session_json(plan));
    put(object, "clips", clips);
    put(object, "timelines", timelines);
    put(object, "renditions", renditions);
    put(object, "sounds", sounds);
    put(object, "posters", posters);
    put(object, "packages", packages);
    put(object, "notes", notes_json(plan));
    put(object, "dropped_clips", integer((int64_t)plan->dropped_clips));
    put(object, "narrowed", json_boolean(plan->narrowed));
    return object;
}

json_t *plan_faults_json(const struct faults *faults)
{
    static const char *const kinds[] = {"none", "warning", "row", "session"};
    json_t *array = json_array();
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        json_t *object = json_object();
        put(object, "kind", text(kinds[fault->kind]));
        put(object, "file", text(fault->file));
        put(object, "row", fault->row ? integer(fault->row) : json_null());
        put(object, "column",
            fault->column ? integer(fault->column) : json_null());
        put(object, "field", text(fault->field));
        put(object, "message", text(fault->message));
        json_array_append_new(array, object);
    }
    return array;
}
