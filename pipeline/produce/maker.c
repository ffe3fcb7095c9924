/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the step from an item's request to files in the store, checked before
 * they get their keys' names. Does not know what comes before or after. */
#include "produce/maker_parts.h"

#include "base/files.h"
#include "check/check.h"
#include "poster/poster.h"
#include "poster/sheet.h"
#include "render/render.h"
#include "sound/sound.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- sound ---------------------------------------------------------------- */

static int maker_sound(struct maker *maker, const json_t *request,
                       struct arena *arena, struct log *log)
{
    const struct plan *plan = maker->queue->plan;
    size_t index =
        (size_t)json_integer_value(json_object_get(request, "index"));
    const struct sound *sound = plan->sounds[index];
    char *path =
        store_temporary(maker->queue->store, sound->key, "sound", arena);
    int ret = sound_make(log, plan, sound, path);
    if (ret >= 0)
        ret =
            store_publish(log, maker->queue->store, path, sound->key, "sound");
    else
        unlink(path);
    return ret;
}

/* --- posters ---------------------------------------------------------------
 */

static int poster_keep_sheet(const struct maker *maker,
                             const struct poster *poster,
                             const struct buffer *sheet, struct arena *arena,
                             char digest[DIGEST_TEXT], struct log *log)
{
    const struct store *store = maker->queue->store;
    const char *key = queue_poster_key(poster);
    uint8_t sum[DIGEST_BYTES];
    digest[0] = '\0';
    if (!poster->sheet)
        return 0;
    digest_of(sheet->data, sheet->size, sum);
    digest_text(sum, digest);
    char *path = store_temporary(store, key, "sheet.jpg", arena);
    int ret = files_write(log, path, sheet->data, sheet->size);
    return ret < 0 ? ret : store_publish(log, store, path, key, "sheet.jpg");
}

static int poster_keep(const struct maker *maker, const struct poster *poster,
                       const char *png, const char *jpeg, const char *sheet,
                       json_t *figures, struct log *log)
{
    const struct store *store = maker->queue->store;
    const char *key = queue_poster_key(poster);
    char digest[DIGEST_TEXT], second[DIGEST_TEXT] = "";
    json_t *entry = NULL;
    int ret = digest_file(log, png, digest);
    if (ret >= 0 && jpeg)
        ret = digest_file(log, jpeg, second);
    if (ret < 0)
        return ret;
    entry = json_pack("{s:s,s:s,s:s,s:I,s:O?}", "digest", digest, "jpeg_digest",
                      second, "sheet_digest", sheet, "bytes",
                      (json_int_t)files_size(png), "figures", figures);
    ret = store_write_json(log, store, key, entry);
    if (ret >= 0 && jpeg)
        ret = store_publish(log, store, jpeg, key, "jpg");
    if (ret >= 0)
        ret = store_publish(log, store, png, key, "png");
    json_decref(entry);
    return ret;
}

static int maker_cover(struct maker *maker, const struct poster *poster,
                       const struct poster_choice *choice,
                       const struct buffer *sheet, struct arena *arena,
                       struct log *log)
{
    const struct store *store = maker->queue->store;
    const char *key = queue_poster_key(poster);
    char sheet_digest[DIGEST_TEXT];
    struct overlay_library *library = NULL;
    json_t *figures = NULL, *checked = NULL;
    char *png = store_temporary(store, key, "png", arena);
    char *jpeg = poster->cover->jpeg_bytes
                     ? store_temporary(store, key, "jpg", arena)
                     : NULL;
    int ret = render_kit_library(maker->kit, log, &library);
    if (ret >= 0)
        ret = poster_make(log, render_kit_pictures(maker->kit), library,
                          maker->queue->plan->session, poster, choice, png,
                          jpeg, &figures);
    if (ret >= 0)
        ret = check_poster(log, png, jpeg, poster, &checked);
    if (ret >= 0 && figures && choice->figures)
        json_object_set(figures, "choice", choice->figures);
    if (ret >= 0)
        ret = poster_keep_sheet(maker, poster, sheet, arena, sheet_digest, log);
    if (ret >= 0)
        ret = poster_keep(maker, poster, png, jpeg, sheet_digest, figures, log);
    if (ret < 0) {
        unlink(png);
        if (jpeg)
            unlink(jpeg);
    }
    json_decref(figures);
    json_decref(checked);
    return ret;
}

static int maker_posters(struct maker *maker, const json_t *request,
                         struct arena *arena, struct log *log)
{
    const struct plan *plan = maker->queue->plan;
    size_t clip = (size_t)json_integer_value(json_object_get(request, "index"));
    struct poster_choice choice = {0};
    struct overlay_library *library = NULL;
    struct buffer sheet = {0};
    int ret = maker_prepare_kit(maker, log);
    if (ret >= 0)
        ret = poster_choose(log, render_kit_pictures(maker->kit),
                            plan->clips[clip], &choice);
    if (ret >= 0)
        ret = render_kit_library(maker->kit, log, &library);
    if (ret >= 0)
        ret = sheet_make(log, render_kit_pictures(maker->kit), library,
                         plan->session, plan->clips[clip], &choice, &sheet);
    for (size_t i = 0; ret >= 0 && i < plan->poster_count; i++) {
        const struct poster *poster = plan->posters[i];
        if (poster->clip != plan->clips[clip] || !poster->wanted ||
            maker->queue->poster_results[i].state != RESULT_NONE)
            continue;
        ret = maker_cover(maker, poster, &choice, &sheet, arena, log);
    }
    buffer_clear(&sheet);
    json_decref(choice.figures);
    return ret;
}

int maker_serve(struct maker *maker, const struct buffer *request,
                struct buffer *reply, struct log *log)
{
    struct arena *arena = arena_create();
    json_t *asked = json_loads(buffer_text(request), 0, NULL);
    json_t *answer = json_object();
    int ret = AVERROR_BUG;
    switch (json_integer_value(json_object_get(asked, "kind"))) {
    case ITEM_RUN:
        ret = maker_run(maker, asked, answer, arena, log);
        break;
    case ITEM_SOUND:
        ret = maker_sound(maker, asked, arena, log);
        break;
    case ITEM_FILE:
        ret = maker_film(maker, asked, answer, arena, log);
        break;
    case ITEM_POSTER:
        ret = maker_posters(maker, asked, arena, log);
        break;
    }
    char *text = json_dumps(answer, JSON_COMPACT);
    buffer_puts(reply, text ? text : "{}");
    free(text);
    json_decref(answer);
    json_decref(asked);
    arena_destroy(&arena);
    return ret;
}
