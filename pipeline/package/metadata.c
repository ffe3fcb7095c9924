/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns data/metadata.json: IPTC ninjs 3.1 (its schema refuses unknown
 * top-level properties, so only its own are written). */
#include "package/notes.h"

#include "package/captions.h"
#include "package/words.h"

#include <string.h>

static json_t *text_list(const struct session *session, const char *role,
                         const char *value)
{
    json_t *list = json_array();
    if (value && *value)
        json_array_append_new(list,
                              json_pack("{s:s,s:s,s:s}", "role", role, "value",
                                        value, "contentType", "text/plain"));
    return list;
}

static void set_text(json_t *object, const char *key, const char *value)
{
    if (value && *value)
        json_object_set_new(object, key, json_string(value));
}

/* Names hold any character: a URI that is only a name in this package. */
static char *item_uri(const struct session *session, const char *stem,
                      struct arena *arena)
{
    return arena_printf(arena, "urn:reelpress:%04d%02d%02d:%s:%s",
                        session->year, session->month, session->day,
                        session->number ? session->number : "0", stem);
}

static json_t *people_list(const struct clip *clip)
{
    json_t *list = json_array();
    for (size_t i = 0; i < clip->people_count; i++)
        json_array_append_new(list,
                              json_pack("{s:s}", "name", clip->people[i]));
    return list;
}

static json_t *film_rendition(const struct rendition *rendition,
                              const struct result *result, struct arena *arena)
{
    const struct preset *preset = rendition->preset;
    int64_t seconds_up = av_rescale_rnd(
        rendition->timeline->ticks, rendition->timeline->rate.den,
        rendition->timeline->rate.num, AV_ROUND_UP);
    return json_pack(
        "{s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:s,s:s}", "name", preset->name, "href",
        arena_printf(arena, "%s.mp4", rendition->clip->stem), "contentType",
        "video/mp4", "width", (json_int_t)preset->width, "height",
        (json_int_t)preset->height, "sizeInBytes", (json_int_t)result->bytes,
        "duration", (json_int_t)seconds_up, "videoCodec", "H.264", "scanType",
        "progressive");
}

static json_t *film_item(const struct plan *plan,
                         const struct rendition *rendition,
                         const struct result *result, struct arena *arena)
{
    const struct session *session = plan->session;
    const struct clip *clip = rendition->clip;
    const struct rendition *spoken = captions_source(plan, rendition);
    struct buffer words = {0};
    json_t *item = json_pack(
        "{s:s,s:s,s:s,s:o,s:o,s:o}", "name", clip->stem, "uri",
        item_uri(session, clip->stem, arena), "type", "video", "headlines",
        text_list(session, "main", clip->title ? clip->title : clip->stem),
        "people", people_list(clip), "renditions",
        json_pack("[o]", film_rendition(rendition, result, arena)));
    if (clip->subtitle)
        json_object_set_new(item, "descriptions",
                            text_list(session, "summary", clip->subtitle));
    for (size_t i = 0; spoken && i < spoken->script->caption_count; i++) {
        const char *text = spoken->script->captions[i].text;
        for (; *text; text++)
            if (*text != '\n')
                buffer_append(&words, text, 1);
            else
                buffer_puts(&words, " ");
        buffer_puts(&words, "\n");
    }
    if (words.size)
        json_object_set_new(
            item, "bodies",
            text_list(session, "transcript", buffer_text(&words)));
    buffer_clear(&words);
    return item;
}

static json_t *cover_item(const struct session *session,
                          const struct poster *poster,
                          const struct result *result, struct arena *arena)
{
    return json_pack("{s:s,s:s,s:s,s:[{s:s,s:s,s:s,s:I,s:I,s:I}]}", "name",
                     poster->stem, "uri",
                     item_uri(session, poster->stem, arena), "type", "picture",
                     "renditions", "name", poster->cover->shape, "href",
                     arena_printf(arena, "%s.png", poster->stem), "contentType",
                     "image/png", "width", (json_int_t)poster->cover->width,
                     "height", (json_int_t)poster->cover->height, "sizeInBytes",
                     (json_int_t)result->bytes);
}

static json_t *associations(const struct plan *plan,
                            const struct package *package,
                            const struct results *results, struct arena *arena)
{
    json_t *list = json_array();
    for (size_t i = 0; i < package->rendition_count; i++) {
        const struct result *result =
            results_of_rendition(results, plan, package->renditions[i]);
        if (result_is_ready(result))
            json_array_append_new(
                list, film_item(plan, package->renditions[i], result, arena));
    }
    for (size_t i = 0; i < package->poster_count; i++) {
        const struct result *result =
            results_of_poster(results, plan, package->posters[i]);
        if (result_is_ready(result))
            json_array_append_new(
                list,
                cover_item(plan->session, package->posters[i], result, arena));
    }
    return list;
}

json_t *notes_metadata(const struct plan *plan, const struct package *package,
                       const struct results *results)
{
    const struct session *session = plan->session;
    struct arena *arena = arena_create();
    json_t *item =
        json_pack("{s:s,s:s,s:s,s:s,s:o,s:{s:s,s:s}}", "uri",
                  item_uri(session, package->folder, arena), "type",
                  "composite", "representationType", "full", "contentCreated",
                  arena_printf(arena, "%sT12:00:00+08:00",
                               session_date_iso(session, arena)),
                  "headlines", text_list(session, "main", session->title),
                  "standard", "name", "ninjs", "version", "3.1");
    set_text(item, "language", session->language);
    set_text(item, "by", session->credit);
    set_text(item, "copyrightNotice", session->copyright);
    set_text(item, "copyrightHolder", session->organizer);
    set_text(item, "located", session->place);
    set_text(item, "edNote", session->contact);
    set_text(item, "slugline", session_series_line(session, arena));
    if (session->organizer)
        json_object_set_new(item, "organisations",
                            json_pack("[{s:s}]", "name", session->organizer));
    if (session->place)
        json_object_set_new(item, "places",
                            json_pack("[{s:s}]", "name", session->place));
    json_object_set_new(item, "associations",
                        associations(plan, package, results, arena));
    arena_destroy(&arena);
    return item;
}
