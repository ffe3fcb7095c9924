/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A clip's captions in clip time: from the recordings' cues, or the list's
 * cells, or a file that replaces both. The rules of cutting and lengthening
 * are here; lines are broken elsewhere.
 *
 * - A cue is clipped at its shot's edges; one that runs on into the next shot,
 *   because that shot continues the same recording there, stays one caption.
 * - Of two that overlap the earlier ends where the later begins; those that
 *   begin together become one caption of two lines.
 * - What a cut leaves of a cue is dropped when it is under 0.3 s. Any other
 *   caption under 5/6 s is lengthened into free room of its shot, first behind
 *   it, then before it; without room it stays as it is. */
#include "plan/build.h"
#include "plan/captions.h"

#include <string.h>

#define CAPTION_SCRAP (FLICKS_PER_SECOND * 3 / 10)

static const char *correct(struct builder *builder, const char *text)
{
    return corrections_apply(&builder->session->corrections, builder->arena,
                             text);
}

struct draft_caption *draft_add_caption(struct builder *builder,
                                        struct draft *draft, int64_t start,
                                        int64_t end, const char *text)
{
    struct draft_caption *caption =
        ARENA_PUSH(builder->arena, draft->captions, draft->caption_count);
    caption->start_flicks = start;
    caption->end_flicks = end;
    caption->text = cue_lines(correct(builder, text), builder->arena);
    return caption;
}

static size_t shot_at(const struct clip *clip, int64_t flicks)
{
    size_t shot = clip->shot_count - 1;
    while (shot > 0 && clip->shots[shot].offset_flicks > flicks)
        shot--;
    return shot;
}

static int64_t shot_end(const struct clip *clip, size_t j)
{
    return j + 1 < clip->shot_count ? clip->shots[j + 1].offset_flicks
                                    : clip->length_flicks;
}

/* The cue's part in the shot before, which ends at this moment. */
static struct draft_caption *find_ending(const struct draft *draft,
                                         const struct cue *cue, int64_t end)
{
    for (size_t i = draft->caption_count; i-- > 0;) {
        if (draft->captions[i].cue == cue &&
            draft->captions[i].end_flicks == end)
            return &draft->captions[i];
    }
    return NULL;
}

/* The cue as it falls into shot `j`; false when it lies outside. */
static bool add_cue(struct builder *builder, struct draft *draft, size_t j,
                    const struct cue *cue)
{
    const struct shot *shot = &draft->clip->shots[j];
    int64_t start = cue->start_flicks, end = cue->end_flicks;
    if (end <= shot->in_flicks || start >= shot->out_flicks)
        return false;
    bool cut = start < shot->in_flicks || end > shot->out_flicks;
    start = start > shot->in_flicks ? start : shot->in_flicks;
    end = end < shot->out_flicks ? end : shot->out_flicks;
    start += shot->offset_flicks - shot->in_flicks;
    end += shot->offset_flicks - shot->in_flicks;
    struct draft_caption *before =
        j > 0 && shot[-1].out_flicks == shot->in_flicks
            ? find_ending(draft, cue, start)
            : NULL;
    if (before) {
        before->end_flicks = end;
        before->cut =
            end - before->start_flicks < cue->end_flicks - cue->start_flicks;
        return true;
    }
    struct draft_caption *caption =
        draft_add_caption(builder, draft, start, end, cue->text);
    caption->cue = cue;
    caption->file = shot->recording->subtitles;
    caption->row = shot->row;
    caption->cut = cut;
    return true;
}

/* The shots of one row: from `first` to before `*end`. */
static bool add_row_cues(struct builder *builder, struct draft *draft,
                         size_t first, size_t *end)
{
    const struct clip *clip = draft->clip;
    const struct highlight *row = clip->shots[first].row;
    bool any = false;
    size_t j = first;
    for (; j < clip->shot_count && clip->shots[j].row == row; j++) {
        const struct recording *recording = clip->shots[j].recording;
        const struct cues *cues = recording ? recording->cues : NULL;
        for (size_t i = 0; cues && i < cues->count; i++)
            any = add_cue(builder, draft, j, &cues->list[i]) || any;
    }
    *end = j;
    return any;
}

static void add_rows(struct builder *builder, struct draft *draft)
{
    struct clip *clip = draft->clip;
    for (size_t first = 0, end; first < clip->shot_count; first = end) {
        bool any = add_row_cues(builder, draft, first, &end);
        const struct highlight *row = clip->shots[first].row;
        if (any || text_is_blank(row->caption))
            continue;
        caption_spread(builder, draft, row, clip->shots[first].offset_flicks,
                       shot_end(clip, end - 1));
        clip->captions_estimated = true;
    }
}

/* A file in clip time. Returns false when there is none for this clip. */
static bool add_file(struct builder *builder, struct draft *draft)
{
    const struct session *session = builder->session;
    const struct clip *clip = draft->clip;
    for (size_t i = 0; i < session->clip_caption_count; i++) {
        const struct clip_captions *file = &session->clip_captions[i];
        if (!file->cues || !clip_is(clip, file->clip))
            continue;
        for (size_t k = 0; k < file->cues->count; k++) {
            const struct cue *cue = &file->cues->list[k];
            if (cue->start_flicks >= clip->length_flicks ||
                cue->end_flicks <= 0)
                continue;
            int64_t start = cue->start_flicks > 0 ? cue->start_flicks : 0;
            int64_t end = cue->end_flicks < clip->length_flicks
                              ? cue->end_flicks
                              : clip->length_flicks;
            struct draft_caption *caption =
                draft_add_caption(builder, draft, start, end, cue->text);
            caption->cue = cue;
            caption->file = file->file;
            caption->row = draft->rows[0];
            caption->cut = end - start < cue->end_flicks - cue->start_flicks;
        }
        return true;
    }
    return false;
}

/* One after the other, in the same array. */
static void part_overlaps(struct builder *builder, struct draft *draft)
{
    size_t kept = 0;
    for (size_t i = 0; i < draft->caption_count; i++) {
        struct draft_caption *next = &draft->captions[i];
        struct draft_caption *last = kept ? &draft->captions[kept - 1] : NULL;
        if (!last || next->start_flicks >= last->end_flicks) {
            draft->captions[kept++] = *next;
        } else if (next->start_flicks - last->start_flicks >= CAPTION_SCRAP) {
            last->end_flicks = next->start_flicks;
            draft->captions[kept++] = *next;
        } else {
            last->text = arena_printf(builder->arena, "%s" CUE_LINE_END "%s",
                                      last->text, next->text);
            if (next->end_flicks > last->end_flicks)
                last->end_flicks = next->end_flicks;
        }
    }
    draft->caption_count = kept;
}

static void drop_scraps(struct draft *draft)
{
    size_t kept = 0;
    for (size_t i = 0; i < draft->caption_count; i++) {
        struct draft_caption *caption = &draft->captions[i];
        int64_t length = caption->end_flicks - caption->start_flicks;
        if (length > 0 && (length >= CAPTION_SCRAP || !caption->cut))
            draft->captions[kept++] = *caption;
    }
    draft->caption_count = kept;
}

static void lengthen(struct draft *draft)
{
    const struct clip *clip = draft->clip;
    for (size_t i = 0; i < draft->caption_count; i++) {
        struct draft_caption *caption = &draft->captions[i];
        int64_t lack =
            CAPTION_LEAST - (caption->end_flicks - caption->start_flicks);
        caption->shot = shot_at(clip, caption->start_flicks);
        if (lack <= 0)
            continue;
        int64_t most = shot_end(clip, shot_at(clip, caption->end_flicks - 1));
        if (i + 1 < draft->caption_count && caption[1].start_flicks < most)
            most = caption[1].start_flicks;
        int64_t room = most - caption->end_flicks;
        int64_t step = room < lack ? room : lack;
        caption->end_flicks += step;
        lack -= step;
        int64_t least = clip->shots[caption->shot].offset_flicks;
        if (i > 0 && caption[-1].end_flicks > least)
            least = caption[-1].end_flicks;
        room = caption->start_flicks - least;
        caption->start_flicks -= room < lack ? room : lack;
    }
}

void draft_captions(struct builder *builder, struct draft *draft)
{
    if (draft->clip->shot_count == 0)
        return;
    draft->captions_replaced = add_file(builder, draft);
    if (!draft->captions_replaced)
        add_rows(builder, draft);
    /* What is too short to be read must not join another that is not. */
    drop_scraps(draft);
    part_overlaps(builder, draft);
    drop_scraps(draft);
    lengthen(draft);
}

void builder_match_caption_files(struct builder *builder)
{
    const struct session *session = builder->session;
    for (size_t i = 0; i < session->clip_caption_count; i++) {
        const struct clip_captions *file = &session->clip_captions[i];
        bool used = false;
        for (size_t k = 0; k < builder->draft_count; k++)
            used = used || clip_is(builder->drafts[k].clip, file->clip);
        if (!used)
            fault_add(builder->faults, FAULT_WARNING,
                      (struct fault_place){.file = file->file},
                      _("no clip has the number or name \"%s\", so these "
                        "captions are not used; name the file after a clip "
                        "as the plan prints it"),
                      file->clip);
    }
}
