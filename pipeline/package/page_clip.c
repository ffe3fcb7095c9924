/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns one clip on the preview page: its players, covers and checks. */
#include "package/page_parts.h"

#include "base/files.h"
#include "package/captions.h"
#include "package/notes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A wide, an upright and a square player stand in one row of the page. */
#define PLAYER_HEIGHT 308 /* pixels; the shape gives the width */

/* The first folder that holds the product; NULL: no outlet gets it. */
static const char *rendition_folder(const struct plan *plan,
                                    const struct rendition *rendition)
{
    for (size_t i = 0; i < plan->package_count; i++)
        for (size_t k = 0; k < plan->packages[i]->rendition_count; k++)
            if (plan->packages[i]->renditions[k] == rendition)
                return plan->packages[i]->folder;
    return NULL;
}

static const char *poster_folder(const struct plan *plan,
                                 const struct poster *poster)
{
    for (size_t i = 0; i < plan->package_count; i++)
        for (size_t k = 0; k < plan->packages[i]->poster_count; k++)
            if (plan->packages[i]->posters[k] == poster)
                return plan->packages[i]->folder;
    return NULL;
}

/* Shown before a film is played: the cover nearest in shape, and of the films
 * without lettering one without. */
#define OTHER_LETTERING 10.0 /* more than any shape */

static const struct poster *nearest_poster(const struct page *page,
                                           const struct rendition *rendition)
{
    const struct poster *best = NULL;
    double best_distance = 0.0;
    double shape =
        (double)rendition->preset->width / (double)rendition->preset->height;
    for (size_t i = 0; i < page->plan->poster_count; i++) {
        const struct poster *poster = page->plan->posters[i];
        double distance =
            fabs(log(shape * poster->cover->height / poster->cover->width));
        if (rendition->clip->title &&
            poster->lettering != rendition->preset->titles)
            distance += OTHER_LETTERING;
        if (poster->clip != rendition->clip ||
            !result_is_ready(&page->results->posters[i]) ||
            !poster_folder(page->plan, poster) ||
            (best && distance >= best_distance))
            continue;
        best = poster;
        best_distance = distance;
    }
    return best;
}

static void page_cues(struct page *page, const struct rendition *source)
{
    json_t *cues = captions_json(source);
    char *text = json_dumps(cues, JSON_COMPACT);
    buffer_printf(page->out, "<script type=\"application/json\" id=\"c%d\">",
                  page->cue_lists);
    /* "</" would end the element, also inside a string. */
    for (const char *p = text; p && *p; p++) {
        if (p[0] == '<')
            buffer_puts(page->out, "\\u003c");
        else
            buffer_append(page->out, p, 1);
    }
    buffer_puts(page->out, "</script>\n");
    free(text);
    json_decref(cues);
}

static void page_video(struct page *page, const struct rendition *rendition,
                       const char *folder)
{
    struct buffer *out = page->out;
    const struct preset *preset = rendition->preset;
    const struct poster *poster = nearest_poster(page, rendition);
    const struct rendition *source = captions_source(page->plan, rendition);
    buffer_printf(out,
                  "<div class=\"screen\" data-play=\"%s\">"
                  "<video controls playsinline preload=\"none\" width=\"",
                  page_word(page, WORD_PLAY));
    buffer_printf(out, "%d\" height=\"%d\" style=\"aspect-ratio:%d/%d\"",
                  (int)preset->width, (int)preset->height, (int)preset->width,
                  (int)preset->height);
    if (poster) {
        buffer_puts(out, " poster=\"");
        page_address(out,
                     files_join(page->arena, poster_folder(page->plan, poster),
                                poster->stem));
        buffer_puts(out, poster->cover->jpeg_bytes ? ".jpg\"" : ".png\"");
    }
    if (source)
        buffer_printf(out, " data-cues=\"c%d\" data-label=\"%s\"%s",
                      ++page->cue_lists, page_word(page, WORD_TEXT),
                      preset->captions ? " data-drawn=\"1\"" : "");
    buffer_puts(out, " src=\"");
    page_address(out, files_join(page->arena, folder,
                                 arena_printf(page->arena, "%s.mp4",
                                              rendition->clip->stem)));
    buffer_puts(out, "\"></video></div>\n");
    if (source)
        page_cues(page, source);
}

static void page_link(struct page *page, const char *folder, const char *stem,
                      const char *extension, const char *text)
{
    buffer_puts(page->out, PAGE_DOT "<a href=\"");
    page_address(page->out, files_join(page->arena, folder,
                                       arena_printf(page->arena, "%s.%s", stem,
                                                    extension)));
    buffer_printf(page->out, "\">%s</a>", text);
}

/* Which outlet's film, and its files. */
static void page_caption(struct page *page, const struct rendition *rendition,
                         const struct result *result, const char *folder)
{
    struct buffer *out = page->out;
    const struct preset *preset = rendition->preset;
    struct buffer size = {0};
    buffer_puts(out, "<figcaption><b>");
    page_text(out, preset->alias ? preset->alias : preset->name);
    buffer_printf(out, "</b> %d×%d", (int)preset->width, (int)preset->height);
    if (result_is_ready(result) && folder) {
        buffer_puts(&size, "mp4 ");
        page_size(&size, result->bytes);
        page_link(page, folder, rendition->clip->stem, "mp4",
                  buffer_text(&size));
        if (captions_source(page->plan, rendition))
            page_link(page, folder, rendition->clip->stem, "srt",
                      page_word(page, WORD_CAPTIONS));
    }
    buffer_puts(out, "</figcaption>\n");
    buffer_clear(&size);
}

static bool has_failed(const struct result *result)
{
    return result && result->state == RESULT_FAILED;
}

/* Films that are there, and those that failed, with the reason. */
static void page_player(struct page *page, const struct rendition *rendition)
{
    struct buffer *out = page->out;
    const struct preset *preset = rendition->preset;
    const struct result *result =
        results_of_rendition(page->results, page->plan, rendition);
    const char *folder = rendition_folder(page->plan, rendition);
    bool shown = result_is_ready(result) && folder;
    if (!shown && !has_failed(result))
        return;
    buffer_printf(out, "<figure style=\"--w:%dpx;--r:%d/%d\">\n",
                  (int)(PLAYER_HEIGHT * preset->width / preset->height),
                  (int)preset->width, (int)preset->height);
    if (shown) {
        page_video(page, rendition, folder);
    } else {
        buffer_puts(out, "<div class=\"missing\">");
        page_text(out, result->sentence ? result->sentence
                                        : page_word(page, WORD_FAILED));
        buffer_puts(out, "</div>\n");
    }
    page_caption(page, rendition, result, folder);
    buffer_puts(out, "</figure>\n");
}

/* Those that this run was not asked for, in one line: nothing is wrong. */
static void page_not_made(struct page *page, const struct clip *clip)
{
    const struct plan *plan = page->plan;
    size_t told = 0;
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct rendition *rendition = plan->renditions[i];
        const struct preset *preset = rendition->preset;
        const struct result *result =
            results_of_rendition(page->results, plan, rendition);
        if (rendition->clip != clip || has_failed(result) ||
            (result_is_ready(result) && rendition_folder(plan, rendition)))
            continue;
        if (told++)
            buffer_puts(page->out, PAGE_DOT);
        else
            buffer_printf(page->out, "<p class=\"soft\">%s　",
                          page_word(page, WORD_NOT_MADE));
        page_text(page->out, preset->alias ? preset->alias : preset->name);
    }
    if (told)
        buffer_puts(page->out, "</p>\n");
}

static void page_cover(struct page *page, const struct poster *poster,
                       const char *folder)
{
    struct buffer *out = page->out;
    const struct clip *clip = poster->clip;
    const char *base = files_join(page->arena, folder, poster->stem);
    buffer_puts(out, "<figure><a href=\"");
    page_address(out, base);
    buffer_puts(out, ".png\"><img loading=\"lazy\" alt=\"");
    page_text(out, clip->title ? clip->title : clip->stem);
    buffer_printf(out, "\" width=\"%d\" height=\"%d\" src=\"",
                  poster->cover->width, poster->cover->height);
    page_address(out, base);
    buffer_puts(out, poster->cover->jpeg_bytes ? ".jpg" : ".png");
    buffer_puts(out, "\"></a><figcaption>");
    page_text(out, poster->cover->shape);
    buffer_printf(out, PAGE_DOT "%d×%d", poster->cover->width,
                  poster->cover->height);
    if (clip->title && !poster->lettering)
        buffer_printf(out, PAGE_DOT "%s", page_word(page, WORD_UNLETTERED));
    buffer_puts(out, "</figcaption></figure>\n");
}

/* Below a clip's covers: what is wrong with their picture, and which others
 * there are. */
static void page_choice(struct page *page, const struct poster *poster,
                        const struct result *result, const char *folder)
{
    struct buffer *out = page->out;
    const json_t *choice = json_object_get(result->figures, "choice");
    if (json_is_true(json_object_get(choice, "poor")))
        buffer_printf(out, "<p class=\"bad\">%s</p>\n",
                      page_word(page, WORD_POOR_COVER));
    if (!result->sheet_path)
        return;
    buffer_puts(out, "<p><a href=\"");
    page_address(out, files_join(page->arena, folder,
                                 notes_sheet_name(page->plan, poster->clip,
                                                  page->arena)));
    buffer_printf(out, "\">%s</a></p>\n", page_word(page, WORD_CHOOSE));
}

static void page_covers(struct page *page, const struct clip *clip)
{
    struct buffer *out = page->out;
    const struct poster *first = NULL;
    for (size_t i = 0; i < page->plan->poster_count; i++) {
        const struct poster *poster = page->plan->posters[i];
        const char *folder = poster_folder(page->plan, poster);
        if (poster->clip != clip || !folder ||
            !result_is_ready(&page->results->posters[i]))
            continue;
        if (!first)
            buffer_puts(out, "<div class=\"covers\">\n");
        page_cover(page, poster, folder);
        first = first ? first : poster;
    }
    if (!first)
        return;
    page_choice(page, first,
                results_of_poster(page->results, page->plan, first),
                poster_folder(page->plan, first));
    buffer_puts(out, "</div>\n");
}

/* "-15.0 LUFS": one decimal, by integers, so that no locale interferes. */
static void page_decimal(struct page *page, const json_t *value,
                         const char *unit)
{
    if (!json_is_number(value)) {
        buffer_printf(page->out, "<td>%s</td>", page_word(page, WORD_SILENT));
        return;
    }
    int tenths = (int)lrint(json_number_value(value) * 10.0);
    buffer_printf(page->out, "<td>%s%d.%d %s</td>", tenths < 0 ? "-" : "",
                  abs(tenths) / 10, abs(tenths) % 10, unit);
}

static void page_check(struct page *page, const struct rendition *rendition)
{
    struct buffer *out = page->out;
    const struct result *result =
        results_of_rendition(page->results, page->plan, rendition);
    char length[40];
    if (!result_is_ready(result))
        return;
    int64_t rate = av_rescale(result->bytes * 8, rendition->timeline->rate.num,
                              FFMAX(rendition->timeline->ticks, 1) *
                                  rendition->timeline->rate.den);
    buffer_puts(out, "<tr><td>");
    page_text(out, rendition->preset->alias ? rendition->preset->alias
                                            : rendition->preset->name);
    buffer_printf(out, "</td><td>%s</td><td>%lld</td>",
                  notes_length(rendition, length),
                  (long long)rendition->timeline->ticks);
    page_decimal(page, json_object_get(result->figures, "loudness"), "LUFS");
    page_decimal(page, json_object_get(result->figures, "true_peak"), "dBTP");
    buffer_puts(out, "<td>");
    page_size(out, result->bytes);
    buffer_printf(out, "</td><td>%lld.%lld Mb/s</td>",
                  (long long)(rate / 1000000), (long long)(rate / 100000 % 10));
    buffer_printf(out, "<td class=\"good\">✓ %s</td></tr>\n",
                  page_word(page, WORD_CHECKED));
}

static void page_checks(struct page *page, const struct clip *clip)
{
    static const enum word heads[] = {
        WORD_OUTLET,    WORD_LENGTH, WORD_PICTURES, WORD_LOUDNESS,
        WORD_TRUE_PEAK, WORD_SIZE,   WORD_RATE,     WORD_CHECKS};
    buffer_puts(page->out, "<div class=\"scroll\"><table><tr>");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        buffer_printf(page->out, "<th>%s</th>", page_word(page, heads[i]));
    buffer_puts(page->out, "</tr>\n");
    for (size_t i = 0; i < page->plan->rendition_count; i++)
        if (page->plan->renditions[i]->clip == clip)
            page_check(page, page->plan->renditions[i]);
    buffer_puts(page->out, "</table></div>\n");
}

void page_clip(struct page *page, const struct clip *clip)
{
    struct buffer *out = page->out;
    buffer_printf(out,
                  "<article class=\"clip\" id=\"clip%d\">\n"
                  "<div class=\"head\"><span class=\"number\">%02d</span>"
                  "<div><h3>",
                  clip->number, clip->number);
    page_text(out, clip->title ? clip->title : clip->stem);
    buffer_puts(out, "</h3>");
    if (clip->subtitle || clip->people_count) {
        buffer_puts(out, "<p>");
        page_text(out, clip->subtitle);
        for (size_t i = 0; i < clip->people_count; i++) {
            if (i || clip->subtitle)
                buffer_puts(out, PAGE_DOT);
            page_text(out, clip->people[i]);
        }
        buffer_puts(out, "</p>");
    }
    buffer_puts(out, "</div></div>\n<div class=\"players\">\n");
    for (size_t i = 0; i < page->plan->rendition_count; i++)
        if (page->plan->renditions[i]->clip == clip)
            page_player(page, page->plan->renditions[i]);
    page_not_made(page, clip);
    buffer_puts(out, "</div>\n");
    page_covers(page, clip);
    page_checks(page, clip);
    buffer_puts(out, "</article>\n");
}
