/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the words of deliveries in both languages. */
#include "package/words.h"

#include <string.h>

static const char *const words[WORD_COUNT][2] = {
    [WORD_NONE] = {"", ""},
    [WORD_NOTES_FILE] = {"README.txt", "说明.txt"},
    [WORD_COVER] = {"cover", "封面"},
    [WORD_CHOOSE] = {"Other pictures for the cover, with their times",
                     "其他可做封面的画面和时间"},
    [WORD_POOR_COVER] = {"No picture here is good enough for a cover: write a "
                         "better time in the column \"poster\"",
                         "没有适合做封面的画面：请在“封面”一栏写一个更好的"
                         "时间"},
    [WORD_UNLETTERED] = {"without lettering", "无字"},
    [WORD_CHOICE] = {"choice", "候选"},
    [WORD_EDITED] = {"edited", "改动"},
    [WORD_SUMMARY] = {"In brief", "内容提要"},
    [WORD_WHAT] = {"What", "事件"},
    [WORD_WHO] = {"Who", "人物"},
    [WORD_WHEN] = {"When", "时间"},
    [WORD_WHERE] = {"Where", "地点"},
    [WORD_ORGANIZER] = {"Organised by", "主办"},
    [WORD_CLIPS] = {"Films", "短片"},
    [WORD_FILE] = {"File", "文件"},
    [WORD_LENGTH] = {"Length", "时长"},
    [WORD_FRAME] = {"Frame", "画面"},
    [WORD_PEOPLE] = {"People", "出镜人物"},
    [WORD_SHOT_LIST] = {"Shot list (time in the film, source, time in the "
                        "source)",
                        "场记（片中时间，素材，素材时间）"},
    [WORD_TEXT] = {"Spoken text", "同期声文字"},
    [WORD_TEXT_ESTIMATED] = {"Spoken text (times estimated)",
                             "同期声文字（时间为估算）"},
    [WORD_CREDIT] = {"Credit", "供稿"},
    [WORD_COPYRIGHT] = {"Copyright", "版权"},
    [WORD_CONTACT] = {"Contact", "联系方式"},
    [WORD_LOUDNESS] = {"Loudness", "响度"},
    [WORD_TRUE_PEAK] = {"True peak", "真峰值"},
    [WORD_PICTURES] = {"Pictures", "帧数"},
    [WORD_SIZE] = {"Size", "大小"},
    [WORD_CHECKED] = {"checked", "检查通过"},
    [WORD_FAILED] = {"failed", "未通过"},
    [WORD_NOT_MADE] = {"not made in this run", "本次未制作"},
    [WORD_POSTERS] = {"Covers", "封面"},
    [WORD_PACKAGES] = {"Packages", "投稿包"},
    [WORD_INCOMPLETE] = {"incomplete, not zipped", "不完整，未打包"},
    [WORD_SECONDS] = {"s", "秒"},
    [WORD_PHOTO] = {"photo", "照片"},
    [WORD_NOTE] = {"note", "备注"},
    [WORD_SUMS] = {"Checksums", "校验"},
    [WORD_SUMS_HOW] = {"data/SHA256SUMS; to check, inside this folder: "
                       "sha256sum -c data/SHA256SUMS",
                       "data/SHA256SUMS；在本文件夹内核对："
                       "sha256sum -c data/SHA256SUMS"},
    [WORD_CHECKS] = {"Checks", "成片检查"},
    [WORD_CLIP] = {"Film", "短片"},
    [WORD_OUTLET] = {"For", "投送"},
    [WORD_RATE] = {"Mean rate", "平均码率"},
    [WORD_SILENT] = {"silent", "无声"},
    [WORD_ZIP] = {"zip", "压缩包"},
    [WORD_FOLDER] = {"folder", "文件夹"},
    [WORD_PREVIEW] = {"Preview", "审片"},
};

const char *word(const struct session *session, enum word which)
{
    return words[which][session_is_chinese(session)];
}
