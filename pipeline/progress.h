/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people see while the program works: one moving line on a terminal,
 * plain lines elsewhere, JSON lines on request. With cli.c the only place that
 * touches stdio. */
#ifndef REELPRESS_PROGRESS_H
#define REELPRESS_PROGRESS_H

#include <stdbool.h>
#include "cli.h"
#include "produce/produce.h"

struct progress {
    bool terminal;  /* stderr is one */
    bool line_open; /* the moving line stands there now */
    bool json, quiet;
    bool many; /* sessions: each item is told with its session's name */
    int64_t told_units; /* in the last JSON event of progress */
    int told_percent;   /* last percentage in a plain line */
    int64_t drawn_ms;   /* when the line was last drawn */
};

void progress_init(struct progress *progress);
void progress_configure(struct progress *progress, const struct cli *cli);
/* struct log's callback: opaque is the progress. */
void progress_log(void *opaque, enum log_level level, const char *message);
/* produce_run's event callback. */
void progress_event(void *opaque, const struct produce_event *event);
/* Text for stdout, whole. */
void progress_print(struct progress *progress, const char *text);
/* One JSON object as a line on stdout; takes the reference. */
void progress_json(struct progress *progress, json_t *object);

#endif
