/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns how a session's date and series are written in texts and file names. */
#include "ingest/session.h"

#include <string.h>

#include "base/text.h"

bool session_is_chinese(const struct session *session)
{
    return !session->language || strncmp(session->language, "zh", 2) == 0;
}

const char *session_date(const struct session *session, struct arena *arena)
{
    return session_is_chinese(session) ? session_date_chinese(session, arena)
                                       : session_date_iso(session, arena);
}

const char *session_date_iso(const struct session *session, struct arena *arena)
{
    if (!session->year)
        return "";
    return arena_printf(arena, "%04d-%02d-%02d", session->year, session->month,
                        session->day);
}

const char *session_date_chinese(const struct session *session,
                                 struct arena *arena)
{
    if (!session->year)
        return "";
    return arena_printf(arena, "%d年%d月%d日", session->year, session->month,
                        session->day);
}

static bool has_wide(const char *text)
{
    while (*text) {
        if (text_is_wide(text_next(&text)))
            return true;
    }
    return false;
}

/* By the session's language, not the program's: this goes into the picture.
 * A number that says 第67期 itself is left as it is. */
const char *session_series_line(const struct session *session,
                                struct arena *arena)
{
    const char *series = session->series ? session->series : "";
    const char *number = session->number;
    if (text_is_blank(number))
        return series;
    if (has_wide(number))
        return arena_printf(arena, "%s%s", series, number);
    if (session_is_chinese(session))
        return arena_printf(arena, "%s第%s期", series, number);
    return arena_printf(arena, "%s%sNo. %s", series, *series ? " " : "",
                        number);
}
