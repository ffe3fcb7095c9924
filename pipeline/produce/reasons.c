/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the comparison of what is planned with what was made before: which clip
 * is the one of then, which of its chunks is nearest, and what differs. */
#include "produce/reasons_parts.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Kinds of text that are timed from a shot's begin. */
#define TIMED                                                                  \
    (REASON(PART_CAPTIONS) | REASON(PART_TITLE) | REASON(PART_STRAPS) |        \
     REASON(PART_QUOTES) | REASON(PART_CARD))

/* --- which clip is which -------------------------------------------------- */

static bool is_same_text(const json_t *then, const char *key, const char *now)
{
    const char *text = json_string_value(json_object_get(then, key));
    return text && now && *now && !strcmp(text, now);
}

enum likeness { LIKE_RANGE, LIKE_TITLE, LIKE_ID, LIKENESSES };

static bool is_like(const struct reasons *reasons, size_t clip,
                    const json_t *then, enum likeness likeness)
{
    const struct clip *now = reasons->plan->clips[clip];
    char range[SUM_TEXT];
    switch (likeness) {
    case LIKE_RANGE:
        reasons_range(now, range);
        return is_same_text(then, "range", range);
    case LIKE_TITLE:
        return is_same_text(then, "title", now->title);
    default:
        return is_same_text(then, "id", now->id);
    }
}

static bool is_taken(const struct reasons *reasons, const json_t *then)
{
    for (size_t i = 0; i < reasons->plan->clip_count; i++)
        if (reasons->clips[i] == then)
            return true;
    return false;
}

/* By what rows show first, as numbers change when a row is put in before. */
static void match_clips(struct reasons *reasons)
{
    const json_t *clips = json_object_get(reasons->record, "clips");
    size_t k;
    const json_t *then;
    for (int likeness = 0; likeness < LIKENESSES; likeness++) {
        for (size_t i = 0; i < reasons->plan->clip_count; i++) {
            json_array_foreach(clips, k, then)
            {
                if (!reasons->clips[i] && !is_taken(reasons, then) &&
                    is_like(reasons, i, then, (enum likeness)likeness))
                    reasons->clips[i] = then;
            }
        }
    }
}

static const json_t *clip_then(const struct reasons *reasons,
                               const struct clip *clip)
{
    for (size_t i = 0; i < reasons->plan->clip_count; i++)
        if (reasons->plan->clips[i] == clip)
            return reasons->clips[i];
    return NULL;
}

/* The entry of a clip's list that has this name. */
static const json_t *entry_then(const json_t *clip, const char *list,
                                const char *name)
{
    size_t i;
    const json_t *entry;
    json_array_foreach(json_object_get(clip, list), i, entry)
    {
        if (is_same_text(entry, "name", name))
            return entry;
    }
    return NULL;
}

const json_t *reasons_film_then(const struct reasons *reasons, size_t rendition)
{
    const struct rendition *r = reasons->plan->renditions[rendition];
    return entry_then(clip_then(reasons, r->clip), "films", r->preset->name);
}

/* --- what differs --------------------------------------------------------- */

static uint32_t difference(const struct key_parts *now,
                           const struct key_parts *then)
{
    uint32_t set = 0;
    for (int i = 0; i < KEY_PARTS; i++)
        if (now->sums[i] != then->sums[i])
            set |= REASON(i);
    return set;
}

static int count_bits(uint32_t set)
{
    int count = 0;
    for (; set; set &= set - 1)
        count++;
    return count;
}

/* The cause instead of what follows from it. */
static uint32_t settle(uint32_t set)
{
    /* With a dissolve comes all of the other source. */
    if (set & REASON(PART_TRANSITION))
        set &= ~(REASON(PART_PRESET) | REASON(PART_CROP) | REASON(PART_TIMES) |
                 REASON(PART_SOURCE) | REASON(PART_SOUND));
    if (set & REASON(PART_TIMES))
        set &= ~(REASON(PART_SOURCE) | REASON(PART_SOUND));
    /* Plates lie under their texts. */
    if (set & (TIMED | REASON(PART_TIMES)))
        set &= ~REASON(PART_STYLE);
    return set ? set : REASON_LOST;
}

/* A text that only stands at another time, where a row's edge was moved, did
 * not change. */
static uint32_t settle_words(const struct reasons *reasons, size_t rendition,
                             uint32_t set)
{
    const struct rendition *r = reasons->plan->renditions[rendition];
    const json_t *clip = clip_then(reasons, r->clip);
    struct key_parts now = {0}, then;
    char range[SUM_TEXT];
    reasons_range(r->clip, range);
    if (!(set & TIMED) || is_same_text(clip, "range", range) || !r->script ||
        !reasons_read(
            json_object_get(reasons_film_then(reasons, rendition), "words"),
            &then))
        return set;
    parts_add_words(&now, r->script);
    uint32_t timed_only = set & TIMED & ~difference(&now, &then);
    return timed_only ? (set & ~timed_only) | REASON(PART_TIMES) : set;
}

uint32_t reasons_of_chunk(const struct reasons *reasons, size_t rendition,
                          size_t chunk)
{
    const struct chunk *now =
        &reasons->plan->renditions[rendition]->chunks[chunk];
    const json_t *film = reasons_film_then(reasons, rendition);
    const json_t *chunks = json_object_get(film, "chunks");
    uint32_t best = REASON_NEW;
    int least = KEY_PARTS + 1;
    size_t i;
    const json_t *entry;
    if (!reasons->record)
        return 0;
    json_array_foreach(chunks, i, entry)
    {
        struct key_parts then;
        if (!reasons_read(entry, &then))
            continue;
        uint32_t set = difference(&now->parts, &then);
        int count = count_bits(set);
        if (count < least || (count == least && i == chunk)) {
            least = count;
            best = set;
        }
    }
    return best == REASON_NEW ? best
                              : settle(settle_words(reasons, rendition, best));
}

static uint32_t reasons_of(const struct reasons *reasons,
                           const struct key_parts *now, const json_t *entry)
{
    struct key_parts then;
    if (!reasons->record)
        return 0;
    if (!reasons_read(json_object_get(entry, "parts"), &then))
        return REASON_NEW;
    return settle(difference(now, &then));
}

uint32_t reasons_of_sound(const struct reasons *reasons, size_t sound)
{
    const struct sound *s = reasons->plan->sounds[sound];
    return reasons_of(
        reasons, &s->parts,
        entry_then(clip_then(reasons, s->clip), "sounds", s->preset->name));
}

uint32_t reasons_of_poster(const struct reasons *reasons, size_t poster)
{
    const struct poster *p = reasons->plan->posters[poster];
    char name[SUM_TEXT];
    reasons_poster_name(p, name);
    return reasons_of(reasons, &p->parts,
                      entry_then(clip_then(reasons, p->clip), "posters", name));
}

/* The sound's number; the plan's count when there is none. */
static size_t sound_of(const struct plan *plan, const struct rendition *r)
{
    size_t i = 0;
    while (i < plan->sound_count && plan->sounds[i] != r->sound)
        i++;
    return i;
}

uint32_t reasons_of_film(const struct reasons *reasons, size_t rendition)
{
    const struct plan *plan = reasons->plan;
    const struct rendition *r = plan->renditions[rendition];
    const json_t *then = reasons_film_then(reasons, rendition);
    struct key_parts now;
    if (!reasons->record)
        return 0;
    if (!then)
        return REASON_NEW;
    products_film_parts(plan, r, &now);
    uint32_t set = reasons_of(reasons, &now, then);
    for (size_t i = 0; i < r->chunk_count; i++)
        set |= reasons_of_chunk(reasons, rendition, i);
    size_t sound = sound_of(plan, r);
    if (sound < plan->sound_count)
        set |= reasons_of_sound(reasons, sound);
    /* Parts that are as they were are no reason. */
    uint32_t changed = set & ~(REASON_LOST | REASON_NEW);
    return changed ? changed : REASON_LOST;
}

/* --- words ---------------------------------------------------------------- */

static const char *phrase(int reason)
{
    static const char *const phrases[] = {
        N_("the program or a library is another"),
        N_("the preset's figures changed"),
        N_("the source's pictures changed"),
        N_("a start or an end was moved"),
        N_("the crop changed"),
        N_("a transition changed"),
        N_("captions changed"),
        N_("the title changed"),
        N_("name straps changed"),
        N_("a quote changed"),
        N_("the end card's text changed"),
        N_("the style or its fonts changed"),
        N_("the logo changed"),
        N_("the source's sound changed"),
        N_("the music changed"),
        N_("the session's details changed"),
        N_("it was not made before"),
        N_("it is gone from the work folder"),
    };
    return _(phrases[reason]);
}

const char *reasons_text(uint32_t set, struct arena *arena)
{
    const char *text = "";
    for (int i = 0; i < KEY_PARTS + 2; i++)
        if (set & REASON(i))
            text = *text ? arena_printf(arena, _("%s, %s"), text, phrase(i))
                         : arena_strdup(arena, phrase(i));
    return text;
}

json_t *reasons_json(uint32_t set)
{
    json_t *list = json_array();
    for (int i = 0; i < KEY_PARTS; i++)
        if (set & REASON(i))
            json_array_append_new(list, json_string(key_part_names[i]));
    if (set & REASON_NEW)
        json_array_append_new(list, json_string("new"));
    if (set & REASON_LOST)
        json_array_append_new(list, json_string("lost"));
    return list;
}

struct reasons *reasons_load(const struct plan *plan, const struct store *store)
{
    struct reasons *reasons = calloc(1, sizeof(*reasons));
    if (!reasons)
        memory_gone();
    reasons->arena = arena_create();
    reasons->plan = plan;
    reasons->record = reasons_read_record(plan, store);
    reasons->clips =
        arena_alloc(reasons->arena, plan->clip_count * sizeof(*reasons->clips));
    match_clips(reasons);
    return reasons;
}

void reasons_destroy(struct reasons **reasons)
{
    if (!reasons || !*reasons)
        return;
    json_decref((*reasons)->record);
    arena_destroy(&(*reasons)->arena);
    free(*reasons);
    *reasons = NULL;
}

bool reasons_are_known(const struct reasons *reasons)
{
    return reasons->record != NULL;
}
