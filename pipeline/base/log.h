/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where sentences for people go. A struct log belongs to one item of work; it
 * hands every message to its callback and keeps the item's first error for the
 * report. Everything takes NULL for "nobody listens". Not thread-safe. */
#ifndef REELPRESS_BASE_LOG_H
#define REELPRESS_BASE_LOG_H

#include <libintl.h>
#include <libavutil/error.h>

#define _(text)  gettext(text)
#define N_(text) text /* marks a text for translation, translated later */

enum log_level {
    LOG_LEVEL_NONE, /* nothing is told */
    LOG_LEVEL_ERROR,
    LOG_LEVEL_WARNING,
    LOG_LEVEL_INFO,
    LOG_LEVEL_VERBOSE,
};

/* `message` is one whole sentence without a line end, lent for the call. */
typedef void log_callback(void *opaque, enum log_level level,
                          const char *message);

struct log {
    enum log_level level;   /* told: this level and below */
    log_callback *callback; /* NULL: only the first error is kept */
    void *opaque;
    char *first_error; /* owned; NULL while nothing failed */
    int first_code; /* the AVERROR that came with it; 0 while nothing failed */
};

void log_init(struct log *log, enum log_level level, log_callback *callback,
              void *opaque);
void log_clear(struct log *log); /* frees first_error */

void log_warn(struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_info(struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_verbose(struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Tells an error, keeps it if it is the first, and returns `code`, so that
 * who detects can write `return log_fail(log, AVERROR(EINVAL), _("…"), …)`. */
int log_fail(struct log *log, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The system's own words for an AVERROR, in `buffer`; returns `buffer`. */
const char *log_reason(int code, char *buffer, size_t size);
#define LOG_REASON(code) log_reason((code), (char[128]){0}, 128)

#endif
