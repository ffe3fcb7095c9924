/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns out/report.json: what was delivered, with digests, figures and
 * decisions. It holds no clock and nothing of how the run went, so that equal
 * deliveries have equal reports. */
#include "package/package.h"

#include "base/files.h"
#include "base/json.h"
#include "package/delivery.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <libavcodec/avcodec.h>
#include <libavutil/avutil.h>

static const char *state_name(const struct result *result)
{
    switch (result->state) {
    case RESULT_MADE:
    case RESULT_REUSED:
        return "delivered";
    case RESULT_FAILED:
        return "failed";
    default:
        return "not asked for";
    }
}

static json_t *rendition_report(const struct rendition *rendition,
                                const struct result *result)
{
    const struct timeline *timeline = rendition->timeline;
    json_t *object = json_pack(
        "{s:s,s:s,s:s,s:I,s:I,s:[i,i],s:I,s:s,s:b}", "clip",
        rendition->clip->stem, "preset", rendition->preset->name, "state",
        state_name(result), "pictures", (json_int_t)timeline->ticks, "samples",
        (json_int_t)timeline->samples, "rate", timeline->rate.num,
        timeline->rate.den, "parts", (json_int_t)rendition->chunk_count,
        "encoder", rendition->encoder, "captions_estimated",
        rendition->clip->captions_estimated);
    if (result_is_ready(result)) {
        json_object_set_new(object, "sha256", json_string(result->digest));
        json_object_set_new(object, "bytes", json_integer(result->bytes));
    }
    if (result->figures)
        json_object_set(object, "figures", result->figures);
    if (result->sentence)
        json_object_set_new(object, "sentence", json_string(result->sentence));
    return object;
}

static json_t *poster_report(const struct poster *poster,
                             const struct result *result)
{
    json_t *object =
        json_pack("{s:s,s:s,s:s}", "poster", poster->stem, "cover",
                  poster->cover->shape, "state", state_name(result));
    if (result_is_ready(result))
        json_object_set_new(object, "sha256", json_string(result->digest));
    if (result->figures)
        json_object_set(object, "figures", result->figures);
    if (result->sentence)
        json_object_set_new(object, "sentence", json_string(result->sentence));
    return object;
}

static json_t *notes_report(const struct plan *plan)
{
    json_t *list = json_array();
    for (size_t i = 0; i < plan->note_count; i++) {
        const struct plan_note *note = &plan->notes[i];
        json_array_append_new(
            list, json_pack("{s:s*,s:s*,s:s}", "clip",
                            note->clip ? note->clip->stem : NULL, "recording",
                            note->recording ? note->recording->name : NULL,
                            "text", note->plain));
    }
    return list;
}

static void report_remember(struct memo *memo, const char *path,
                            const char *text)
{
    uint8_t sum[DIGEST_BYTES];
    char digest[DIGEST_TEXT];
    digest_of(text, strlen(text), sum);
    digest_text(sum, digest);
    memo_placed(memo, path, digest);
}

int package_report(struct log *log, const struct plan *plan,
                   const struct results *results, const json_t *packages,
                   struct memo *memo, const char *out)
{
    struct arena *arena = arena_create();
    json_t *films = json_array(), *posters = json_array();
    for (size_t i = 0; i < plan->rendition_count; i++)
        json_array_append_new(films, rendition_report(plan->renditions[i],
                                                      &results->renditions[i]));
    for (size_t i = 0; i < plan->poster_count; i++)
        json_array_append_new(
            posters, poster_report(plan->posters[i], &results->posters[i]));
    json_t *report = json_pack(
        "{s:s,s:s,s:s,s:{s:s,s:s},s:o,s:o,s:o,s:O}", "reelpress",
        REELPRESS_VERSION, "session", plan->session->title, "date",
        session_date_iso(plan->session, arena), "libraries", "libavcodec",
        AV_STRINGIFY(LIBAVCODEC_VERSION), "ffmpeg", av_version_info(), "films",
        films, "posters", posters, "decisions", notes_report(plan), "packages",
        (json_t *)packages);
    char *text = json_dumps(report, JSON_INDENT(1) | JSON_SORT_KEYS);
    const char *path = files_join(arena, out, "report.json");
    int ret =
        text ? files_update(log, path, text, strlen(text)) : AVERROR(ENOMEM);
    /* From now on the report says what is ours. */
    if (ret >= 0)
        unlink(files_join(arena, out, DELIVERY_LIST));
    if (ret >= 0 && !memo_find(memo, "sha256", path))
        report_remember(memo, path, text);
    free(text);
    json_decref(report);
    arena_destroy(&arena);
    return ret;
}

static bool says(const json_t *report, const char *key, const char *text)
{
    const char *written = json_string_value(json_object_get(report, key));
    return written && text && !strcmp(written, text);
}

/* Certainly of this session's own run. */
static bool report_is_known(const struct plan *plan, struct memo *memo,
                            const char *out, struct arena *arena)
{
    const char *session = plan->session->path;
    size_t size = session ? strlen(session) : 0;
    bool is_inside = size && !strncmp(out, session, size) && out[size] == '/';
    return is_inside ||
           memo_find(memo, "sha256", files_join(arena, out, "report.json"));
}

/* Where the memo was deleted: of a session that is called the same. */
static bool report_is_alike(const json_t *report, const struct session *session,
                            struct arena *arena)
{
    return says(report, "session", session->title) &&
           says(report, "date", session_date_iso(session, arena));
}

json_t *package_last_report(const struct plan *plan, struct memo *memo,
                            const char *out)
{
    struct arena *arena = arena_create();
    json_t *report = json_read(files_join(arena, out, "report.json"));
    json_t *begun = delivery_read_list(out);
    const json_t *title = json_object_get(report, "session");
    bool is_known = report_is_known(plan, memo, out, arena);
    if (!is_known && report_is_alike(report, plan->session, arena)) {
        json_object_set_new(report, "alike", json_true());
    } else if (!is_known && json_is_string(title)) {
        json_object_set(report, "foreign", (json_t *)title);
        json_object_del(report, "packages");
    }
    if (begun && !report)
        report = json_object();
    if (begun)
        json_object_set_new(report, "begun", begun);
    arena_destroy(&arena);
    return report;
}
