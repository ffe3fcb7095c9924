/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the list of a plan's products by key, and the keys of finished films.
 * Does not know whether anything was made. */
#include "produce/products.h"

#include "produce/setting.h"

#include <libavutil/macros.h>

static void film_key(const struct plan *plan, const struct rendition *rendition,
                     struct key_parts *parts, char out[DIGEST_TEXT])
{
    const struct session *session = plan->session;
    const struct preset *preset = rendition->preset;
    struct digest *digest = digest_create();
    *parts = (struct key_parts){0};
    digest_field_text(digest, "file 2");
    for (size_t i = 0; i < rendition->chunk_count; i++)
        digest_field_text(digest, rendition->chunks[i].base_key);
    digest_field_text(digest, rendition->sound ? rendition->sound->key : "");
    digest_also(digest, &parts->sums[PART_PRESET]);
    digest_field_text(digest, rendition->encoder);
    digest_field_int(digest, preset->max_rate_bps);
    digest_field_int(digest, preset->buffer_bits);
    digest_field_int(digest, preset->max_bytes);
    digest_field_int(digest, preset->max_total_bps);
    digest_also(digest, &parts->sums[PART_TITLE]);
    digest_field_text(digest, rendition->clip->title);
    digest_field_text(digest, rendition->clip->subtitle);
    digest_also(digest, &parts->sums[PART_DETAILS]);
    /* What encode/tags.c writes. */
    bool named = rendition->clip->title && rendition->clip->subtitle;
    const char *tags[] = {
        session->series,    session->number, named ? NULL : session->title,
        session->organizer, session->credit, session->copyright,
        session->language};
    for (size_t i = 0; i < FF_ARRAY_ELEMS(tags); i++)
        digest_field_text(digest, tags[i]);
    digest_field_int(digest, session->year * 10000 + session->month * 100 +
                                 session->day);
    digest_finish_text(digest, out);
    digest_destroy(&digest);
}

void products_film_key(const struct plan *plan,
                       const struct rendition *rendition, char out[DIGEST_TEXT])
{
    struct key_parts parts;
    film_key(plan, rendition, &parts, out);
}

void products_film_parts(const struct plan *plan,
                         const struct rendition *rendition,
                         struct key_parts *out)
{
    char key[DIGEST_TEXT];
    film_key(plan, rendition, out, key);
}

/* A film's chunks on every step of the fill ladder. */
static void visit_chunks(const struct rendition *rendition, int size_step,
                         void (*visit)(void *opaque, const char *key,
                                       const char *kind),
                         void *opaque)
{
    char key[DIGEST_TEXT];
    for (size_t i = 0; i < rendition->chunk_count; i++) {
        for (int step = 0; step < FILL_STEPS; step++) {
            chunk_key(&rendition->chunks[i],
                      (struct chunk_setting){step, size_step, 0}, key);
            visit(opaque, key, "chunk");
        }
    }
}

/* What the finished film's chunks were coded with where that is more than a
 * step of the fill ladder. */
static void visit_settings(const struct rendition *rendition,
                           const struct store *store, const char *film,
                           void (*visit)(void *opaque, const char *key,
                                         const char *kind),
                           void *opaque)
{
    char key[DIGEST_TEXT];
    json_t *entry = store_read_json(store, film);
    const json_t *list = json_object_get(entry, "settings");
    int size_step = setting_read(json_array_get(list, 0)).size_step;
    if (size_step)
        visit_chunks(rendition, size_step, visit, opaque);
    for (size_t i = 0; i < rendition->chunk_count; i++) {
        struct chunk_setting setting = setting_read(json_array_get(list, i));
        if (!setting.rate_step)
            continue;
        chunk_key(&rendition->chunks[i], setting, key);
        visit(opaque, key, "chunk");
    }
    json_decref(entry);
}

static void visit_film(const struct plan *plan, const struct store *store,
                       const struct rendition *rendition,
                       void (*visit)(void *opaque, const char *key,
                                     const char *kind),
                       void *opaque)
{
    char key[DIGEST_TEXT];
    products_film_key(plan, rendition, key);
    visit(opaque, key, "mp4");
    visit(opaque, key, "json");
    visit_chunks(rendition, 0, visit, opaque);
    visit_settings(rendition, store, key, visit, opaque);
    if (rendition->sound)
        visit(opaque, rendition->sound->key, "sound");
}

static void visit_poster(const struct poster *poster,
                         void (*visit)(void *opaque, const char *key,
                                       const char *kind),
                         void *opaque)
{
    visit(opaque, poster->key, "png");
    visit(opaque, poster->key, "jpg");
    visit(opaque, poster->key, "sheet.jpg");
    visit(opaque, poster->key, "json");
}

void products_visit(const struct plan *plan, const struct store *store,
                    void (*visit)(void *opaque, const char *key,
                                  const char *kind),
                    void *opaque)
{
    for (size_t i = 0; i < plan->rendition_count; i++)
        visit_film(plan, store, plan->renditions[i], visit, opaque);
    for (size_t i = 0; i < plan->poster_count; i++)
        visit_poster(plan->posters[i], visit, opaque);
}

static void use_product(void *opaque, const char *key, const char *kind)
{
    store_use(opaque, key, kind);
}

void products_use(const struct plan *plan, const struct store *store)
{
    char key[DIGEST_TEXT];
    void *opaque = (void *)(uintptr_t)store;
    for (size_t i = 0; i < plan->rendition_count; i++) {
        products_film_key(plan, plan->renditions[i], key);
        if (!store_used_lately(store, key, "mp4"))
            visit_film(plan, store, plan->renditions[i], use_product, opaque);
    }
    for (size_t i = 0; i < plan->poster_count; i++) {
        if (!store_used_lately(store, plan->posters[i]->key, "png"))
            visit_poster(plan->posters[i], use_product, opaque);
    }
}
