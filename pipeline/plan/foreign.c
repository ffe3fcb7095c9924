/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which shots of a rendition show their recording's own ASS script as its
 * author made it, and which show its words in the session's style.
 *
 * A script is made for its recording's shape: its places, sizes and line
 * breaks hold there. So it is kept, scaled, where the rendition has that shape
 * too; in others its words are set as all captions are. Captions that somebody
 * wrote for the clip itself replace it everywhere. */
#include "plan/build.h"

/* Shapes that differ by less are the same to people: 1.85:1 and 16:9. */
#define SHAPE_TOLERANCE_PERCENT 8

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
    memo->recording = recording;
    memo->foreign = foreign_read(recording->cues->ass_script, session->faces,
                                 session->style->roles[ROLE_CAPTION].font,
                                 &session->corrections, builder->arena);
    return memo->foreign;
}

bool preset_suits_recording(const struct preset *preset,
                            const struct recording *recording)
{
    int width, height;
    recording_viewed_size(&recording->picture, &width, &height);
    int64_t one = preset->width * height, two = preset->height * width;
    int64_t apart = one > two ? one - two : two - one;
    return width > 0 && apart * 100 < one * SHAPE_TOLERANCE_PERCENT;
}

bool shot_keeps_script(struct builder *builder, const struct draft *draft,
                       const struct preset *preset, size_t shot)
{
    const struct recording *recording = draft->clip->shots[shot].recording;
    return preset->captions && !draft->captions_replaced &&
           builder_foreign(builder, recording) &&
           preset_suits_recording(preset, recording);
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
            .file = shot->recording->subtitles,
            .foreign = builder_foreign(builder, shot->recording),
        };
    }
    return list;
}

/* What becomes of a recording's own script: told once per recording. */
void note_foreign(struct builder *builder, const struct recording *recording)
{
    bool kept = false, set = false;
    if (!builder->session->faces || !builder->session->style)
        return;
    const struct foreign *foreign = builder_foreign(builder, recording);
    for (size_t i = 0; i < builder->preset_count; i++) {
        bool suits = preset_suits_recording(builder->presets[i], recording);
        kept = kept || (builder->presets[i]->captions && suits);
        set = set || (builder->presets[i]->captions && !suits);
    }
    if (kept && set)
        builder_note(
            builder, NULL,
            N_("the subtitles of %s keep their own look in films of "
               "the recording's shape; in other shapes their words are "
               "set in the session's style"),
            recording->name);
    else if (kept)
        builder_note(builder, NULL,
                     N_("the subtitles of %s keep their own look"),
                     recording->name);
    else if (set)
        builder_note(builder, NULL,
                     N_("the subtitles of %s are made for another shape: their "
                        "words are set in the session's style"),
                     recording->name);
    if (kept && foreign->missing)
        fault_add(builder->faults, FAULT_WARNING,
                  (struct fault_place){.file = recording->subtitles},
                  _("these subtitles ask for the font \"%s\", which is not "
                    "among the style's fonts: the captions' font is taken "
                    "instead; name one of the style's fonts to be rid of this "
                    "warning"),
                  foreign->missing);
}
