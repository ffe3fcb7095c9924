/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which clips -c means: by number, name or title. A title that two of them
 * share means both. */
#include "plan/build.h"

#include <stdio.h>
#include <string.h>
#include "base/text.h"

/* What divides several clips in one -c. A title may hold these as well. */
static const char *const dividers[] = {",", "，", "、", ";", "；"};

struct selection {
    struct builder *builder;
    bool *wanted; /* by draft */
};

bool clip_is(const struct clip *clip, const char *word)
{
    const char *digits = word + strspn(word, "0");
    bool number = *word && word[strspn(word, "0123456789")] == '\0';
    char text[16];
    snprintf(text, sizeof(text), "%d", clip->number);
    return strcmp(clip->id, word) == 0 || strcmp(clip->stem, word) == 0 ||
           (clip->title && strcmp(clip->title, word) == 0) ||
           (number && strcmp(digits, text) == 0);
}

static void tell_unknown(struct builder *builder, const char *word)
{
    size_t count = 0;
    const char **names = arena_alloc(
        builder->arena, (3 * builder->draft_count + 1) * sizeof(*names));
    for (size_t i = 0; i < builder->draft_count; i++) {
        const struct clip *clip = builder->drafts[i].clip;
        names[count++] = clip->id;
        names[count++] = clip->stem;
        if (clip->title)
            names[count++] = clip->title;
    }
    const char *near = text_nearest(word, names, count);
    struct fault_place nowhere = {0};
    if (near)
        fault_add(builder->faults, FAULT_SESSION, nowhere,
                  _("there is no clip \"%s\"; did you mean \"%s\"?"), word,
                  near);
    else
        fault_add(builder->faults, FAULT_SESSION, nowhere,
                  _("there is no clip \"%s\"; name clips by number or name as "
                    "\"reelpress plan\" prints them"),
                  word);
}

/* The whole of a film's name, or else anything that the clip is called. */
static bool selection_add_exact(struct selection *in, const char *word)
{
    struct builder *builder = in->builder;
    bool found = false;
    for (size_t i = 0; i < builder->draft_count; i++) {
        if (strcmp(builder->drafts[i].clip->stem, word) == 0)
            return in->wanted[i] = true;
    }
    for (size_t i = 0; i < builder->draft_count; i++) {
        if (clip_is(builder->drafts[i].clip, word))
            found = in->wanted[i] = true;
    }
    return found;
}

/* As it was typed, else with the width of its signs folded on both sides. */
static bool selection_add(struct selection *in, const char *word)
{
    struct builder *builder = in->builder;
    struct arena *arena = builder->arena;
    if (selection_add_exact(in, word))
        return true;
    const char *folded = text_fold_width(arena, word);
    bool found = false;
    for (size_t i = 0; i < builder->draft_count; i++) {
        const struct clip *clip = builder->drafts[i].clip;
        struct clip plain = {.number = clip->number};
        plain.id = text_fold_width(arena, clip->id);
        plain.stem = text_fold_width(arena, clip->stem);
        if (clip->title)
            plain.title = text_fold_width(arena, clip->title);
        if (clip_is(&plain, folded))
            found = in->wanted[i] = true;
    }
    return found;
}

/* The first divider in `text`; *size: its bytes. */
static char *find_divider(char *text, size_t *size)
{
    char *first = NULL;
    for (size_t i = 0; i < sizeof(dividers) / sizeof(dividers[0]); i++) {
        char *at = strstr(text, dividers[i]);
        if (!at || (first && at > first))
            continue;
        first = at;
        *size = strlen(dividers[i]);
    }
    return first;
}

static void selection_add_each(struct selection *in, const char *words)
{
    char *part = arena_strdup(in->builder->arena, words);
    while (part) {
        size_t size = 0;
        char *end = find_divider(part, &size);
        if (end)
            *end = '\0';
        const char *word = text_trim(in->builder->arena, part);
        if (*word && !selection_add(in, word))
            tell_unknown(in->builder, word);
        part = end ? end + size : NULL;
    }
}

void builder_select_clips(struct builder *builder)
{
    const struct plan_options *options = builder->options;
    for (size_t i = 0; i < builder->draft_count; i++)
        builder->drafts[i].clip->wanted = true;
    if (!options || !options->clip_count)
        return;
    struct selection selection = {
        .builder = builder,
        .wanted = arena_alloc(builder->arena, builder->draft_count + 1),
    };
    builder->plan->narrowed = true;
    for (size_t i = 0; i < options->clip_count; i++) {
        if (!selection_add(&selection, options->clips[i]))
            selection_add_each(&selection, options->clips[i]);
    }
    for (size_t i = 0; i < builder->draft_count; i++)
        builder->drafts[i].clip->wanted = selection.wanted[i];
}
