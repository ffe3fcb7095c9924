/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the preview page: one file, no outside references, media by relative
 * addresses, so that it works from a disk and inside a zip. */
#include "package/package.h"

#include "base/files.h"
#include "package/captions.h"
#include "package/notes.h"
#include "package/page_parts.h"
#include "package/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PLAYER_HEIGHT 400 /* pixels at most; the shape gives the width */
#define PLAYER_WIDTH  620

struct page {
    struct buffer *out;
    struct arena *arena;
    const struct plan *plan;
    const struct results *results;
    int cue_lists; /* numbered as they are written */
};

static const char *page_word(const struct page *page, enum word which)
{
    return word(page->plan->session, which);
}

static void page_head(struct page *page)
{
    const struct session *session = page->plan->session;
    struct buffer *out = page->out;
    const char *series = session_series_line(session, page->arena);
    buffer_puts(out, "<!doctype html>\n<html lang=\"");
    page_text(out, session->language ? session->language : "zh-CN");
    buffer_puts(out, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" "
                     "content=\"width=device-width,initial-scale=1\">\n"
                     "<title>");
    page_text(out, session->title);
    buffer_puts(out, " · ");
    page_text(out, page_word(page, WORD_PREVIEW));
    buffer_printf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n",
                  page_style);
    buffer_puts(out, "<header>\n<p class=\"kicker\">");
    page_text(out, series);
    buffer_puts(out, "</p>\n<h1>");
    page_text(out, session->title);
    buffer_puts(out, "</h1>\n<p class=\"facts\">");
    page_text(out, session_is_chinese(session)
                       ? session_date_chinese(session, page->arena)
                       : session_date_iso(session, page->arena));
    const char *more[] = {session->place, session->organizer};
    for (size_t i = 0; i < 2; i++)
        if (more[i] && *more[i]) {
            buffer_puts(out, " · ");
            page_text(out, more[i]);
        }
    buffer_puts(out, "</p>\n</header>\n<main>\n");
}

static bool package_is_whole(const struct page *page,
                             const struct package *package)
{
    for (size_t i = 0; i < package->rendition_count; i++)
        if (!result_is_ready(results_of_rendition(page->results, page->plan,
                                                  package->renditions[i])))
            return false;
    for (size_t i = 0; i < package->poster_count; i++)
        if (!result_is_ready(results_of_poster(page->results, page->plan,
                                               package->posters[i])))
            return false;
    return true;
}

static void page_packages(struct page *page)
{
    struct buffer *out = page->out;
    buffer_printf(out, "<h2>%s</h2>\n<div class=\"packages\">\n",
                  page_word(page, WORD_PACKAGES));
    for (size_t i = 0; i < page->plan->package_count; i++) {
        const struct package *package = page->plan->packages[i];
        char shape[24];
        buffer_puts(out, "<div class=\"package\"><b>");
        page_text(out, package->folder);
        buffer_puts(out, "</b><small>");
        page_text(out, package->outlet->preset->alias
                           ? package->outlet->preset->alias
                           : package->outlet->preset->name);
        buffer_printf(out, " · %s</small>",
                      preset_shape(package->outlet->preset, shape));
        if (package_is_whole(page, package)) {
            buffer_puts(out, "<a href=\"");
            page_address(out, package->zip);
            buffer_puts(out, "\">");
            page_text(out, package->zip);
            buffer_puts(out, "</a>");
        } else {
            buffer_printf(out, "<span class=\"bad\">%s</span>",
                          page_word(page, WORD_INCOMPLETE));
        }
        buffer_puts(out, "</div>\n");
    }
    buffer_puts(out, "</div>\n");
}

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
    buffer_puts(out, "<video controls playsinline preload=\"none\" width=\"");
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
    buffer_puts(out, "\"></video>\n");
    if (source)
        page_cues(page, source);
}

static void page_player(struct page *page, const struct rendition *rendition)
{
    struct buffer *out = page->out;
    const struct result *result =
        results_of_rendition(page->results, page->plan, rendition);
    const char *folder = rendition_folder(page->plan, rendition);
    int64_t width =
        PLAYER_HEIGHT * rendition->preset->width / rendition->preset->height;
    buffer_printf(out, "<figure style=\"width:%dpx;flex-grow:0\">\n",
                  (int)FFMIN(width, PLAYER_WIDTH));
    if (result_is_ready(result) && folder) {
        page_video(page, rendition, folder);
    } else {
        buffer_puts(out, "<div class=\"missing\">");
        page_text(out,
                  result && result->state == RESULT_FAILED && result->sentence
                      ? result->sentence
                      : page_word(page, WORD_NOT_MADE));
        buffer_puts(out, "</div>\n");
    }
    buffer_puts(out, "<figcaption><b>");
    page_text(out, rendition->preset->alias ? rendition->preset->alias
                                            : rendition->preset->name);
    buffer_printf(out, "</b> %dx%d</figcaption>\n</figure>\n",
                  (int)rendition->preset->width,
                  (int)rendition->preset->height);
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
    buffer_printf(out, " · %dx%d", poster->cover->width, poster->cover->height);
    if (clip->title && !poster->lettering)
        buffer_printf(out, " · %s", page_word(page, WORD_UNLETTERED));
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
    buffer_printf(out, "<td>%lld.%lld MB</td><td>%lld.%lld Mb/s</td>",
                  (long long)(result->bytes / 1000000),
                  (long long)(result->bytes / 100000 % 10),
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

static void page_clip(struct page *page, const struct clip *clip)
{
    struct buffer *out = page->out;
    buffer_printf(out,
                  "<article class=\"clip\">\n<div class=\"head\">"
                  "<span class=\"number\">%02d</span><div><h3>",
                  clip->number);
    page_text(out, clip->title ? clip->title : clip->stem);
    buffer_puts(out, "</h3>");
    if (clip->subtitle || clip->people_count) {
        buffer_puts(out, "<p>");
        page_text(out, clip->subtitle);
        for (size_t i = 0; i < clip->people_count; i++) {
            if (i || clip->subtitle)
                buffer_puts(out, " · ");
            page_text(out, clip->people[i]);
        }
        buffer_puts(out, "</p>");
    }
    buffer_puts(out, "</div></div>\n<div class=\"players\">\n");
    for (size_t i = 0; i < page->plan->rendition_count; i++)
        if (page->plan->renditions[i]->clip == clip)
            page_player(page, page->plan->renditions[i]);
    buffer_puts(out, "</div>\n");
    page_covers(page, clip);
    page_checks(page, clip);
    buffer_puts(out, "</article>\n");
}

static void page_foot(struct page *page)
{
    const struct session *session = page->plan->session;
    const char *texts[] = {session->credit, session->copyright,
                           session->contact};
    buffer_puts(page->out, "</main>\n<footer>");
    for (size_t i = 0, told = 0; i < 3; i++) {
        if (!texts[i] || !*texts[i])
            continue;
        if (told++)
            buffer_puts(page->out, " · ");
        page_text(page->out, texts[i]);
    }
    buffer_printf(page->out,
                  "</footer>\n<script>\n%s</script>\n</body>\n"
                  "</html>\n",
                  page_script);
}

int package_page(struct log *log, const struct plan *plan,
                 const struct results *results, const char *out)
{
    struct buffer text = {0};
    struct page page = {.out = &text,
                        .arena = arena_create(),
                        .plan = plan,
                        .results = results};
    page_head(&page);
    page_packages(&page);
    buffer_printf(&text, "<h2>%s</h2>\n", page_word(&page, WORD_CLIPS));
    for (size_t i = 0; i < plan->clip_count; i++)
        page_clip(&page, plan->clips[i]);
    page_foot(&page);
    int ret = files_update(log, files_join(page.arena, out, "index.html"),
                           text.data, text.size);
    buffer_clear(&text);
    arena_destroy(&page.arena);
    return ret;
}
