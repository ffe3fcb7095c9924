/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the preview page: one file, no outside references, media by relative
 * addresses, so that it works from a disk and inside a zip. */
#include "package/package.h"

#include "base/files.h"
#include "package/page_parts.h"
#include "package/words.h"

#include <stdlib.h>

const char *page_word(const struct page *page, enum word which)
{
    return word(page->plan->session, which);
}

static bool has_failed(const struct result *result)
{
    return result && result->state == RESULT_FAILED;
}

/* What one wants to know first: whether anything is left to do. */
static void page_verdict(struct page *page)
{
    const struct plan *plan = page->plan;
    bool failed = false, missing = false;
    for (size_t i = 0; i < plan->rendition_count; i++) {
        const struct result *result =
            results_of_rendition(page->results, plan, plan->renditions[i]);
        failed = failed || has_failed(result);
        missing = missing || !result_is_ready(result);
    }
    for (size_t i = 0; i < plan->poster_count; i++) {
        const struct result *result =
            results_of_poster(page->results, plan, plan->posters[i]);
        failed = failed || has_failed(result);
        missing = missing || !result_is_ready(result);
    }
    if (failed)
        buffer_printf(page->out, "<p class=\"verdict bad\">%s</p>\n",
                      page_word(page, WORD_SOME_FAILED));
    else if (missing)
        buffer_printf(page->out, "<p class=\"verdict soft\">%s</p>\n",
                      page_word(page, WORD_SOME_NOT_MADE));
    else
        buffer_printf(page->out, "<p class=\"verdict good\">✓ %s</p>\n",
                      page_word(page, WORD_ALL_CHECKED));
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
    buffer_puts(out, PAGE_DOT);
    page_text(out, page_word(page, WORD_PREVIEW));
    buffer_printf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n",
                  page_style);
    buffer_puts(out, "<header>\n<p class=\"kicker\">");
    page_text(out, series);
    buffer_puts(out, "</p>\n<h1>");
    page_text(out, session->title);
    buffer_puts(out, "</h1>\n<p class=\"facts\">");
    page_text(out, session_date_line(session, page->arena));
    const char *more[] = {session->place, session->organizer};
    for (size_t i = 0; i < 2; i++)
        if (more[i] && *more[i]) {
            buffer_puts(out, PAGE_DOT);
            page_text(out, more[i]);
        }
    buffer_puts(out, "</p>\n");
    page_verdict(page);
    buffer_puts(out, "</header>\n<main>\n");
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

static void page_package(struct page *page, const struct package *package)
{
    struct buffer *out = page->out;
    const struct preset *preset = package->outlet->preset;
    char shape[24];
    buffer_puts(out, "<div class=\"package\"><b>");
    page_text(out, package->folder);
    buffer_puts(out, "</b><small>");
    page_text(out, preset->alias ? preset->alias : preset->name);
    buffer_printf(out, PAGE_DOT "%s" PAGE_DOT "<a href=\"",
                  preset_shape(preset, shape));
    page_address(out, package->folder);
    buffer_printf(out, "/\">%s</a></small>", page_word(page, WORD_FOLDER));
    if (package_is_whole(page, package)) {
        int64_t size =
            files_size(files_join(page->arena, page->folder, package->zip));
        buffer_puts(out, "<a class=\"zip\" href=\"");
        page_address(out, package->zip);
        buffer_puts(out, "\"><span>↓</span>");
        page_text(out, package->zip);
        if (size >= 0) {
            buffer_puts(out, "<i>");
            page_size(out, size);
            buffer_puts(out, "</i>");
        }
        buffer_puts(out, "</a>");
    } else {
        buffer_printf(out, "<span class=\"soft\">%s</span>",
                      page_word(page, WORD_INCOMPLETE));
    }
    buffer_puts(out, "</div>\n");
}

static void page_packages(struct page *page)
{
    buffer_printf(page->out, "<h2>%s</h2>\n<div class=\"packages\">\n",
                  page_word(page, WORD_PACKAGES));
    for (size_t i = 0; i < page->plan->package_count; i++)
        page_package(page, page->plan->packages[i]);
    buffer_puts(page->out, "</div>\n");
}

/* More clips than one sees at once have a list to jump from. */
#define CONTENTS_FROM 4

static void page_contents(struct page *page)
{
    const struct plan *plan = page->plan;
    if (plan->clip_count < CONTENTS_FROM)
        return;
    buffer_puts(page->out, "<ol class=\"contents\">\n");
    for (size_t i = 0; i < plan->clip_count; i++) {
        const struct clip *clip = plan->clips[i];
        buffer_printf(page->out,
                      "<li><a href=\"#clip%d\"><span class=\"number\">%02d"
                      "</span>",
                      clip->number, clip->number);
        page_text(page->out, clip->title ? clip->title : clip->stem);
        buffer_puts(page->out, "</a></li>\n");
    }
    buffer_puts(page->out, "</ol>\n");
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
            buffer_puts(page->out, PAGE_DOT);
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
                        .results = results,
                        .folder = out};
    page_head(&page);
    page_packages(&page);
    buffer_printf(&text, "<h2>%s</h2>\n", page_word(&page, WORD_CLIPS));
    page_contents(&page);
    for (size_t i = 0; i < plan->clip_count; i++)
        page_clip(&page, plan->clips[i]);
    page_foot(&page);
    int ret = files_update(log, files_join(page.arena, out, "index.html"),
                           text.data, text.size);
    buffer_clear(&text);
    arena_destroy(&page.arena);
    return ret;
}
