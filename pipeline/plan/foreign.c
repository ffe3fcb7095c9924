/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which shots of a rendition show their recording's own ASS script as its
 * author made it, and how the recording's picture lies in the frame there.
 * Captions that somebody wrote for the clip itself replace it everywhere. */
#include "plan/build.h"

#include <libavutil/common.h>

#include "base/timecode.h"
#include "presets/fit.h"

struct foreign_memo {
    const struct recording *recording;
    const struct foreign *foreign;
};

const struct foreign *builder_foreign(struct builder *builder,
                                      const struct recording *recording)
{
    const struct session *session = builder->session;
    if (!recording || !recording->cues || !recording->cues->ass_script)
        return NULL;
    for (size_t i = 0; i < builder->foreign_count; i++) {
        if (builder->foreigns[i].recording == recording)
            return builder->foreigns[i].foreign;
    }
    struct foreign_memo *memo =
        ARENA_PUSH(builder->arena, builder->foreigns, builder->foreign_count);
    const struct faces *faces =
        recording->faces ? recording->faces : session->faces;
    memo->recording = recording;
    memo->foreign = foreign_read(recording->cues->ass_script, faces,
                                 session->style->roles[ROLE_CAPTION].font,
                                 &session->corrections, builder->arena);
    return memo->foreign;
}

/* A track of its own has no file. */
static const char *foreign_file(const struct recording *recording)
{
    return recording->subtitles ? recording->subtitles : recording->file;
}

bool shot_keeps_script(struct builder *builder, const struct draft *draft,
                       const struct preset *preset, size_t shot)
{
    const struct recording *recording = draft->clip->shots[shot].recording;
    return preset->captions && !draft->captions_replaced &&
           builder_foreign(builder, recording);
}

/* What its author placed goes where the picture goes. */
static struct foreign_frame frame_of(const struct preset *preset,
                                     const struct shot *shot)
{
    struct foreign_frame frame = {
        .width = (int)preset->width,
        .height = (int)preset->height,
    };
    recording_viewed_size(&shot->recording->picture, &frame.viewed_width,
                          &frame.viewed_height);
    const struct fit_shape from = {frame.viewed_width, frame.viewed_height};
    const struct fit_shape to = {frame.width, frame.height};
    const struct fit_wish wish = fit_wish_of(preset, shot->crop_percent);
    struct fit_place place;
    if (from.width <= 0 || from.height <= 0)
        return frame;
    fit_place(&from, &to, &wish, &place);
    struct fit_area whole = fit_whole(&from, &place);
    frame.picture =
        (struct foreign_box){whole.left, whole.top, whole.left + whole.width,
                             whole.top + whole.height};
    return frame;
}

const struct script_foreign *draft_foreigns(struct builder *builder,
                                            const struct draft *draft,
                                            const struct rendition *rendition,
                                            size_t *count)
{
    const struct timeline *timeline = rendition->timeline;
    struct script_foreign *list = NULL;
    *count = 0;
    for (size_t j = 0; j < draft->clip->shot_count; j++) {
        const struct shot *shot = &draft->clip->shots[j];
        if (!shot_keeps_script(builder, draft, rendition->preset, j))
            continue;
        struct script_foreign *room = ARENA_PUSH(builder->arena, list, *count);
        *room = (struct script_foreign){
            .start_tick = timeline->shot_tick[j],
            .end_tick = timeline->shot_tick[j + 1],
            .start_flicks = shot->in_flicks,
            .file = foreign_file(shot->recording),
            .foreign = builder_foreign(builder, shot->recording),
            .frame = frame_of(rendition->preset, shot),
        };
    }
    return list;
}

/* Do texts leave the safe area in films of one preset that show the
 * recording's script? `first_ms` comes down to the first of them. */
static bool leaves_safe_area(const struct builder *builder,
                             const struct foreign *foreign,
                             const struct preset *preset, int64_t *first_ms)
{
    const struct plan *plan = builder->plan;
    bool leaves = false;
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        const struct script *script = rendition->script;
        for (size_t k = 0; k < script->foreign_count; k++) {
            if (rendition->preset != preset ||
                script->foreigns[k].foreign != foreign ||
                !script->fitted[k]->outside)
                continue;
            leaves = true;
            *first_ms = FFMIN(*first_ms, script->fitted[k]->outside_ms);
        }
    }
    return leaves;
}

/* One line, however many words and outlets it is about. */
static void note_outside(struct builder *builder,
                         const struct recording *recording,
                         const struct foreign *foreign)
{
    const char *names = NULL;
    int64_t first_ms = INT64_MAX;
    for (size_t i = 0; i < builder->preset_count; i++) {
        const struct preset *preset = builder->presets[i];
        if (!preset->captions ||
            !leaves_safe_area(builder, foreign, preset, &first_ms))
            continue;
        names =
            names ? arena_printf(builder->arena, "%s, %s", names, preset->name)
                  : preset->name;
    }
    if (names)
        builder_note(
            builder, NULL,
            N_("the subtitles of %s place some words outside the safe area of "
               "%s, first at %s of the recording, where the outlet may cover "
               "them: look at the films"),
            recording->name, names,
            TIMECODE_TEXT(first_ms * (FLICKS_PER_SECOND / 1000)));
}

/* What becomes of a recording's own script: told once per recording. */
void note_foreign(struct builder *builder, const struct recording *recording)
{
    const struct foreign *foreign = NULL;
    bool kept = false;
    if (builder->session->faces && builder->session->style)
        foreign = builder_foreign(builder, recording);
    for (size_t i = 0; foreign && i < builder->preset_count; i++)
        kept = kept || builder->presets[i]->captions;
    if (!kept)
        return;
    note_outside(builder, recording, foreign);
    builder_note(builder, NULL,
                 recording->faces
                     ? N_("the subtitles of %s keep their own look, with "
                          "fonts of their own")
                     : N_("the subtitles of %s keep their own look"),
                 recording->name);
    if (foreign->missing)
        fault_add(builder->faults, FAULT_WARNING,
                  (struct fault_place){.file = foreign_file(recording)},
                  _("these subtitles ask for the font \"%s\", which comes "
                    "neither with them nor with the style: the captions' font "
                    "is taken instead; embed it, or put its file into a folder "
                    "and name that as \"fonts\" in session.yaml"),
                  foreign->missing);
}
