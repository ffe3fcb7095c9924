/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan of one clip and its keys, for the tests of keys. */
#ifndef REELPRESS_TESTS_PLAN_KEYS_H
#define REELPRESS_TESTS_PLAN_KEYS_H

#include "plan/fixture.h"

/* The keys of a plan, kept beyond it. */
struct keys {
    char chunk[32][DIGEST_TEXT];
    size_t count;
    char sound[DIGEST_TEXT];
    char poster[DIGEST_TEXT];
};

static inline struct keys keys_of(struct fixture *f)
{
    const struct plan *plan = fixture_build(f, NULL);
    struct keys keys = {0};
    assert_int_equal(1, plan->clip_count);
    const struct rendition *r = plan->renditions[0];
    assert_true(r->chunk_count <= 32);
    for (size_t i = 0; i < r->chunk_count; i++)
        memcpy(keys.chunk[i], r->chunks[i].base_key, DIGEST_TEXT);
    keys.count = r->chunk_count;
    memcpy(keys.sound, r->sound->key, DIGEST_TEXT);
    memcpy(keys.poster, plan->posters[0]->key, DIGEST_TEXT);
    return keys;
}

/* "=" and "x" per chunk of `b`: whether `a` has the same key anywhere. */
static inline const char *compare(const struct keys *a, const struct keys *b,
                                  char text[33])
{
    for (size_t i = 0; i < b->count; i++) {
        text[i] = 'x';
        for (size_t k = 0; k < a->count; k++) {
            if (strcmp(a->chunk[k], b->chunk[i]) == 0)
                text[i] = '=';
        }
    }
    text[b->count] = '\0';
    return text;
}
#define COMPARE(a, b) compare((a), (b), (char[33]){0})

/* One row of 20 s from 10 s on: chunks at 12, 16, 20, 24, 28. */
static inline struct highlight *simple(struct fixture *f)
{
    struct recording *r =
        fixture_recording(f, "cam", (AVRational){25, 1}, 1500);
    fixture_outlet(f, "新闻", "web-news");
    fixture_mute(fixture_preset(f, "web-news"));
    return fixture_row(f, NULL, r, MS(10000), MS(30000));
}

#endif
