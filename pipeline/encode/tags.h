/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a film's file says of itself: from the session and the clip, nothing
 * from the clock or the machine. */
#ifndef REELPRESS_ENCODE_TAGS_H
#define REELPRESS_ENCODE_TAGS_H

#include <libavformat/avformat.h>
#include "plan/plan.h"

/* Title, organizer, series, credit, copyright and date into the container's
 * tags; the session's language into the streams'. What the session does not
 * say is left out. */
int tags_set(AVFormatContext *format, const struct session *session,
             const struct clip *clip);

#endif
