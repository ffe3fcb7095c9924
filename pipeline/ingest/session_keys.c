/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the tables of what may stand in session.yaml. Knows nothing of what
 * the values lead to. */
#include "ingest/session_parts.h"

#include <string.h>

#include "base/text.h"

#define TEXT(name, field, alias, help)                                         \
    {                                                                          \
        name, OPTION_TEXT, offsetof(struct session_keys, field), 0, 0, NULL,   \
            NULL, help, 0, "TEXT", alias                                       \
    }
#define NODE(name, field, alias, help)                                         \
    {                                                                          \
        name, OPTION_NODE, offsetof(struct session_keys, field), 0, 0, NULL,   \
            NULL, help, 0, "MAP", alias                                        \
    }

/* clang-format off */
const struct option session_options[] = {
    TEXT("series", series, "系列", N_("the series that the session belongs to")),
    TEXT("number", number, "期数", N_("its number in the series")),
    TEXT("title", title, "标题",
         N_("the session's title; the folder's name if it is not given")),
    TEXT("date", date, "日期", N_("the day, as 2022-06-28 or 2022年6月28日")),
    TEXT("place", place, "地点", N_("where it was held")),
    TEXT("organizer", organizer, "主办", N_("who held it")),
    TEXT("credit", credit, "供稿",
         N_("the credit line of posters and metadata")),
    TEXT("copyright", copyright, "版权", N_("the copyright line")),
    TEXT("contact", contact, "联系",
         N_("whom newsrooms may call; optional")),
    {"language", OPTION_TEXT, offsetof(struct session_keys, language), 0, 0,
     NULL, "zh-CN", N_("the language of all texts"), 0, "TEXT", "语言"},
    NODE("outlets", outlets, "发布",
         N_("who gets what: recipient: preset; or a list of presets")),
    TEXT("logo", logo, "台标", N_("a PNG that is drawn in the corner")),
    {"style", OPTION_TEXT, offsetof(struct session_keys, style), 0, 0, NULL,
     "formal", N_("the style of titles and captions"), 0, "NAME", "风格"},
    TEXT("fonts", fonts, "字体", N_("a folder with fonts of the house")),
    {"keep", OPTION_LIST, offsetof(struct session_keys, keep), 0, 0, NULL,
     NULL, N_("words that are never broken over a line"), 0, "WORDS",
     "不断开"},
    NODE("people", people, "人物",
         N_("names and roles of those who speak: name: role")),
    NODE("music", music, "音乐",
         N_("a music bed: a file, or file: and level:")),
    TEXT("highlights", highlights, "清单",
         N_("the highlights list; highlights.csv if it is not given")),
    NODE("recordings", recordings, "素材",
         N_("the recordings by name; all files of the folder \"recordings\" "
            "if it is not given")),
};

const struct option recording_options[] = {
    {"file", OPTION_TEXT, offsetof(struct recording_keys, file), 0, 0, NULL,
     NULL, N_("where the recording lies"), 0, "FILE", "文件"},
    {"starts", OPTION_TEXT, offsetof(struct recording_keys, starts), 0, 0,
     NULL, NULL, N_("what the clock on the wall showed at its first frame"), 0,
     "TIME", "开始时刻"},
    {"subtitles", OPTION_TEXT, offsetof(struct recording_keys, subtitles), 0,
     0, NULL, NULL, N_("its subtitle file"), 0, "FILE", "字幕"},
    {"charset", OPTION_TEXT, offsetof(struct recording_keys, charset), 0, 0,
     NULL, NULL,
     N_("the encoding of its subtitle file, where it is taken for another"),
     0, "NAME", "编码"},
    {"recorder", OPTION_TEXT, offsetof(struct recording_keys, recorder), 0, 0,
     NULL, NULL, N_("the recording of an external recorder"), 0, "NAME",
     "录音"},
    {"offset", OPTION_TEXT, offsetof(struct recording_keys, offset), 0, 0,
     NULL, NULL,
     N_("how much later the recorder's clock runs than the camera's"), 0,
     "TIME", "偏移"},
};

const struct option music_options[] = {
    {"file", OPTION_TEXT, offsetof(struct music_keys, file), 0, 0, NULL, NULL,
     N_("the music's file"), 0, "FILE", "文件"},
    {"level", OPTION_REAL, offsetof(struct music_keys, level), -60, 0, NULL,
     "-18", N_("its loudness against the speech, in LU"), 0, "LU", "响度"},
};
/* clang-format on */

const size_t session_option_count =
    sizeof(session_options) / sizeof(session_options[0]);
const size_t recording_option_count =
    sizeof(recording_options) / sizeof(recording_options[0]);
const size_t music_option_count =
    sizeof(music_options) / sizeof(music_options[0]);

struct fault_place key_place(const struct yaml_node *map,
                             const struct option *table, size_t count,
                             const char *name)
{
    struct fault_place place = {
        .file = SESSION_FILE, .field = name, .in_text = true};
    const struct yaml_node *node = map ? yaml_find(map, name) : NULL;
    for (size_t i = 0; map && !node && i < count; i++) {
        if (strcmp(table[i].name, name) == 0 && table[i].alias)
            node = yaml_find(map, table[i].alias);
    }
    if (node) {
        place.row = node->line;
        place.column = node->column;
    }
    return place;
}
