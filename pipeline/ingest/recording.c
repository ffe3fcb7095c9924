/* SPDX-License-Identifier: GPL-3.0-or-later */
/* struct recording from its probed facts, in main: reads the JSON as if a
 * stranger had written it, and opens no media. */
#include "ingest/recording.h"

#include <libavutil/pixdesc.h>
#include "base/clock.h"
#include "base/files.h"

AVRational recording_rate(const struct recording *recording)
{
    if (!recording->index)
        return (AVRational){0, 1};
    return recording->index->rate;
}

void recording_viewed_size(const struct picture_stream *picture, int *width,
                           int *height)
{
    int64_t w = picture->width;
    const AVRational sar = picture->sar;
    if (sar.num > 0 && sar.den > 0 && sar.num != sar.den)
        w = av_rescale(w, sar.num, (int64_t)sar.den * 2) * 2;
    if (w < 2 && picture->width >= 2)
        w = 2;
    const bool turned = picture->orientation >= ORIENTATION_TRANSPOSE;
    *width = turned ? picture->height : (int)w;
    *height = turned ? (int)w : picture->height;
}

/* ---- reading facts ------------------------------------------------------- */

static int64_t fact_int(const json_t *object, const char *key, int64_t least,
                        int64_t most, bool *good)
{
    const json_t *value = json_object_get(object, key);
    const int64_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < least || number > most) {
        *good = false;
        return least;
    }
    return number;
}

static const char *fact_text(const json_t *object, const char *key,
                             struct arena *arena, bool *good)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (!text) {
        *good = false;
        return "";
    }
    return arena_strdup(arena, text);
}

static bool adopt_picture(struct picture_stream *out, const json_t *facts,
                          struct arena *arena)
{
    bool good = true;
    int num = 1;
    int den = 1;
    out->stream = (int)fact_int(facts, "stream", 0, INT32_MAX, &good);
    out->codec = fact_text(facts, "codec", arena, &good);
    out->setup = fact_text(facts, "setup", arena, &good);
    out->width = (int)fact_int(facts, "width", 1, 1 << 16, &good);
    out->height = (int)fact_int(facts, "height", 1, 1 << 16, &good);
    good &= json_unpack((json_t *)facts, "{s:[i,i]}", "sar", &num, &den) == 0;
    good &= num > 0 && den > 0;
    out->sar = (AVRational){num, den};
    out->orientation = (int)fact_int(facts, "orientation", ORIENTATION_NORMAL,
                                     ORIENTATION_QUARTER_LEFT, &good);
    out->fields = (int)fact_int(facts, "fields", FIELDS_PROGRESSIVE,
                                FIELDS_BOTTOM_FIRST, &good);
    out->format = av_get_pix_fmt(fact_text(facts, "format", arena, &good));
    good &= out->format != AV_PIX_FMT_NONE;
    out->matrix = (int)fact_int(facts, "matrix", 0, AVCOL_SPC_NB - 1, &good);
    out->primaries = (int)fact_int(facts, "primaries", 0, 255, &good);
    out->transfer = (int)fact_int(facts, "transfer", 0, 255, &good);
    out->range = (int)fact_int(facts, "range", 0, AVCOL_RANGE_NB - 1, &good);
    out->chroma = (int)fact_int(facts, "chroma", 0, AVCHROMA_LOC_NB - 1, &good);
    out->guessed = json_is_true(json_object_get(facts, "guessed"));
    out->hdr = json_is_true(json_object_get(facts, "hdr"));
    return good;
}

static bool adopt_sound(struct sound_stream *out, const json_t *facts,
                        struct arena *arena)
{
    bool good = true;
    out->stream = (int)fact_int(facts, "stream", 0, INT32_MAX, &good);
    out->codec = fact_text(facts, "codec", arena, &good);
    out->setup = fact_text(facts, "setup", arena, &good);
    out->channels = (int)fact_int(facts, "channels", 1, 4096, &good);
    out->sample_rate = (int)fact_int(facts, "sample_rate", 1, 1 << 24, &good);
    out->first_flicks = fact_int(facts, "first", -INT64_MAX, INT64_MAX, &good);
    out->end_flicks = fact_int(facts, "end", -INT64_MAX, INT64_MAX, &good);
    out->digest = fact_text(facts, "digest", arena, &good);
    return good;
}

static void adopt_timecode(struct recording *out, const json_t *facts)
{
    bool good = json_is_object(facts);
    out->timecode_frames = fact_int(facts, "frames", 0, INT32_MAX, &good);
    out->timecode_drop = json_is_true(json_object_get(facts, "drop"));
    out->has_timecode = good;
}

static void adopt_cues(struct recording *out, const json_t *list,
                       const json_t *script, struct arena *arena)
{
    if (json_array_size(list) == 0)
        return;
    out->cues = cues_create(arena, "track");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_int_t start, end;
        const char *text;
        json_t *cue = json_array_get(list, i);
        if (json_unpack(cue, "[I,I,s]", &start, &end, &text) == 0 &&
            end > start)
            cues_add(out->cues, arena, start, end, text);
    }
    cues_sort(out->cues);
    out->cues->ass_script = arena_strdup(arena, json_string_value(script));
}

/* Of one track nothing is told. */
static void adopt_tracks(struct recording *out, const json_t *facts)
{
    bool good = json_object_get(facts, "texts") != NULL;
    int count = (int)fact_int(facts, "texts", 1, 1 << 16, &good);
    int chosen = (int)fact_int(facts, "text", 1, count, &good);
    out->text_tracks = good ? count : 0;
    out->text_track = good ? chosen : 0;
}

static bool adopt_streams(struct recording *out, const json_t *facts,
                          struct arena *arena)
{
    const json_t *picture = json_object_get(facts, "picture");
    const json_t *sound = json_object_get(facts, "sound");
    bool good = true;
    out->container = fact_text(facts, "container", arena, &good);
    out->end_flicks = fact_int(facts, "end", -INT64_MAX, INT64_MAX, &good);
    if (json_is_object(picture))
        good &= adopt_picture(&out->picture, picture, arena);
    if (json_is_object(sound))
        good &= adopt_sound(&out->sound, sound, arena);
    out->carries_fonts = json_is_true(json_object_get(facts, "fonts"));
    adopt_tracks(out, facts);
    adopt_timecode(out, json_object_get(facts, "timecode"));
    adopt_cues(out, json_object_get(facts, "cues"),
               json_object_get(facts, "script"), arena);
    return good && (json_is_object(picture) || json_is_object(sound));
}

static void adopt_trouble(struct recording *out, int code, const char *sentence)
{
    out->usable = false;
    out->index = NULL;
    out->trouble_code = code;
    out->trouble = sentence;
}

int recording_adopt(struct log *log, struct recording *recording,
                    const json_t *facts, const char *index_path,
                    struct arena *arena)
{
    struct file_stamp stamp;
    struct index *index = NULL;
    const char *trouble = json_string_value(json_object_get(facts, "trouble"));

    recording->usable = false;
    recording->picture.stream = recording->sound.stream = -1;
    recording->index = NULL;
    if (trouble) {
        const json_int_t code =
            json_integer_value(json_object_get(facts, "code"));
        adopt_trouble(recording, code < 0 ? (int)code : AVERROR_UNKNOWN,
                      arena_strdup(arena, trouble));
        return 0;
    }
    if (!json_is_true(json_object_get(facts, "ok")) ||
        !adopt_streams(recording, facts, arena)) {
        adopt_trouble(recording, AVERROR_INVALIDDATA,
                      _("looking at the recording gave no usable answer; the "
                        "file may be damaged: copy it again"));
        return 0;
    }
    recording->usable = true;
    if (recording->picture.stream < 0)
        return 0;
    if (files_stamp(recording->path, &stamp) < 0 ||
        index_load(log, index_path, &stamp, arena, &index) < 0 ||
        index->frame_count == 0) {
        adopt_trouble(recording, AVERROR(EAGAIN),
                      _("the recording changed while it was looked at; wait "
                        "until it is copied whole, and try again"));
        return 0;
    }
    recording->index = index;
    return 0;
}
