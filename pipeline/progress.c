/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the terminal. Does not know how work is done or measured. */
#include "progress.h"

#include "plan/table.h"

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

void progress_log(void *opaque, enum log_level level, const char *message)
{
    struct progress *progress = opaque;
    const char *colour = level == LOG_LEVEL_ERROR     ? "\033[31m"
                         : level == LOG_LEVEL_WARNING ? "\033[33m"
                                                      : "";
    progress_wipe(progress);
    if (progress->terminal && *colour)
        fprintf(stderr, "%s%s\033[0m\n", colour, message);
    else
        fprintf(stderr, "%s\n", message);
}

void progress_print(struct progress *progress, const char *text)
{
    progress_wipe(progress);
    fputs(text, stdout);
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
    fprintf(stderr, "\r\033[K%s",
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
    fprintf(stderr, "%3d%%  %s\n", percent, left);
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
    progress_wipe(progress);
    if (!strcmp(event->state, "failed"))
        fprintf(stderr, _("failed  %s: %s\n"), item, sentence);
    else if (!strcmp(event->state, "incomplete"))
        fprintf(stderr, _("package %s is incomplete: %s\n"), item, sentence);
    else if (!strcmp(event->what, "package"))
        fprintf(stderr, _("package %s\n"), item);
    else if (!strcmp(event->what, "poster"))
        fprintf(stderr, _("posters %s\n"), item);
    else
        fprintf(stderr, _("film    %s\n"), item);
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
