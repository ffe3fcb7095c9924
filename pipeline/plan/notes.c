/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the plan decided and people should know before it is made: how odd
 * recordings are treated, what is missing, what was corrected. */
#include "plan/build.h"

#include <string.h>

/* "29.97": a rate as people write it, in `buffer`. */
static const char *rate_text(AVRational rate, char buffer[16])
{
    int64_t hundredths = av_rescale(rate.num, 100, rate.den);
    if (hundredths % 100 == 0)
        snprintf(buffer, 16, "%d", (int)(hundredths / 100));
    else
        snprintf(buffer, 16, "%d.%02d", (int)(hundredths / 100),
                 (int)(hundredths % 100));
    return buffer;
}
#define RATE_TEXT(rate) rate_text((rate), (char[16]){0})

static bool is_used(const struct plan *plan, const struct recording *recording)
{
    for (size_t i = 0; i < plan->clip_count; i++) {
        const struct clip *clip = plan->clips[i];
        for (size_t j = 0; j < clip->shot_count; j++) {
            if (clip->shots[j].recording == recording)
                return true;
        }
    }
    return false;
}

static void note_picture(struct builder *builder,
                         const struct recording *recording)
{
    const struct picture_stream *picture = &recording->picture;
    if (picture->fields != FIELDS_PROGRESSIVE)
        builder_note_on(builder, recording,
                        N_("interlaced, and deinterlaced to %s pictures per "
                           "second"),
                        RATE_TEXT(recording_rate(recording)));
    if (picture->hdr)
        builder_note_on(builder, recording,
                        N_("HDR, whose brightness is brought to SDR"));
    if (!recording->index->constant_rate)
        builder_note_on(
            builder, recording,
            N_("the rate varies: every moment shows the picture that "
               "was on display then"));
    if (picture->guessed)
        builder_note_on(
            builder, recording,
            N_("not all of the colours' kinds are said: they are "
               "taken for what pictures of this size usually have"));
    if (picture->orientation > ORIENTATION_NORMAL)
        builder_note_on(builder, recording, N_("turned upright"));
}

static void note_recording(struct builder *builder,
                           const struct recording *recording)
{
    note_picture(builder, recording);
    if (recording->sound.stream < 0 && !recording->recorder)
        builder_note_on(
            builder, recording,
            N_("no sound: these shots are silent, under the music if "
               "there is any"));
    if (!recording->cues)
        builder_note_on(
            builder, recording,
            N_("no subtitles: captions come from the list where a row "
               "has them"));
    else if (recording->cues->ass_script)
        note_foreign(builder, recording);
    if (recording->text_tracks && !recording->subtitles)
        builder_note_on(builder, recording,
                        N_("%d tracks of subtitles: number %d is taken; to "
                           "have another, put it beside as a file"),
                        recording->text_tracks, recording->text_track);
    if (recording->cues && recording->cues->encoding &&
        strcmp(recording->cues->encoding, "UTF-8") != 0)
        builder_note_on(
            builder, recording,
            N_("the subtitles were read as %s; where their characters "
               "are wrong, say \"charset:\" below the recording in "
               "session.yaml"),
            recording->cues->encoding);
}

/* The pictures of one rate are those of the other, each once or every n-th:
 * nothing to tell. */
static bool is_plain(AVRational from, AVRational to)
{
    AVRational ratio = av_div_q(from, to);
    return ratio.num <= 0 || ratio.den == 1;
}

static void note_rate(struct builder *builder,
                      const struct recording *recording, AVRational to)
{
    AVRational from = recording_rate(recording);
    AVRational times = av_div_q(to, from);
    const char *had = RATE_TEXT(from), *made = RATE_TEXT(to);
    if (!recording->index->constant_rate)
        builder_note_on(
            builder, recording,
            N_("a varying rate, about %s: its films have %s pictures "
               "per second"),
            had, made);
    else if (is_plain(from, to))
        return;
    else if (times.den == 1)
        builder_note_on(builder, recording,
                        N_("%s pictures per second: at %s each is shown %d "
                           "times"),
                        had, made, times.num);
    else
        builder_note_on(
            builder, recording,
            av_cmp_q(from, to) > 0
                ? N_("%s pictures per second: at %s some are left out")
                : N_("%s pictures per second: at %s some are shown "
                     "once more than others"),
            had, made);
}

static void note_rates(struct builder *builder, const struct timeline *timeline)
{
    const struct clip *clip = timeline->clip;
    for (size_t j = 0; j < clip->shot_count; j++) {
        const struct recording *recording = clip->shots[j].recording;
        if (recording)
            note_rate(builder, recording, timeline->rate);
    }
}

static bool is_damaged(const struct shot *shot)
{
    const struct index *index = shot->recording->index;
    size_t packet = index_entry_packet(index, shot->first_frame);
    size_t last = packet;
    for (size_t k = shot->first_frame; k < shot->end_frame; k++) {
        if (index->frames[k].packet > last)
            last = index->frames[k].packet;
    }
    /* Damaged packets that are no frames lie before the next one. */
    size_t next = shot->end_frame < index->frame_count
                      ? index->frames[shot->end_frame].packet
                      : index->packet_count;
    if (next > last + 1)
        last = next - 1;
    for (; packet <= last; packet++) {
        if (index->packets[packet].corrupt)
            return true;
    }
    return false;
}

static void note_clip(struct builder *builder, const struct clip *clip)
{
    if (clip->captions_estimated)
        builder_note(builder, clip,
                     N_("captions from the list are spread over their rows by "
                        "length: their times are estimated"));
    for (size_t j = 0; j < clip->shot_count; j++) {
        if (clip->shots[j].recording && is_damaged(&clip->shots[j]))
            builder_note(builder, clip,
                         N_("the file of %s is damaged inside row %d: look at "
                            "this shot"),
                         clip->shots[j].recording->name,
                         clip->shots[j].row->row);
    }
}

static void note_corrections(struct builder *builder)
{
    const struct corrections *corrections = &builder->session->corrections;
    for (size_t i = 0; i < corrections->count; i++) {
        const struct correction *correction = &corrections->list[i];
        if (correction->hits)
            builder_note(builder, NULL,
                         ngettext("corrected: \"%s\" to \"%s\" in %d text",
                                  "corrected: \"%s\" to \"%s\" in %d texts",
                                  correction->hits),
                         correction->wrong, correction->right,
                         (int)correction->hits);
    }
}

static void note_list(struct builder *builder)
{
    const struct highlights *list = &builder->session->list;
    if (list->encoding && strcmp(list->encoding, "UTF-8") != 0)
        builder_note(builder, NULL, N_("the list was read as %s"),
                     list->encoding);
}

void builder_notes(struct builder *builder)
{
    struct plan *plan = builder->plan;
    if (plan->clip_count == 0)
        return;
    note_list(builder);
    note_corrections(builder);
    for (size_t i = 0; i < builder->session->recording_count; i++) {
        const struct recording *recording = builder->session->recordings[i];
        if (is_used(plan, recording))
            note_recording(builder, recording);
    }
    for (size_t i = 0; i < plan->timeline_count; i++)
        note_rates(builder, plan->timelines[i]);
    for (size_t i = 0; i < plan->clip_count; i++)
        note_clip(builder, plan->clips[i]);
    for (size_t i = 0; i < plan->rendition_count; i++) {
        if (plan->renditions[i]->script->overflow)
            builder_note(builder, plan->renditions[i]->clip,
                         N_("a text is set smaller in %s than the style says, "
                            "to fit"),
                         plan->renditions[i]->preset->name);
    }
}
