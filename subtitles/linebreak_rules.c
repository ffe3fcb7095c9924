/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates every place between two characters as an end of line: libunibreak's
 * opportunities (UAX 14), W3C CLREQ's basic rules, words and numbers that stay
 * whole, and what reads well in Chinese. Knows no widths. */
#include "subtitles/linebreak_parts.h"

#include <string.h>

#include <linebreak.h>

#include "base/text.h"

/* CLREQ, "Prohibition rules for line start and line end", basic level, and the
 * ASCII and half-width forms that people type instead. */
static const char not_at_start[] =
    "，、；：。！？．,.;:!?)]}）］｝〉》」』】〕〗〙〛〞”’»›·‧・•～〜~–‐-/"
    "／％%‰"
    "℃℉°′″…⋯々ー｡､｣";
static const char not_at_end[] =
    "〈《「『【〔〖〘〚〝“‘«‹（［｛([{#＃@＠￥¥$£€№";
/* Particles and suffixes that lean on the word before. */
static const char leans_back[] = "的了着过们吗呢吧啊呀嘛么地得性化者之等";
/* Words that open what follows: a line may well begin with them, and should
 * not end in them. */
static const char opens[] =
    "和与及或而但并且把被将从向对以为在是让使由给跟就都也"
    "还要不更最很这那每各再又";
/* What counts or measures a number before it. */
static const char units[] =
    "年月日号时点分秒刻期届次个名位人万亿千百十周岁条元角项米克吨度倍版章节页篇"
    "场"
    "集天件座辆张支句回轮组枚层楼栋户家所只头斤亩里公厘平立多余%％‰℃℉°";
static const char numerals[] = "〇零一二三四五六七八九十百千万亿两";

/* Words of two characters that such texts are full of; between their halves a
 * line should not end. A full dictionary would be no better at half a line. */
static const char words[] =
    " 我们 你们 他们 她们 它们 咱们 大家 自己 同志 "
    "朋友 老师 同学 先生 女士 代表"
    " 群众 人民 国家 社会 政府 组织 干部 党员 党委 "
    "支部 书记 主席 主任 部长 市长"
    " 领导 青年 学生 孩子 父母 家庭 学校 单位 办公 "
    "公室 学习 读书 教育 宣传 宣讲"
    " 演讲 比赛 活动 会议 讲座 辩论 知识 竞赛 参观 "
    "文化 文明 文艺 文学 历史 党史"
    " 革命 精神 思想 理论 实践 主题 主义 初心 使命 "
    "奋斗 发展 建设 改革 开放 创新"
    " 服务 工作 生活 生产 生态 经济 政治 科学 技术 "
    "信息 网络 数据 媒体 新闻 记者"
    " 报道 城市 农村 乡村 振兴 脱贫 攻坚 小康 复兴 "
    "伟大 光荣 传统 优秀 先进 红色"
    " 故事 经验 问题 方法 方式 方面 方向 办法 措施 "
    "成果 成绩 成就 成立 目标 目的"
    " 任务 责任 担当 作用 作风 作为 意义 意识 内容 "
    "内心 基础 基层 基本 条件 环境"
    " 今天 明天 昨天 今年 去年 明年 现在 过去 未来 "
    "时代 时间 时候 时期 当时 同时"
    " 一个 一种 一些 一起 一定 一直 一样 一次 一切 "
    "第一 这个 这些 这样 这里 那个"
    " 那些 那样 那里 每个 哪里 什么 怎么 为什 如何 "
    "可以 可能 能够 应该 必须 需要"
    " 希望 相信 认为 觉得 知道 看到 听到 感到 感受 "
    "感谢 欢迎 祝贺 祝愿 热烈 隆重"
    " 举行 召开 开展 开始 进行 进入 参加 参与 组成 "
    "完成 实现 实际 推动 推进 促进"
    " 加强 加快 提高 提升 提出 坚持 坚定 坚决 保持 "
    "保护 保障 继续 继承 传承 弘扬"
    " 发扬 发挥 发现 发生 努力 积极 认真 深入 深刻 "
    "深厚 全面 全国 全市 全体 全部"
    " 中国 中华 中央 中共 共产 民族 世界 国际 祖国 "
    "英雄 烈士 先烈 长征 抗战 战争"
    " 胜利 解放 和平 安全 健康 幸福 美好 美丽 快乐 "
    "温暖 重要 重大 主要 特别 非常"
    " 已经 正在 曾经 没有 不是 不能 不要 不断 不仅 "
    "不会 就是 还是 也是 都是 只有"
    " 只要 因为 所以 但是 而且 如果 虽然 不过 然后 "
    "以后 以前 以及 以来 之后 之前"
    " 关于 对于 通过 根据 按照 为了 作品 作者 作家 "
    "书籍 阅读 书香 阅览 分享"
    " 交流 讨论 观点 观众 评委 选手 冠军 队员 正方 "
    "反方 论点 答题 抢答 题目 分钟"
    " 小时 星期 上午 下午 晚上 早上 喜欢 热爱 关心 "
    "支持 帮助 理解 尊重 信任 力量"
    " 信念 信仰 理想 梦想 道路 制度 法律 法治 廉洁 "
    "清廉 纪律 监督 检查 调查 研究"
    " 湖南 湖北 广东 广西 河南 河北 山东 山西 江西 "
    "江苏 浙江 安徽 福建 四川 云南"
    " 贵州 陕西 甘肃 海南 辽宁 吉林 北京 上海 天津 "
    "重庆 长沙 郴州 党组 党校 图书"
    " 增长 增加 减少 半条 被子 真正 真理 最后 最大 更加 越来 来越 "
    "许多 很多 其他 其中 起来 出来 ";

static bool is_in(const char *set, uint32_t character)
{
    uint32_t member;
    while ((member = text_next(&set))) {
        if (member == character)
            return true;
    }
    return false;
}

bool break_is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x3000 ||
           c == 0x2028 || c == 0x2029 || (c >= 0x2000 && c <= 0x200A);
}

static bool is_digit(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

/* Letters and signs of Latin words, numbers, addresses and formulas. */
static bool is_latin(uint32_t c)
{
    return (c > ' ' && c < 0x7F) || (c >= 0xC0 && c < 0x2000) || is_digit(c);
}

static bool is_letter(uint32_t c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           (c >= 0xC0 && c < 0x2000);
}

static bool is_common_word(uint32_t first, uint32_t second)
{
    char word[16];
    char a[5], b[5];
    size_t size = 0;
    text_encode(first, a);
    text_encode(second, b);
    word[size++] = ' ';
    for (const char *at = a; *at; at++)
        word[size++] = *at;
    for (const char *at = b; *at; at++)
        word[size++] = *at;
    word[size++] = ' ';
    word[size] = 0;
    return strstr(words, word) != NULL;
}

static void text_read(struct break_text *out, const char *text,
                      struct arena *arena)
{
    size_t count = text_count(text);
    char *bytes = arena_strdup(arena, text);
    out->bytes = bytes;
    out->characters = arena_alloc(arena, (count + 1) * sizeof(uint32_t));
    out->offsets = arena_alloc(arena, (count + 1) * sizeof(size_t));
    out->cost = arena_alloc(arena, (count + 1) * sizeof(int));
    for (const char *at = bytes; *at && out->count < count; out->count++) {
        char *begin = bytes + (at - bytes);
        out->offsets[out->count] = (size_t)(at - bytes);
        uint32_t character = text_next(&at);
        if (character == '\n' || character == '\r' || character == '\t') {
            *begin = ' ';
            character = ' ';
        }
        out->characters[out->count] = character;
    }
    out->offsets[out->count] = strlen(bytes);
}

/* Numbers in characters that are too long to be one are lists: 一二三四五…. */
#define NUMERALS_MOST 10

static bool is_long_numeral(const struct break_text *text, size_t i)
{
    size_t from = i, to = i;
    while (from > 0 && is_in(numerals, text->characters[from - 1]))
        from--;
    while (to < text->count && is_in(numerals, text->characters[to]))
        to++;
    return to - from > NUMERALS_MOST;
}

/* Numbers with what belongs to them: digits, their unit, 第…届, year-month-day
 * as far as it is one number. */
static bool joins_number(const struct break_text *text, size_t i)
{
    uint32_t before = text->characters[i - 1], after = text->characters[i];
    if (is_digit(before) && (is_digit(after) || is_in(units, after)))
        return true;
    if (before == 0x7B2C) /* 第 */
        return is_digit(after) || is_in(numerals, after);
    if (is_in("约近逾超达共", before) && is_digit(after))
        return true;
    /* A unit of two characters: 2公里, 5万人, 100周年. */
    if (i >= 2 && is_digit(text->characters[i - 2]) && is_in(units, before) &&
        (is_in("里斤分升尺顷年元人吨度岁米方多余", after)))
        return true;
    if (!is_in(numerals, before))
        return false;
    if (is_in(numerals, after))
        return !is_long_numeral(text, i);
    if (!is_in(units, after))
        return false;
    /* 十九届, but not any 一 before a measure word alone. */
    for (size_t k = i - 1; k > 0 && i - k < 8; k--) {
        if (text->characters[k - 1] == 0x7B2C)
            return true;
        if (!is_in(numerals, text->characters[k - 1]))
            break;
    }
    return i >= 2 && is_in(numerals, text->characters[i - 2]);
}

static bool joins_pair(uint32_t before, uint32_t after)
{
    return before == after &&
           (before == 0x2014 || before == 0x2026 || before == 0x2E3A ||
            before == 0x22EF || before == 0x2015);
}

/* "5 km", "3 GB", "No. 3": the blank holds a number to its unit. Two letters at
 * most, or a whole sentence would hang on its year. */
static bool blank_joins(const struct break_text *text, size_t i)
{
    if (i < 2 || text->characters[i - 1] != ' ' ||
        !is_digit(text->characters[i - 2]))
        return false;
    size_t letters = 0;
    while (i + letters < text->count &&
           is_letter(text->characters[i + letters]))
        letters++;
    bool ends = i + letters == text->count ||
                !is_latin(text->characters[i + letters]) ||
                is_in(",.;:!?)", text->characters[i + letters]);
    return letters > 0 && letters <= 2 && ends;
}

/* Blanks do not free a mark: "！" after one still begins no line. */
static bool is_bound_over_blanks(const struct break_text *text, size_t i)
{
    size_t k = i;
    while (k > 0 && break_is_blank(text->characters[k - 1]))
        k--;
    uint32_t after = text->characters[i];
    if (k > 0 && is_in(not_at_end, text->characters[k - 1]))
        return true;
    return is_in(not_at_start, after) && !is_in("-‐–/／~～〜·‧・•%‰°", after);
}

/* CLREQ and what must stay whole; 0: a line may end here. */
static int prohibition(const struct break_text *text, size_t i, char allowed)
{
    uint32_t before = text->characters[i - 1], after = text->characters[i];
    bool spaced = break_is_blank(before);

    if (allowed == LINEBREAK_INSIDEACHAR || joins_pair(before, after))
        return BREAK_NEVER;
    if (break_is_blank(after)) /* the blank goes to the line before */
        return BREAK_NEVER;
    if (spaced && is_bound_over_blanks(text, i))
        return BREAK_NEVER;
    if (!spaced && is_in(not_at_end, before))
        return BREAK_NEVER;
    if (!spaced && is_in(not_at_start, after))
        return is_latin(before) && is_latin(after) ? BREAK_FORCED : BREAK_NEVER;
    if (blank_joins(text, i))
        return BREAK_FORCED;
    if (spaced)
        return 0;
    if (is_latin(before) && is_latin(after))
        return before == '-' && is_letter(after) && i >= 2 &&
                       is_letter(text->characters[i - 2])
                   ? 0
                   : BREAK_FORCED;
    if (joins_number(text, i))
        return BREAK_FORCED;
    return allowed == LINEBREAK_NOBREAK ? BREAK_NEVER : 0;
}

static int cost_of(const struct break_text *text, size_t i)
{
    uint32_t before = text->characters[i - 1], after = text->characters[i];
    if (break_is_blank(before)) {
        size_t k = i - 1;
        while (k > 0 && break_is_blank(text->characters[k]))
            k--;
        return is_latin(text->characters[k]) && is_latin(after) ? 4 : 1;
    }
    if (is_in("”’」』）)》〉】…—⸺！？。!?", before)) {
        if (is_in("。！？!?…", before))
            return 0;
        return is_in("—⸺", before) ? 2 : 4;
    }
    if (is_in("；;", before))
        return 0;
    if (is_in("：:", before))
        return 1;
    if (is_in("，,", before))
        return 2;
    if (is_in("、", before))
        return 3;
    if (is_in("《“「『（(【〈—⸺", after))
        return 5;
    if (is_in("·‧・", before))
        return 7;

    int cost = 10;
    if (is_common_word(before, after))
        cost += 12;
    if (is_in(leans_back, after))
        cost += 10;
    if (is_in(opens, before))
        cost += 5;
    if (is_in("的了着", before))
        cost -= 5;
    if (is_in(opens, after) && !is_common_word(before, after))
        cost -= 4;
    if (is_in(units, before) && is_digit(after))
        cost += 8; /* 2022年|6月 */
    if (i + 1 < text->count && is_common_word(after, text->characters[i + 1]))
        cost -= 2;
    if (i >= 2 && is_common_word(text->characters[i - 2], before))
        cost -= 1;
    return cost < 3 ? 3 : cost;
}

static void keep_words(struct break_text *text, const char *const *keep,
                       size_t keep_count)
{
    for (size_t k = 0; k < keep_count; k++) {
        size_t size = strlen(keep[k]);
        const char *at = size ? strstr(text->bytes, keep[k]) : NULL;
        for (; at; at = strstr(at + 1, keep[k])) {
            size_t begin = (size_t)(at - text->bytes);
            for (size_t i = 1; i < text->count; i++) {
                if (text->offsets[i] > begin &&
                    text->offsets[i] < begin + size &&
                    text->cost[i] != BREAK_NEVER)
                    text->cost[i] = BREAK_FORCED;
            }
        }
    }
}

/* Titles of books and short quotes read badly in two: a break inside costs
 * more, unless the quote is itself a sentence. */
static void spare_quotes(struct break_text *text)
{
    static const char *const pairs[] = {"《》", "“”", "「」", "『』", "（）"};
    for (size_t p = 0; p < sizeof(pairs) / sizeof(*pairs); p++) {
        const char *at = pairs[p];
        uint32_t open = text_next(&at), close = text_next(&at);
        size_t begin = 0;
        for (size_t i = 0; i < text->count; i++) {
            if (text->characters[i] == open)
                begin = i + 1;
            if (text->characters[i] != close || !begin)
                continue;
            for (size_t k = begin; k <= i && i - begin < 12; k++) {
                if (text->cost[k] > BREAK_CLAUSE)
                    text->cost[k] += 10;
            }
            begin = 0;
        }
    }
}

void break_text_rate(struct break_text *out, const char *text,
                     const char *const *keep, size_t keep_count,
                     struct arena *arena)
{
    memset(out, 0, sizeof(*out));
    text_read(out, text, arena);
    char *allowed = arena_alloc(arena, out->count + 1);
    /* Builds a table inside the library; doing it again changes nothing. */
    init_linebreak();
    set_linebreaks_utf32(out->characters, out->count, "zh", allowed);
    for (size_t i = 1; i < out->count; i++) {
        out->cost[i] = prohibition(out, i, allowed[i - 1]);
        if (out->cost[i] == 0)
            out->cost[i] = cost_of(out, i);
    }
    keep_words(out, keep, keep_count);
    spare_quotes(out);
}
