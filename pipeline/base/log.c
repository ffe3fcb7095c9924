/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how a sentence gets from who tells it to the callback, and the memory
 * of an item's first error. Knows no terminal, no file and no language. */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/error.h>

void log_init(struct log *log, enum log_level level, log_callback *callback,
              void *opaque)
{
    *log = (struct log){.level = level, .callback = callback, .opaque = opaque};
}

void log_clear(struct log *log)
{
    free(log->first_error);
    log->first_error = NULL;
    log->first_code = 0;
}

/* One line whatever the arguments hold: a file's name may contain line ends,
 * and whoever reads the log line by line must not be misled by them. */
static char *format_line(const char *format, va_list args)
{
    char *line = NULL;
    if (vasprintf(&line, format, args) < 0)
        return NULL;
    size_t length = strlen(line);
    while (length && strchr("\r\n ", line[length - 1]))
        line[--length] = '\0';
    for (char *c = line; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    }
    return line;
}

static bool is_heard(const struct log *log, enum log_level level)
{
    return log && log->callback && level <= log->level;
}

static void tell(struct log *log, enum log_level level, const char *format,
                 va_list args)
{
    if (!is_heard(log, level))
        return;
    char *line = format_line(format, args);
    log->callback(log->opaque, level, line ? line : format);
    free(line);
}

void log_warn(struct log *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(log, LOG_LEVEL_WARNING, format, args);
    va_end(args);
}

void log_info(struct log *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(log, LOG_LEVEL_INFO, format, args);
    va_end(args);
}

void log_verbose(struct log *log, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(log, LOG_LEVEL_VERBOSE, format, args);
    va_end(args);
}

int log_fail(struct log *log, int code, const char *format, ...)
{
    if (!log)
        return code;
    va_list args;
    va_start(args, format);
    char *line = format_line(format, args);
    va_end(args);
    /* Kept before it is told: the callback may ask for the code. */
    if (!log->first_code) {
        log->first_code = code;
        log->first_error = strdup(line ? line : format);
    }
    if (is_heard(log, LOG_LEVEL_ERROR))
        log->callback(log->opaque, LOG_LEVEL_ERROR, line ? line : format);
    free(line);
    return code;
}

const char *log_reason(int code, char *buffer, size_t size)
{
    av_strerror(code, buffer, size);
    return buffer;
}
