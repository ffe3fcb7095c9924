/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the terminal. Does not know how work is done or measured. */
#include "progress.h"

#include "plan/table.h"

#include <errno.h>
#include <iconv.h>
#include <langinfo.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REDRAW_MS     200
#define COLUMNS_USUAL 80
#define PLAIN_STEP    10 /* percent between two plain lines */

void progress_init(struct progress *progress)
{
    memset(progress, 0, sizeof *progress);
    progress->terminal = isatty(STDERR_FILENO);
}

void progress_configure(struct progress *progress, const struct cli *cli)
{
    progress->json = cli->json;
    progress->quiet = cli->level <= LOG_LEVEL_ERROR;
}

static void progress_wipe(struct progress *progress)
{
    if (progress->line_open)
        fputs("\r\033[K", stderr);
    progress->line_open = false;
}

/* All text is UTF-8; a terminal of another encoding is written to in its own.
 * In the C locale nothing is known of the terminal. */
static void progress_put(FILE *stream, const char *text)
{
    const char *codeset = nl_langinfo(CODESET);
    char target[64];
    snprintf(target, sizeof target, "%s//TRANSLIT", codeset);
    bool is_plain = !strcmp(codeset, "UTF-8") || !strncmp(codeset, "ANSI", 4);
    iconv_t table = is_plain ? (iconv_t)-1 : iconv_open(target, "UTF-8");
    char *from = (char *)(uintptr_t)text;
    size_t left = strlen(text);
    while (left && table != (iconv_t)-1) {
        char block[512], *to = block;
        size_t room = sizeof block;
        bool is_stuck = iconv(table, &from, &left, &to, &room) == (size_t)-1 &&
                        errno != E2BIG;
        fwrite(block, 1, (size_t)(to - block), stream);
        if (!is_stuck)
            continue;
        fputc('?', stream);
        from++;
        left--;
    }
    if (table != (iconv_t)-1)
        iconv_close(table);
    else
        fputs(text, stream);
}

void progress_log(void *opaque, enum log_level level, const char *message)
{
    struct progress *progress = opaque;
    const char *colour = level == LOG_LEVEL_ERROR     ? "\033[31m"
                         : level == LOG_LEVEL_WARNING ? "\033[33m"
                                                      : "";
    progress_wipe(progress);
    bool is_coloured = progress->terminal && *colour;
    fputs(is_coloured ? colour : "", stderr);
    progress_put(stderr, message);
    fputs(is_coloured ? "\033[0m\n" : "\n", stderr);
}

void progress_print(struct progress *progress, const char *text)
{
    progress_wipe(progress);
    progress_put(stdout, text);
    fflush(stdout);
}

void progress_json(struct progress *progress, json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    if (text) {
        fputs(text, stdout);
        fputc('\n', stdout);
        fflush(stdout);
    }
    free(text);
    json_decref(object);
}

static void progress_event_json(struct progress *progress,
                                const struct produce_event *event)
{
    static const char *const names[] = {"none", "start", "progress", "item",
                                        "end"};
    progress_json(progress,
                  json_pack("{s:s,s:s*,s:I,s:I,s:I,s:s*,s:s*,s:s*,s:s*}",
                            "event", names[event->kind], "session",
                            event->session, "units", (json_int_t)event->units,
                            "total", (json_int_t)event->total, "elapsed_ms",
                            (json_int_t)event->elapsed_ms, "item", event->item,
                            "what", event->what, "state", event->state,
                            "sentence", event->sentence));
}

/* Never 100 before the end has been told. */
static int progress_percent(const struct produce_event *event)
{
    if (event->total <= 0)
        return 0;
    int percent = (int)(event->units * 100 / event->total);
    return percent > 99 ? 99 : percent;
}

static void progress_left(const struct produce_event *event, char *out,
                          size_t size)
{
    int64_t seconds;
    out[0] = 0;
    if (event->units <= 0 || event->elapsed_ms < 2000)
        return;
    seconds =
        event->elapsed_ms * (event->total - event->units) / event->units / 1000;
    if (seconds < 1)
        return;
    if (seconds < 60)
        snprintf(out, size, _("about %d s left"), (int)seconds);
    else
        snprintf(out, size, _("about %d min %02d s left"), (int)(seconds / 60),
                 (int)(seconds % 60));
}

/* Columns that a line may take without wrapping: a line that wraps can't be
 * wiped. */
static int progress_columns(void)
{
    struct winsize window;
    const char *asked = getenv("COLUMNS");
    long columns = 0;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0)
        columns = window.ws_col;
    if (columns <= 0 && asked)
        columns = strtol(asked, NULL, 10);
    return columns > 1 && columns < INT_MAX ? (int)columns - 1
                                            : COLUMNS_USUAL - 1;
}

static void progress_draw(struct progress *progress,
                          const struct produce_event *event)
{
    char left[80];
    struct buffer line = {0};
    struct arena *arena;
    int64_t rate =
        event->elapsed_ms > 0 ? event->units * 10000 / event->elapsed_ms : 0;
    if (event->elapsed_ms - progress->drawn_ms < REDRAW_MS &&
        progress->line_open)
        return;
    arena = arena_create();
    progress->drawn_ms = event->elapsed_ms;
    progress_left(event, left, sizeof left);
    if (rate)
        buffer_printf(&line, _("%3d%%  %d.%d pictures/s  %s"),
                      progress_percent(event), (int)(rate / 10),
                      (int)(rate % 10), left);
    else
        buffer_printf(&line, "%3d%%", progress_percent(event));
    fputs("\r\033[K", stderr);
    progress_put(stderr,
                 table_clip(arena, buffer_text(&line), progress_columns()));
    fflush(stderr);
    progress->line_open = true;
    buffer_clear(&line);
    arena_destroy(&arena);
}

static void progress_plain(struct progress *progress,
                           const struct produce_event *event)
{
    char left[80];
    int percent = progress_percent(event) / PLAIN_STEP * PLAIN_STEP;
    if (percent <= progress->told_percent)
        return;
    progress->told_percent = percent;
    progress_left(event, left, sizeof left);
    fprintf(stderr, "%3d%%  ", percent);
    progress_put(stderr, left);
    fputs("\n", stderr);
}

static void progress_item(struct progress *progress,
                          const struct produce_event *event)
{
    struct arena *arena = arena_create();
    const char *sentence = event->sentence ? event->sentence : "";
    const char *item =
        progress->many
            ? arena_printf(arena, "%s/%s", event->session, event->item)
            : event->item;
    struct buffer line = {0};
    progress_wipe(progress);
    if (!strcmp(event->state, "failed"))
        buffer_printf(&line, _("failed  %s: %s\n"), item, sentence);
    else if (!strcmp(event->state, "incomplete"))
        buffer_printf(&line, _("package %s is incomplete: %s\n"), item,
                      sentence);
    else if (!strcmp(event->what, "package"))
        buffer_printf(&line, _("package %s\n"), item);
    else if (!strcmp(event->what, "poster"))
        buffer_printf(&line, _("posters %s\n"), item);
    else
        buffer_printf(&line, _("film    %s\n"), item);
    progress_put(stderr, buffer_text(&line));
    buffer_clear(&line);
    arena_destroy(&arena);
}

/* 100 comes after the last rename of the last session. */
static void progress_end(struct progress *progress,
                         const struct produce_event *event)
{
    progress_wipe(progress);
    if (!progress->terminal && event->units >= event->total &&
        progress->told_percent > 0)
        fputs("100%\n", stderr);
}

void progress_event(void *opaque, const struct produce_event *event)
{
    struct progress *progress = opaque;
    if (progress->json) {
        if (event->kind == EVENT_PROGRESS &&
            event->units == progress->told_units)
            return;
        progress->told_units = event->units;
        progress_event_json(progress, event);
        return;
    }
    if (event->kind == EVENT_START && !event->units) {
        progress->told_percent = 0;
        progress->drawn_ms = 0;
    }
    if (progress->quiet && event->kind != EVENT_ITEM)
        return;
    if (event->kind == EVENT_ITEM) {
        if (!progress->quiet || !strcmp(event->state, "failed"))
            progress_item(progress, event);
    } else if (event->kind == EVENT_PROGRESS) {
        if (progress->terminal)
            progress_draw(progress, event);
        else
            progress_plain(progress, event);
    } else if (event->kind == EVENT_END) {
        progress_end(progress, event);
    }
}
