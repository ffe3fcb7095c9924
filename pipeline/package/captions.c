/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the forms of delivered captions. Their breaking is the script's. */
#include "package/captions.h"

#include <string.h>

static bool has_captions(const struct rendition *rendition)
{
    return rendition->script && rendition->script->caption_count;
}

const struct rendition *captions_source(const struct plan *plan,
                                        const struct rendition *rendition)
{
    if (has_captions(rendition))
        return rendition;
    for (size_t i = 0; i < plan->rendition_count; i++)
        if (plan->renditions[i]->clip == rendition->clip &&
            has_captions(plan->renditions[i]))
            return plan->renditions[i];
    return NULL;
}

static int64_t caption_ms(const struct rendition *source, int64_t tick)
{
    return clock_ms(clock_flicks(tick, source->timeline->rate));
}

static void print_stamp(struct buffer *out, int64_t ms, char point)
{
    buffer_printf(out, "%02d:%02d:%02d%c%03d", (int)(ms / 3600000),
                  (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), point,
                  (int)(ms % 1000));
}

static void print_cue(struct buffer *out, const struct rendition *source,
                      const struct script_caption *caption, char point)
{
    print_stamp(out, caption_ms(source, caption->start_tick), point);
    buffer_puts(out, " --> ");
    print_stamp(out, caption_ms(source, caption->end_tick), point);
    buffer_puts(out, "\n");
}

void captions_srt(const struct rendition *source, struct buffer *out)
{
    buffer_puts(out, "\xEF\xBB\xBF");
    for (size_t i = 0; i < source->script->caption_count; i++) {
        const struct script_caption *caption = &source->script->captions[i];
        buffer_printf(out, "%zu\n", i + 1);
        print_cue(out, source, caption, ',');
        buffer_printf(out, "%s\n\n", caption->text);
    }
}

/* & and < begin references and tags in WebVTT, "-->" ends a cue's text. */
static void print_vtt_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            buffer_puts(out, "&amp;");
        else if (*text == '<')
            buffer_puts(out, "&lt;");
        else if (*text == '>')
            buffer_puts(out, "&gt;");
        else
            buffer_append(out, text, 1);
    }
}

void captions_vtt(const struct rendition *source, struct buffer *out)
{
    buffer_puts(out, "WEBVTT\n\n");
    for (size_t i = 0; i < source->script->caption_count; i++) {
        const struct script_caption *caption = &source->script->captions[i];
        print_cue(out, source, caption, '.');
        print_vtt_text(out, caption->text);
        buffer_puts(out, "\n\n");
    }
}

json_t *captions_json(const struct rendition *source)
{
    json_t *list = json_array();
    for (size_t i = 0; i < source->script->caption_count; i++) {
        const struct script_caption *caption = &source->script->captions[i];
        json_array_append_new(
            list, json_pack("[I,I,s]",
                            (json_int_t)caption_ms(source, caption->start_tick),
                            (json_int_t)caption_ms(source, caption->end_tick),
                            caption->text));
    }
    return list;
}
