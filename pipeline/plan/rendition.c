/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From clips and presets to what will be made: timelines, renditions with
 * their chunks, sounds, posters, and the outlets' packages. What can be shared
 * is found here once. */
#include "plan/build.h"

#include <string.h>
#include "base/text.h"

/* The first picture that has a rate of its own sets it; a photo has none. */
static AVRational source_rate(const struct clip *clip)
{
    for (size_t j = 0; j < clip->shot_count; j++) {
        if (clip->shots[j].recording)
            return recording_rate(clip->shots[j].recording);
    }
    return (AVRational){0, 1};
}

static int64_t card_flicks(const struct builder *builder,
                           const struct preset *preset)
{
    bool says = builder->series_line || builder->title || builder->organizer ||
                builder->credit;
    return preset->card && says ? plan_flicks(preset->card_s) : 0;
}

static bool has_transition(const struct clip *clip)
{
    for (size_t j = 0; j < clip->shot_count; j++) {
        if (clip->shots[j].transition != TRANSITION_CUT)
            return true;
    }
    return false;
}

static const struct timeline *find_timeline(struct builder *builder,
                                            const struct clip *clip,
                                            const struct preset *preset)
{
    struct plan *plan = builder->plan;
    AVRational rate = preset_rate(preset, source_rate(clip));
    int64_t card = clock_ticks(card_flicks(builder, preset), rate);
    bool transitions = preset->transitions && has_transition(clip);
    for (size_t i = 0; i < plan->timeline_count; i++) {
        const struct timeline *timeline = plan->timelines[i];
        if (timeline->clip == clip && av_cmp_q(timeline->rate, rate) == 0 &&
            timeline->transitions == transitions &&
            timeline->ticks - timeline->shot_tick[clip->shot_count] == card)
            return timeline;
    }
    struct timeline **room =
        ARENA_PUSH(builder->arena, plan->timelines, plan->timeline_count);
    *room = timeline_create(clip, rate, card, transitions, builder->arena);
    return *room;
}

static bool same_sound(const struct sound *sound,
                       const struct rendition *rendition, bool music)
{
    const struct preset *a = sound->preset, *b = rendition->preset;
    return sound->timeline == rendition->timeline && sound->music == music &&
           a->audio_bit_rate_bps == b->audio_bit_rate_bps &&
           a->sample_rate == b->sample_rate &&
           a->loudness_lufs == b->loudness_lufs &&
           a->true_peak_dbtp == b->true_peak_dbtp &&
           a->natural_sound == b->natural_sound;
}

static const struct sound *find_sound(struct builder *builder,
                                      const struct rendition *rendition)
{
    struct plan *plan = builder->plan;
    const struct preset *preset = rendition->preset;
    bool music = preset->music && !preset->natural_sound &&
                 builder->session->music_bed != NULL;
    for (size_t i = 0; i < plan->sound_count; i++) {
        if (same_sound(plan->sounds[i], rendition, music))
            return plan->sounds[i];
    }
    struct sound **room =
        ARENA_PUSH(builder->arena, plan->sounds, plan->sound_count);
    struct sound *sound = arena_alloc(builder->arena, sizeof(*sound));
    sound->clip = rendition->clip;
    sound->timeline = rendition->timeline;
    sound->preset = preset;
    sound->music = music;
    key_sound(builder, sound);
    *room = sound;
    return sound;
}

static void add_chunks(struct builder *builder, struct rendition *rendition)
{
    const struct timeline *timeline = rendition->timeline;
    struct buffer text = {0};
    rendition->chunk_count = timeline->span_count;
    rendition->chunks = arena_alloc(
        builder->arena, timeline->span_count * sizeof(*rendition->chunks));
    for (size_t i = 0; i < timeline->span_count; i++) {
        struct chunk *chunk = &rendition->chunks[i];
        chunk->span = i;
        chunk->fills = fill_ladder(rendition->preset);
        chunk->first_tick = timeline->span_tick[i];
        chunk->end_tick = timeline->span_tick[i + 1];
        buffer_reset(&text);
        script_window(rendition->script, chunk->first_tick, chunk->end_tick,
                      &text);
        chunk->script = arena_strdup(builder->arena, buffer_text(&text));
        key_chunk(builder, rendition, chunk);
    }
    buffer_clear(&text);
}

/* Whether this run is asked for a clip in a preset. */
static bool is_wanted(const struct builder *builder, const struct clip *clip,
                      const struct preset *preset)
{
    const struct session *session = builder->session;
    for (size_t i = 0; clip->wanted && i < session->outlet_count; i++)
        if (session->outlets[i].preset == preset && session->outlets[i].wanted)
            return true;
    return false;
}

static void add_rendition(struct builder *builder, const struct draft *draft,
                          const struct preset *preset)
{
    struct plan *plan = builder->plan;
    const struct clip *clip = draft->clip;
    struct rendition *rendition =
        arena_alloc(builder->arena, sizeof(*rendition));
    rendition->clip = clip;
    rendition->preset = preset;
    rendition->wanted = is_wanted(builder, clip, preset);
    rendition->timeline = find_timeline(builder, clip, preset);
    if (preset->logo && builder->session->logo_path)
        rendition->logo = logo_box(preset);
    rendition->encoder =
        encoder_parameters(preset, rendition->timeline->rate, builder->arena);
    rendition->script_name =
        arena_printf(builder->arena, "%s.%s.ass", clip->stem, preset->name);
    rendition->script = draft_script(builder, draft, rendition);
    rendition->sound = find_sound(builder, rendition);
    add_chunks(builder, rendition);
    struct rendition **room =
        ARENA_PUSH(builder->arena, plan->renditions, plan->rendition_count);
    *room = rendition;
}

static bool same_cover(const struct cover *a, const struct cover *b)
{
    return strcmp(a->shape, b->shape) == 0 && a->width == b->width &&
           a->height == b->height && a->jpeg_bytes == b->jpeg_bytes &&
           a->png_bytes == b->png_bytes;
}

static bool stem_taken(const struct plan *plan, const char *stem)
{
    for (size_t i = 0; i < plan->poster_count; i++) {
        if (strcmp(plan->posters[i]->stem, stem) == 0)
            return true;
    }
    return false;
}

/* 01-标题-封面16x9; what tells twins apart follows where it is needed. */
static const char *poster_stem(struct builder *builder,
                               const struct poster *poster)
{
    const struct cover *cover = poster->cover;
    bool is_chinese = session_is_chinese(builder->session);
    const char *stem =
        arena_printf(builder->arena, "%s-%s%s", poster->clip->stem,
                     is_chinese ? "封面" : "cover",
                     naming_safe(cover->shape, builder->arena));
    if (!poster->lettering && poster->clip->title)
        stem = arena_printf(builder->arena, "%s-%s", stem,
                            is_chinese ? "净" : "clean");
    if (stem_taken(builder->plan, stem))
        stem = arena_printf(builder->arena, "%s-%dx%d", stem, cover->width,
                            cover->height);
    for (int i = 2; stem_taken(builder->plan, stem); i++)
        stem = arena_printf(builder->arena, "%s-%d", stem, i);
    return stem;
}

static struct poster *find_poster(const struct builder *builder,
                                  const struct clip *clip,
                                  const struct preset *preset,
                                  const struct cover *cover)
{
    bool lettering = preset->titles && clip->title;
    for (size_t i = 0; i < builder->plan->poster_count; i++) {
        struct poster *poster = builder->plan->posters[i];
        if (poster->clip == clip && poster->lettering == lettering &&
            same_cover(poster->cover, cover))
            return poster;
    }
    return NULL;
}

static void add_poster(struct builder *builder, const struct clip *clip,
                       const struct preset *preset, const struct cover *cover)
{
    struct plan *plan = builder->plan;
    struct poster *poster = find_poster(builder, clip, preset, cover);
    if (poster) {
        poster->wanted = poster->wanted || is_wanted(builder, clip, preset);
        return;
    }
    poster = arena_alloc(builder->arena, sizeof(*poster));
    poster->wanted = is_wanted(builder, clip, preset);
    poster->clip = clip;
    poster->preset = preset;
    poster->cover = cover;
    poster->lettering = preset->titles && clip->title;
    poster->sheet = clip->shots[clip->poster_shot].recording &&
                    clip->poster_flicks == FLICKS_NONE;
    if (poster->lettering)
        poster->script = clip_lettering(builder, clip, cover);
    poster->stem = poster_stem(builder, poster);
    key_poster(builder, poster);
    struct poster **room =
        ARENA_PUSH(builder->arena, plan->posters, plan->poster_count);
    *room = poster;
}

void draft_renditions(struct builder *builder, const struct draft *draft)
{
    int64_t card = 0, chunk_s = 0;
    for (size_t i = 0; i < builder->preset_count; i++) {
        const struct preset *preset = builder->presets[i];
        int64_t own = card_flicks(builder, preset);
        card = own > card ? own : card;
        if (chunk_s == 0 || preset->chunk_s < chunk_s)
            chunk_s = preset->chunk_s;
    }
    clip_cut_spans(draft->clip, chunk_s * FLICKS_PER_SECOND, card,
                   builder->arena);
    for (size_t i = 0; i < builder->preset_count; i++) {
        const struct preset *preset = builder->presets[i];
        add_rendition(builder, draft, preset);
        for (size_t k = 0; k < preset->cover_count; k++)
            add_poster(builder, draft->clip, preset, &preset->covers[k]);
    }
}

/* What lies beside the outlets' folders; letters' case is nothing on most
 * desks' disks. */
static bool is_reserved(const char *name)
{
    static const char *const reserved[] = {"rejected", "index.html",
                                           "report.json"};
    size_t size = strlen(name), zip = strlen(".zip");
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        if (text_equal_fold(name, reserved[i]))
            return true;
    }
    return size >= zip && text_equal_fold(name + size - zip, ".zip");
}

static bool is_taken(const struct plan *plan, const char *folder,
                     const char *zip)
{
    for (size_t i = 0; i < plan->package_count; i++) {
        const struct package *other = plan->packages[i];
        if (folder ? text_equal_fold(other->folder, folder)
                   : text_equal_fold(other->zip, zip))
            return true;
    }
    return false;
}

/* Two recipients' names may become one when they are made safe, and a folder
 * must not bear the name of what lies beside it. */
static const char *folder_name(const struct builder *builder,
                               const struct outlet *outlet)
{
    struct arena *arena = builder->arena;
    const char *wish = naming_safe(
        outlet->recipient ? outlet->recipient : outlet->preset->name, arena);
    if (is_reserved(wish))
        wish = arena_printf(arena, "%s_", wish);
    const char *name = wish;
    for (int i = 2; is_taken(builder->plan, name, NULL); i++)
        name = arena_printf(arena, "%s-%d", wish, i);
    return name;
}

/* Long names are cut, and may be alike up to there. */
static const char *zip_name(const struct builder *builder, const char *folder)
{
    struct arena *arena = builder->arena;
    const char *wish = naming_zip(builder->session, folder, arena);
    const char *name = wish;
    for (int i = 2; is_taken(builder->plan, NULL, name); i++)
        name = arena_printf(arena, "%s-%d.zip", files_stem(arena, wish), i);
    return name;
}

static void fill_package(struct builder *builder, struct package *package)
{
    const struct plan *plan = builder->plan;
    const struct preset *preset = package->outlet->preset;
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        if (rendition->preset != preset)
            continue;
        const struct rendition **film = ARENA_PUSH(
            builder->arena, package->renditions, package->rendition_count);
        *film = rendition;
        package->wanted =
            package->wanted || (rendition->wanted && package->outlet->wanted);
        for (size_t k = 0; k < preset->cover_count; k++) {
            const struct poster **cover = ARENA_PUSH(
                builder->arena, package->posters, package->poster_count);
            *cover = find_poster(builder, rendition->clip, preset,
                                 &preset->covers[k]);
        }
    }
}

void builder_packages(struct builder *builder)
{
    struct plan *plan = builder->plan;
    const struct session *session = builder->session;
    for (size_t i = 0; i < session->outlet_count; i++) {
        const struct outlet *outlet = &session->outlets[i];
        if (!outlet->preset)
            continue;
        struct package *package = arena_alloc(builder->arena, sizeof(*package));
        package->outlet = outlet;
        package->folder = folder_name(builder, outlet);
        package->zip = zip_name(builder, package->folder);
        fill_package(builder, package);
        struct package **room =
            ARENA_PUSH(builder->arena, plan->packages, plan->package_count);
        *room = package;
    }
}
