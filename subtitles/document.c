/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads one ASS document and asks libass for its images. */
#include "subtitles/document.h"

#include <libavutil/avutil.h>
#include <libavutil/common.h>
#include <libavutil/mem.h>

#include <stdlib.h>
#include <string.h>

size_t document_size(const char *text)
{
    const char *next = *text ? strstr(text + 1, "\n[Script Info]") : NULL;
    return next ? (size_t)(next + 1 - text) : strlen(text);
}

/* The header "YCbCr Matrix" of a script names the matrix with which its colours
 * were chosen to be encoded, and players since VSFilter put those very codes
 * into the picture whatever its own matrix. "None" means plain RGB; no header
 * means BT.601 (ass_types.h, ASS_YCbCrMatrix). */
static struct colour_space document_colours(const ASS_Track *track,
                                            struct colour_space frame)
{
    const enum AVColorRange limited = AVCOL_RANGE_MPEG, full = AVCOL_RANGE_JPEG;
    if (frame.matrix == AVCOL_SPC_RGB)
        return frame;
    switch (track->YCbCrMatrix) {
    case YCBCR_NONE:
        return frame;
    case YCBCR_BT709_TV:
        return (struct colour_space){AVCOL_SPC_BT709, limited};
    case YCBCR_BT709_PC:
        return (struct colour_space){AVCOL_SPC_BT709, full};
    case YCBCR_BT601_PC:
        return (struct colour_space){AVCOL_SPC_SMPTE170M, full};
    case YCBCR_SMPTE240M_TV:
        return (struct colour_space){AVCOL_SPC_SMPTE240M, limited};
    case YCBCR_SMPTE240M_PC:
        return (struct colour_space){AVCOL_SPC_SMPTE240M, full};
    case YCBCR_FCC_TV:
        return (struct colour_space){AVCOL_SPC_FCC, limited};
    case YCBCR_FCC_PC:
        return (struct colour_space){AVCOL_SPC_FCC, full};
    default:
        return (struct colour_space){AVCOL_SPC_SMPTE170M, limited};
    }
}

static int document_add_hole(struct document *document, const char *line)
{
    char *end;
    struct foreign_hole hole = {.start_ms = strtoll(line, &end, 10)};
    hole.end_ms = strtoll(end, NULL, 10);
    struct foreign_hole *holes = av_realloc_array(
        document->holes, document->hole_count + 1, sizeof(*holes));
    if (!holes)
        return AVERROR(ENOMEM);
    holes[document->hole_count++] = hole;
    document->holes = holes;
    return 0;
}

/* No picture is thrown further than this beyond a frame. */
#define MARGIN_MOST 100000

static void document_read_margins(struct document *document, const char *line)
{
    for (int i = 0; i < 4; i++) {
        char *end;
        long margin = strtol(line, &end, 10);
        document->margins[i] =
            (int)FFMAX(FFMIN(margin, MARGIN_MOST), -MARGIN_MOST);
        line = end;
    }
}

void document_fonts(const char *text, size_t size, char id[DIGEST_TEXT])
{
    const char *line = memchr(text, '\n', size);
    const size_t mark = strlen(FOREIGN_FONTS);
    size_t left = line ? size - (size_t)(line + 1 - text) : 0;
    *id = '\0';
    if (left < mark + DIGEST_TEXT ||
        strncmp(line + 1, FOREIGN_FONTS, mark) != 0 ||
        line[mark + DIGEST_TEXT] != '\n')
        return;
    memcpy(id, line + 1 + mark, DIGEST_TEXT - 1);
    id[DIGEST_TEXT - 1] = '\0';
}

/* Fonts, clock, margins and holes stand right under the first line. */
static int document_read_head(struct document *document, const char *text)
{
    const char *line = strchr(text, '\n');
    int ret = 0;
    for (; line && ret >= 0 && line[1] == ';'; line = strchr(line + 1, '\n')) {
        if (strncmp(line + 1, FOREIGN_CLOCK, strlen(FOREIGN_CLOCK)) == 0)
            document->clock_ms =
                strtoll(line + 1 + strlen(FOREIGN_CLOCK), NULL, 10);
        else if (strncmp(line + 1, FOREIGN_MARGINS, strlen(FOREIGN_MARGINS)) ==
                 0)
            document_read_margins(document, line + 1 + strlen(FOREIGN_MARGINS));
        else if (strncmp(line + 1, FOREIGN_HOLE, strlen(FOREIGN_HOLE)) == 0)
            ret = document_add_hole(document, line + 1 + strlen(FOREIGN_HOLE));
    }
    return ret;
}

int document_init(struct document *document, ASS_Library *library,
                  const char *text, size_t size, struct colour_space frame)
{
    *document = (struct document){0};
    /* libass copies the text before it reads it, in spite of the type. */
    document->track =
        ass_read_memory(library, (char *)(uintptr_t)text, size, NULL);
    if (!document->track)
        return AVERROR_INVALIDDATA;
    document->colours = document_colours(document->track, frame);
    int ret = document_read_head(document, text);
    if (ret >= 0)
        ret = history_init(&document->history, document->track);
    return ret;
}

void document_clear(struct document *document)
{
    if (document->track)
        ass_free_track(document->track);
    history_clear(&document->history);
    av_free(document->holes);
    *document = (struct document){0};
}

bool document_render(struct document *document, int64_t ms)
{
    int64_t own = ms - document->clock_ms, moment;
    bool stepped = false, hidden = false;
    int changed = 0;
    while (history_step(&document->history, own, &moment)) {
        ass_render_frame(document->renderer, document->track, moment, NULL);
        stepped = true;
    }
    document->images =
        ass_render_frame(document->renderer, document->track, own, &changed);
    for (size_t i = 0; i < document->hole_count; i++)
        hidden = hidden || (own >= document->holes[i].start_ms &&
                            own < document->holes[i].end_ms);
    if (hidden)
        document->images = NULL;
    stepped = stepped || hidden != document->hidden;
    document->hidden = hidden;
    return changed || stepped;
}
