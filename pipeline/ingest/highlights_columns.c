/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the headings of the highlights list: which words name which column,
 * and which row is the heading. Knows nothing of the cells below. */
#include "ingest/highlights_parts.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/text.h"

/* A title over the list and empty rows may stand before the heading. */
#define HEADING_ROWS 10

/* Written as column_fold leaves them. A column's first line is its usual name
 * in English, the second its usual one in Chinese. Lists in Big5 can hold
 * traditional characters only. */
static const struct {
    const char *name;
    enum highlight_column column;
} column_names[] = {
    {"clip", COLUMN_CLIP},         {"短片", COLUMN_CLIP},
    {"片段", COLUMN_CLIP},         {"成片", COLUMN_CLIP},
    {"clipnumber", COLUMN_CLIP},   {"source", COLUMN_SOURCE},
    {"素材", COLUMN_SOURCE},       {"file", COLUMN_SOURCE},
    {"recording", COLUMN_SOURCE},  {"素材名", COLUMN_SOURCE},
    {"素材名称", COLUMN_SOURCE},   {"文件", COLUMN_SOURCE},
    {"文件名", COLUMN_SOURCE},     {"机位", COLUMN_SOURCE},
    {"来源", COLUMN_SOURCE},       {"start", COLUMN_START},
    {"开始", COLUMN_START},        {"starttime", COLUMN_START},
    {"begin", COLUMN_START},       {"in", COLUMN_START},
    {"inpoint", COLUMN_START},     {"开始时间", COLUMN_START},
    {"起始", COLUMN_START},        {"起始时间", COLUMN_START},
    {"开始点", COLUMN_START},      {"入点", COLUMN_START},
    {"end", COLUMN_END},           {"结束", COLUMN_END},
    {"endtime", COLUMN_END},       {"out", COLUMN_END},
    {"outpoint", COLUMN_END},      {"结束时间", COLUMN_END},
    {"终止", COLUMN_END},          {"终止时间", COLUMN_END},
    {"结束点", COLUMN_END},        {"出点", COLUMN_END},
    {"duration", COLUMN_DURATION}, {"时长", COLUMN_DURATION},
    {"length", COLUMN_DURATION},   {"长度", COLUMN_DURATION},
    {"持续时间", COLUMN_DURATION}, {"title", COLUMN_TITLE},
    {"标题", COLUMN_TITLE},        {"主标题", COLUMN_TITLE},
    {"片名", COLUMN_TITLE},        {"题目", COLUMN_TITLE},
    {"subtitle", COLUMN_SUBTITLE}, {"副标题", COLUMN_SUBTITLE},
    {"副题", COLUMN_SUBTITLE},     {"speaker", COLUMN_SPEAKER},
    {"发言人", COLUMN_SPEAKER},    {"speakers", COLUMN_SPEAKER},
    {"讲话人", COLUMN_SPEAKER},    {"主讲人", COLUMN_SPEAKER},
    {"主讲", COLUMN_SPEAKER},      {"姓名", COLUMN_SPEAKER},
    {"人物", COLUMN_SPEAKER},      {"role", COLUMN_ROLE},
    {"职务", COLUMN_ROLE},         {"身份", COLUMN_ROLE},
    {"头衔", COLUMN_ROLE},         {"caption", COLUMN_CAPTION},
    {"字幕", COLUMN_CAPTION},      {"captions", COLUMN_CAPTION},
    {"台词", COLUMN_CAPTION},      {"同期声", COLUMN_CAPTION},
    {"quote", COLUMN_QUOTE},       {"金句", COLUMN_QUOTE},
    {"poster", COLUMN_POSTER},     {"封面", COLUMN_POSTER},
    {"cover", COLUMN_POSTER},      {"transition", COLUMN_TRANSITION},
    {"转场", COLUMN_TRANSITION},   {"crop", COLUMN_CROP},
    {"取景", COLUMN_CROP},         {"裁切", COLUMN_CROP},
    {"note", COLUMN_NOTE},         {"备注", COLUMN_NOTE},
    {"notes", COLUMN_NOTE},        {"说明", COLUMN_NOTE},
    {"素材名稱", COLUMN_SOURCE},   {"檔名", COLUMN_SOURCE},
    {"檔案", COLUMN_SOURCE},       {"時間長度", COLUMN_DURATION},
    {"機位", COLUMN_SOURCE},       {"來源", COLUMN_SOURCE},
    {"開始", COLUMN_START},        {"開始時間", COLUMN_START},
    {"起始時間", COLUMN_START},    {"入點", COLUMN_START},
    {"結束", COLUMN_END},          {"結束時間", COLUMN_END},
    {"終止", COLUMN_END},          {"出點", COLUMN_END},
    {"時長", COLUMN_DURATION},     {"長度", COLUMN_DURATION},
    {"標題", COLUMN_TITLE},        {"主標題", COLUMN_TITLE},
    {"題目", COLUMN_TITLE},        {"副標題", COLUMN_SUBTITLE},
    {"副題", COLUMN_SUBTITLE},     {"發言人", COLUMN_SPEAKER},
    {"講話人", COLUMN_SPEAKER},    {"主講人", COLUMN_SPEAKER},
    {"主講", COLUMN_SPEAKER},      {"職務", COLUMN_ROLE},
    {"頭銜", COLUMN_ROLE},         {"台詞", COLUMN_CAPTION},
    {"同期聲", COLUMN_CAPTION},    {"轉場", COLUMN_TRANSITION},
    {"備註", COLUMN_NOTE},         {"說明", COLUMN_NOTE},
};
#define NAME_COUNT (sizeof(column_names) / sizeof(column_names[0]))

const char *column_name(enum highlight_column column)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (column_names[i].column == column)
            return column_names[i].name;
    }
    return "";
}

/* Lower case, half width, without blanks, marks and a remark in brackets:
 * "Start　Time（时:分:秒）*" becomes "starttime". */
static const char *column_fold(const char *heading, struct arena *arena)
{
    char *text = text_fold_width(arena, heading);
    size_t to = 0;
    for (size_t from = 0; text[from]; from++) {
        unsigned char c = (unsigned char)text[from];
        if (c == '(' || c == '[')
            break;
        if (!isspace(c) && !strchr("_-*:#.", c))
            text[to++] = (char)tolower(c);
    }
    text[to] = '\0';
    return text;
}

static enum highlight_column column_of(const char *folded)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        if (strcmp(column_names[i].name, folded) == 0)
            return column_names[i].column;
    }
    return COLUMN_NONE;
}

enum highlight_column column_find(const char *heading, struct arena *arena)
{
    return column_of(column_fold(heading, arena));
}

/* Chinese headings are too short for a distance in letters: there, a heading
 * that holds a known one (开始时刻) is near it. */
static const char *column_held(const char *folded)
{
    const char *found = NULL;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        const char *name = column_names[i].name;
        if ((unsigned char)*name < 0x80 || !strstr(folded, name))
            continue;
        if (!found || strlen(name) > strlen(found))
            found = name;
    }
    return found;
}

enum highlight_column column_nearest(const char *heading, const char **name,
                                     struct arena *arena)
{
    const char *candidates[NAME_COUNT];
    for (size_t i = 0; i < NAME_COUNT; i++)
        candidates[i] = column_names[i].name;
    const char *folded = column_fold(heading, arena);
    *name = text_nearest(folded, candidates, NAME_COUNT);
    if (!*name)
        *name = column_held(folded);
    return *name ? column_of(*name) : COLUMN_NONE;
}

static size_t columns_known(const struct csv_row *row, struct arena *arena)
{
    size_t known = 0;
    for (size_t i = 0; i < row->count; i++)
        known += column_find(row->cells[i], arena) != COLUMN_NONE;
    return known;
}

static int columns_find_row(const struct csv *csv, struct arena *arena)
{
    int single = -1;
    for (size_t i = 0; i < csv->count && i < HEADING_ROWS; i++) {
        size_t known = columns_known(&csv->rows[i], arena);
        if (known >= 2)
            return (int)i;
        if (known == 1 && single < 0)
            single = (int)i;
    }
    return single;
}

/* An unknown heading that is near a column which the list lacks is a mistake
 * that would lose that column's cells; any other is somebody's own column. Its
 * cells are read as those of the column that is meant, so that what is wrong
 * with them is told in the same run, and no row is said to lack them. */
static void columns_judge_unknown(struct highlights *list,
                                  struct fault_place place, const char *heading,
                                  struct arena *arena, struct faults *faults)
{
    const char *name = NULL;
    enum highlight_column near = column_nearest(heading, &name, arena);
    if (near == COLUMN_NONE || list->columns[near]) {
        fault_add(faults, FAULT_WARNING, place,
                  _("the column \"%s\" is not known and is left out; if it is "
                    "meant to do something, the manual lists the headings"),
                  heading);
        return;
    }
    fault_add(faults, FAULT_SESSION, place,
              _("there is no column \"%s\"; did you mean \"%s\"? Rename "
                "the heading, or take the column out"),
              heading, name);
    list->columns[near] = place.column;
    list->headings[near] = heading;
}

static void columns_no_heading(const struct csv *csv, const char *file,
                               struct arena *arena, struct faults *faults)
{
    const struct csv_row *row = &csv->rows[0];
    struct fault_place place = {.file = file, .row = row->row};
    for (size_t i = 0; i < row->count; i++) {
        const char *name = NULL;
        if (column_nearest(row->cells[i], &name, arena) != COLUMN_NONE)
            fault_add(faults, FAULT_SESSION, place,
                      _("there is no column \"%s\"; did you mean \"%s\"?"),
                      text_trim(arena, row->cells[i]), name);
    }
    fault_add(faults, FAULT_SESSION, place,
              _("no row of headings was found in the first %d rows; write one "
                "above the list, such as source,start,end,title or "
                "素材,开始,结束,标题"),
              HEADING_ROWS);
}

int columns_read(struct highlights *list, const struct csv *csv,
                 const char *file, struct arena *arena, struct faults *faults)
{
    int found = columns_find_row(csv, arena);
    if (found < 0) {
        columns_no_heading(csv, file, arena, faults);
        return -1;
    }
    const struct csv_row *row = &csv->rows[found];
    struct fault_place place = {.file = file, .row = row->row};
    for (size_t i = 0; i < row->count; i++) {
        enum highlight_column column = column_find(row->cells[i], arena);
        if (column == COLUMN_NONE)
            continue;
        const char *heading = text_trim(arena, row->cells[i]);
        if (!list->columns[column]) {
            list->columns[column] = (int)i + 1;
            list->headings[column] = heading;
            continue;
        }
        place.column = (int)i + 1;
        place.field = heading;
        fault_add(faults, FAULT_SESSION, place,
                  _("\"%s\" and \"%s\" are both the column \"%s\"; keep one "
                    "of them"),
                  list->headings[column], heading, column_name(column));
    }
    for (size_t i = 0; i < row->count; i++) {
        const char *heading = text_trim(arena, row->cells[i]);
        if (!*heading || column_find(heading, arena) != COLUMN_NONE)
            continue;
        place.column = (int)i + 1;
        place.field = heading;
        columns_judge_unknown(list, place, heading, arena, faults);
    }
    return found;
}
