/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the way from a list's bytes to rows: encoding, heading, inheritance
 * from row to row. Knows nothing of recordings: that is highlights_resolve.c.
 */
#include "ingest/highlights.h"

#include <string.h>

#include "base/buffer.h"
#include "base/csv.h"
#include "base/text.h"
#include "ingest/highlights_parts.h"
#include "subtitles/charset.h"

/* What was read so far: rows below inherit from it. */
struct list_reader {
    struct highlights *list;
    const char *file;
    struct arena *arena;
    struct faults *faults;
    const char *clip; /* the last one given; NULL: `own` */
    const char *source;
};

static bool is_workbook(const char *bytes, size_t size)
{
    return size >= 4 && (memcmp(bytes, "PK\x03\x04", 4) == 0 ||
                         memcmp(bytes, "\xd0\xcf\x11\xe0", 4) == 0);
}

/* Whoever fills forms in leaves no cell empty: "/", "——" and 无 say that there
 * is nothing. What a clip "-" would be is not clear, and 无 may be spoken. */
static bool cell_is_crossed_out(enum highlight_column column, const char *text,
                                struct arena *arena)
{
    static const char *const marks = "-/\\";
    const char *folded = text_trim(arena, text_fold_width(arena, text));
    bool is_word = column == COLUMN_CAPTION || column == COLUMN_NOTE;
    if (column == COLUMN_CLIP)
        return false;
    if (!strcmp(folded, "无") || !strcmp(folded, "無"))
        return !is_word;
    while (*folded) {
        const char *at = folded;
        uint32_t character = text_next(&folded);
        if (!strchr(marks, *at) && character != 0x2013 && character != 0x2014 &&
            character != 0x2500)
            return false;
    }
    return true;
}

static void row_take_cells(struct highlight *row, const struct list_reader *in,
                           const struct csv_row *csv)
{
    for (int column = 1; column < COLUMN_COUNT; column++) {
        int at = in->list->columns[column];
        row->columns[column] = at;
        if (at == 0 || (size_t)at > csv->count)
            continue;
        const char *text = csv->cells[at - 1];
        if (!text_is_blank(text) &&
            !cell_is_crossed_out((enum highlight_column)column, text,
                                 in->arena))
            row->cells[column] = text_trim(in->arena, text);
    }
}

/* Lists pasted together repeat their heading. */
static bool row_is_heading(const struct highlight *row,
                           const struct highlights *list)
{
    bool any = false;
    for (int column = 1; column < COLUMN_COUNT; column++) {
        const char *cell = row->cells[column];
        if (!cell)
            continue;
        if (!text_equal_fold(cell, list->headings[column]))
            return false;
        any = true;
    }
    return any;
}

/* One spelling for each clip: "a", "A" and "Ａ" are the same. */
static const char *clip_spelling(const struct list_reader *in, const char *clip)
{
    const char *folded = text_fold_width(in->arena, clip);
    const char *last = NULL;
    for (size_t i = 0; i < in->list->count; i++) {
        const char *before = in->list->rows[i].clip;
        if (!before || before == last)
            continue;
        last = before;
        if (text_equal_fold(text_fold_width(in->arena, before), folded))
            return before;
    }
    return clip;
}

static void row_inherit(struct list_reader *in, struct highlight *row)
{
    if (row->cells[COLUMN_CLIP]) {
        struct cell cell =
            cell_of(in->list, row, COLUMN_CLIP, in->arena, in->faults);
        const char *clip = cell_clip(&cell);
        in->clip = clip ? clip_spelling(in, clip) : NULL;
    }
    row->clip = in->clip;
    if (row->cells[COLUMN_SOURCE])
        in->source = row->cells[COLUMN_SOURCE];
    row->source = in->source;
}

static void row_read_times(struct list_reader *in, struct highlight *row)
{
    const struct {
        enum highlight_column column;
        struct timecode *out;
    } times[] = {
        {COLUMN_START, &row->start},
        {COLUMN_END, &row->end},
        {COLUMN_DURATION, &row->duration},
    };
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        struct cell cell =
            cell_of(in->list, row, times[i].column, in->arena, in->faults);
        if (cell.text)
            cell_read_time(&cell, times[i].out);
    }
}

static void row_read_keywords(struct list_reader *in, struct highlight *row)
{
    static const struct {
        enum highlight_column column;
        void (*read)(const struct cell *cell, struct highlight *row);
    } readers[] = {
        {COLUMN_POSTER, cell_read_poster},
        {COLUMN_TRANSITION, cell_read_transition},
        {COLUMN_CROP, cell_read_crop},
        {COLUMN_SPEAKER, cell_read_speakers},
    };
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        struct cell cell =
            cell_of(in->list, row, readers[i].column, in->arena, in->faults);
        if (cell.text)
            readers[i].read(&cell, row);
    }
}

static bool rows_are_equal(const struct highlight *a, const struct highlight *b)
{
    for (int column = 1; column < COLUMN_COUNT; column++) {
        const char *left = a->cells[column], *right = b->cells[column];
        if (!left != !right || (left && strcmp(left, right) != 0))
            return false;
    }
    return true;
}

static void row_compare(struct list_reader *in, const struct highlight *row)
{
    struct fault_place place = {.file = row->file, .row = row->row};
    for (size_t i = 0; i + 1 < in->list->count; i++) {
        const struct highlight *before = &in->list->rows[i];
        if (rows_are_equal(before, row)) {
            fault_add(in->faults, FAULT_WARNING, place,
                      _("the row says exactly what row %d says; take one out "
                        "if it was pasted twice"),
                      before->row);
            return;
        }
        if (row->poster && before->poster && row->clip &&
            before->clip == row->clip) {
            fault_add(in->faults, FAULT_WARNING, place,
                      _("clip \"%s\" has its poster from row %d already, and "
                        "that one is taken; clear one of the two cells"),
                      row->clip, before->row);
            return;
        }
    }
}

static void list_add_row(struct list_reader *in, const struct csv_row *csv)
{
    struct highlight draft = {
        .file = in->file,
        .row = csv->row,
        .crop_percent = -1,
        .poster_flicks = FLICKS_NONE,
    };
    row_take_cells(&draft, in, csv);
    if (row_is_heading(&draft, in->list))
        return;
    bool empty = true;
    for (int column = 1; column < COLUMN_COUNT; column++)
        empty &= !draft.cells[column];
    if (empty)
        return;

    row_inherit(in, &draft);
    row_read_times(in, &draft);
    row_read_keywords(in, &draft);
    draft.title = draft.cells[COLUMN_TITLE];
    draft.subtitle = draft.cells[COLUMN_SUBTITLE];
    draft.caption = draft.cells[COLUMN_CAPTION];
    draft.quote = draft.cells[COLUMN_QUOTE];
    draft.note = draft.cells[COLUMN_NOTE];
    draft.role = draft.cells[COLUMN_ROLE];
    struct highlight *row =
        ARENA_PUSH(in->arena, in->list->rows, in->list->count);
    *row = draft;
    row_compare(in, row);
}

static void list_read_rows(struct list_reader *in, const struct csv *csv)
{
    struct fault_place place = {.file = in->file};
    if (!csv->count) {
        fault_add(in->faults, FAULT_SESSION, place,
                  _("the list is empty; write a row of headings and one row "
                    "for each highlight"));
        return;
    }
    int heading = columns_read(in->list, csv, in->file, in->arena, in->faults);
    if (heading < 0)
        return;
    /* From an open quotation mark on, no cell is what it seems. */
    for (size_t i = (size_t)heading + 1; i < csv->count; i++) {
        if (!csv->open_quote_row || csv->rows[i].row < csv->open_quote_row)
            list_add_row(in, &csv->rows[i]);
    }
    if (in->list->count || csv->open_quote_row)
        return;
    place.row = csv->rows[heading].row;
    fault_add(in->faults, FAULT_SESSION, place,
              _("the list has no rows below its headings; write one row for "
                "each highlight"));
}

void highlights_parse(struct highlights *out, const char *file,
                      const char *bytes, size_t size, struct arena *arena,
                      struct faults *faults)
{
    *out = (struct highlights){0};
    struct fault_place place = {.file = file};
    if (is_workbook(bytes, size)) {
        fault_add(faults, FAULT_SESSION, place,
                  _("the file is a spreadsheet program's own workbook; save it "
                    "as \"CSV UTF-8\" there and name that file"));
        return;
    }
    struct buffer text = {0};
    if (charset_decode(bytes, size, NULL, &text, &out->encoding) < 0) {
        fault_add(faults, FAULT_SESSION, place,
                  _("the file is no text in any encoding that is known; save "
                    "it as \"CSV UTF-8\" in the spreadsheet program"));
        goto done;
    }
    struct csv csv;
    csv_parse(&csv, buffer_text(&text), text.size, arena);
    out->separator = csv.separator;
    if (csv.open_quote_row) {
        place.row = csv.open_quote_row;
        fault_add(faults, FAULT_SESSION, place,
                  _("a quotation mark that opens in this row is never closed, "
                    "so the rows below can't be told apart; close it at the "
                    "cell's end, or write \"\" for a mark in the text"));
    }
    struct list_reader in = {
        .list = out,
        .file = arena_strdup(arena, file),
        .arena = arena,
        .faults = faults,
    };
    list_read_rows(&in, &csv);

done:
    buffer_clear(&text);
}
