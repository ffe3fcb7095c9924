/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Line breaking: a table of sentences with the breaks that an editor would
 * make, and what must hold for any text at all. Needs Noto Sans CJK SC. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/text.h"
#include "script_fixture.h"
#include "subtitles/linebreak.h"

#define EM 100.0

static const char *const keep[] = {"半条被子", "沙洲村",   "李明",
                                   "徐解秀",   "欧阳修远", "郴州市图书馆"};

/* How: c caption (two lines), t title (three, clauses first, a dash
 * begins a line), q quote (five, clauses first),
 * p pieces of captions. Width in full characters. Flags: ! does not fit,
 * * a word was broken. */
struct golden {
    char how;
    int characters;
    const char *text, *lines, *flags;
};

/* clang-format off */
static const struct golden table[] = {
    {'c', 16, "同志们，大家好",
     "同志们，大家好", ""},
    {'c', 16, "今天，我们在郴州市图书馆一起学习党的百年奋斗历史",
     "今天，我们在郴州市图书馆|一起学习党的百年奋斗历史", ""},
    {'c', 16, "1934年11月，三位女红军借宿在沙洲村徐解秀老人家中",
     "1934年11月，三位女红军|借宿在沙洲村徐解秀老人家中", ""},
    {'c', 13, "1934年11月，三位女红军借宿在沙洲村徐解秀老人家中",
     "1934年11月，三位女红军|借宿在沙洲村徐解秀老人家中", ""},
    {'c', 16, "什么是共产党？就是自己有一条被子也要剪下半条给老百姓的人",
     "什么是共产党？就是自己有一条|被子也要剪下半条给老百姓的人", ""},
    {'c', 13, "同志们、朋友们，大家下午好",
     "同志们、朋友们，大家下午好", ""},
    {'c', 13, "欢迎大家来到第六十七期读书会现场",
     "欢迎大家来到|第六十七期读书会现场", ""},
    {'c', 16, "下面有请市委办公室主任李明同志为我们作宣讲",
     "下面有请市委办公室|主任李明同志为我们作宣讲", ""},
    {'c', 16, "第67期读书会在2022年6月28日下午3点准时开始",
     "第67期读书会|在2022年6月28日下午3点准时开始", ""},
    {'c', 16, "全市共有2351个基层党组织、58900名党员参加了学习",
     "全市共有2351个基层党组织、|58900名党员参加了学习", ""},
    {'c', 16, "参加活动的人数比去年增长了35.6%，满意度达到98%",
     "参加活动的人数比去年|增长了35.6%，满意度达到98%", ""},
    {'c', 16, "他说：“一定要把《半条被子》的故事讲给更多年轻人听。”",
     "他说：“一定要把《半条被子》|的故事讲给更多年轻人听。”", ""},
    {'c', 16, "《习近平谈治国理政》第四卷出版发行座谈会在北京举行",
     "《习近平谈治国理政》|第四卷出版发行座谈会在北京举行", ""},
    {'c', 16, "这就是我们的初心——为人民谋幸福，为民族谋复兴",
     "这就是我们的初心——|为人民谋幸福，为民族谋复兴", ""},
    {'c', 16, "那一夜……她们四个人盖着一条被子挤在一张床上",
     "那一夜……她们四个人|盖着一条被子挤在一张床上", ""},
    {'c', 16, "我们要学习马克思主义、毛泽东思想和邓小平理论",
     "我们要学习马克思主义、|毛泽东思想和邓小平理论", ""},
    {'c', 16, "卡尔·马克思和弗里德里希·恩格斯写下了《共产党宣言》",
     "卡尔·马克思和弗里德里希·|恩格斯写下了《共产党宣言》", ""},
    {'c', 16, "我们的公众号是“郴州发布”，欢迎关注、点赞、转发！",
     "我们的公众号是“郴州发布”，|欢迎关注、点赞、转发！", ""},
    {'c', 16, "请大家访问www.chenzhou.gov.cn查看详细的活动安排",
     "请大家访问www.chenzhou.gov.cn|查看详细的活动安排", ""},
    {'c', 16, "使用AI技术和5G网络，让红色故事传得更远更广",
     "使用AI技术和5G网络，|让红色故事传得更远更广", ""},
    {'c', 16, "我们用FFmpeg 5.1和libass制作了这部短片的字幕",
     "我们用FFmpeg 5.1|和libass制作了这部短片的字幕", ""},
    {'c', 16, "最高气温将达到38℃，请大家注意防暑降温多喝水",
     "最高气温将达到38℃，|请大家注意防暑降温多喝水", ""},
    {'c', 16, "全长1200km的长征路，平均每天要走35公里以上",
     "全长1200km的长征路，|平均每天要走35公里以上", ""},
    {'c', 16, "（掌声）谢谢大家！谢谢！今天的读书会到此结束。",
     "（掌声）谢谢大家！谢谢！|今天的读书会到此结束。", ""},
    {'c', 16, "“请问，什么是初心？”“初心就是为老百姓办事。”",
     "“请问，什么是初心？”|“初心就是为老百姓办事。”", ""},
    {'c', 16, "大家好，我是欧阳修远，来自郴州市第一中学高二年级",
     "大家好，我是欧阳修远，|来自郴州市第一中学高二年级", ""},
    {'c', 16, "在党的二十大报告中明确提出了中国式现代化的本质要求",
     "在党的二十大报告中明确|提出了中国式现代化的本质要求", ""},
    {'c', 16, "啊！！！！！！太精彩了，这场辩论真是太精彩了！",
     "啊！！！！！！太精彩了，|这场辩论真是太精彩了！", ""},
    {'c', 16, "一二三四五六七八九十一二三四五六七八",
     "一二三四五六七八九|十一二三四五六七八", ""},
    {'c', 16, "我一边读，一边想，一边流泪，久久不能平静下来。",
     "我一边读，一边想，|一边流泪，久久不能平静下来。", ""},
    {'c', 16, "同学们的表现非常好，特别是反方二辩的总结陈词。",
     "同学们的表现非常好，|特别是反方二辩的总结陈词。", ""},
    {'c', 16, "正方认为：科技发展利大于弊；反方认为：弊大于利。",
     "正方认为：科技发展利大于弊；|反方认为：弊大于利。", ""},
    {'c', 16, "本场得分：正方92.5分，反方91.75分，正方获胜！",
     "本场得分：正方92.5分，|反方91.75分，正方获胜！", ""},
    {'c', 16, "Please welcome Professor Zhang from Hunan University",
     "Please welcome Professor|Zhang from Hunan University", ""},
    {'c', 16, "The quick brown fox jumps over the lazy dog again",
     "The quick brown fox|jumps over the lazy dog again", ""},
    {'c', 16, "让我们以热烈的掌声欢迎今天的主讲嘉宾王芳老师",
     "让我们以热烈的掌声欢迎|今天的主讲嘉宾王芳老师", ""},
    {'c', 16, "书籍是人类进步的阶梯——高尔基的这句话大家都知道",
     "书籍是人类进步的阶梯——|高尔基的这句话大家都知道", ""},
    {'c', 16, "为什么我的眼里常含泪水？因为我对这土地爱得深沉",
     "为什么我的眼里常含泪水？|因为我对这土地爱得深沉", ""},
    {'c', 16, "我宣布：郴州市第67期“庆七一·讲党史”读书会，现在开始！",
     "我宣布：郴州市第67期“庆|七一·讲党史”读书会，现在开始！", ""},
    {'c', 16, "从1921年到2021年，中国共产党走过了整整一百年",
     "从1921年到2021年，|中国共产党走过了整整一百年", ""},
    {'c', 16, "一共答对了12道题，得了120分，排在第3名的位置",
     "一共答对了12道题，|得了120分，排在第3名的位置", ""},
    {'c', 16, "价格从￥99.00降到￥59.90，优惠幅度超过40%",
     "价格从￥99.00降到￥59.90，|优惠幅度超过40%", ""},
    {'c', 16, "这是一个没有任何标点符号的很长很长的句子需要分行",
     "这是一个没有任何标点|符号的很长很长的句子需要分行", ""},
    {'c', 16, "老人说 同志啊 你们一定要好好学习 天天向上",
     "老人说 同志啊|你们一定要好好学习 天天向上", ""},
    {'c', 16, "𠮷野家和㛃姑娘的名字里都有生僻字𬱖字也一样可以显示",
     "𠮷野家和㛃姑娘的名字里|都有生僻字𬱖字也一样可以显示", ""},
    {'c', 16, "繁體字也應該能夠正確地換行，不會在行首出現標點。",
     "繁體字也應該能夠正確地換行，|不會在行首出現標點。", ""},
    {'t', 10, "庆七一·讲党史",
     "庆七一·讲党史", ""},
    {'t', 6, "庆七一·讲党史",
     "庆七一·|讲党史", ""},
    {'t', 10, "半条被子的故事——湖南省郴州市沙洲村纪行",
     "半条被子的故事|——湖南省|郴州市沙洲村纪行", ""},
    {'t', 16, "半条被子的故事——沙洲村纪行",
     "半条被子的故事——沙洲村纪行", ""},
    {'t', 11, "半条被子的故事——沙洲村纪行",
     "半条被子的故事|——沙洲村纪行", ""},
    {'t', 11, "深入学习贯彻党的二十大精神，奋力谱写中国式现代化湖南新篇章",
     "深入学习贯彻党的|二十大精神，奋力谱写|中国式现代化湖南新篇章", ""},
    {'t', 10, "青春心向党 奋进新征程",
     "青春心向党|奋进新征程", ""},
    {'t', 10, "“学习贯彻党的二十大精神”主题读书分享会",
     "“学习贯彻党的|二十大精神”|主题读书分享会", ""},
    {'t', 8, "我和我的祖国：第二届青少年演讲比赛决赛",
     "我和我的祖国：|第二届青少年|演讲比赛决赛", ""},
    {'q', 9, "什么是共产党？就是自己有一条被子，也要剪下半条给老百姓的人",
     "什么是共产党？|就是自己有一条|被子，也要剪下半条|给老百姓的人", ""},
    {'q', 8, "把故事讲给更多的人听",
     "把故事|讲给更多的人听", ""},
    {'q', 12, "人民就是江山，江山就是人民，打江山、守江山，守的是人民的心",
     "人民就是江山，|江山就是人民，打江山、|守江山，守的是人民的心", ""},
    {'q', 9, "不忘初心，方得始终",
     "不忘初心，方得始终", ""},
    {'p', 16, "同志们，朋友们，今天我们在这里举行读书会，主要有三个目的：第一，重温党的历史；第二，学习先进人物；第三，交流读书心得。希望大家积极发言，畅谈体会。",
     "同志们，朋友们，今天我们在这里举行读书会，主要有三个目的：|第一，重温党的历史；第二，学习先进人物；第三，交流读书心得。|希望大家积极发言，畅谈体会。", ""},
    {'p', 16, "这是一个没有任何标点符号的很长很长的句子需要按照时间拆分成好几个部分来依次显示给观众们观看才能读得完",
     "这是一个没有任何标点符号的很长很长的|句子需要按照时间拆分成好几个部分来依次显示给观众们观看才能读得完", ""},
    {'p', 13, "我记得那是1934年的冬天，天气特别冷，三位女红军战士来到我家，看到我家里穷得连被子都没有。",
     "我记得那是1934年的冬天，天气特别冷，|三位女红军战士来到我家，|看到我家里穷得连被子都没有。", ""},
    {'p', 16, "短句。",
     "短句。", ""},
    {'c', 8, "Supercalifragilisticexpialidocious",
     "Supercalifragilist|icexpialidocious", "*"},
    {'c', 4, "，，，，，，，，，，，，，，，，",
     "，，，，|，，，，|，，，，|，，，，", "!*"},
    {'c', 5, "（（（（（（（（（（（（",
     "（（（（（|（（（（（|（（", "!*"},
    {'c', 1, "天地玄黄",
     "天|地|玄|黄", "!"},
    {'c', 16, "——————————————————————————————",
     "——————————————————|————————————", "*"},
    {'c', 16, "他走了十里、二十里、三十里山路，终于看到了红军的队伍",
     "他走了十里、二十里、|三十里山路，终于看到了红军的队伍", ""},
    {'c', 16, "请扫描屏幕下方的二维码，报名参加7月15日的线下活动",
     "请扫描屏幕下方的二维码，|报名参加7月15日的线下活动", ""},
    {'c', 16, "主办：中共郴州市委办公室  承办：郴州市图书馆",
     "主办：中共郴州市委办公室|承办：郴州市图书馆", ""},
    {'c', 16, "我们要坚持以人民为中心的发展思想，不断实现人民对美好生活的向往",
     "我们要坚持以人民为中心的发展思|想，不断实现人民对美好生活的向往", ""},
    {'c', 16, "请问对方辩友：难道没有网络就不能学习了吗？",
     "请问对方辩友：|难道没有网络就不能学习了吗？", ""},
    {'c', 16, "让我们掌声有请——来自郴州市图书馆的徐解秀老师！",
     "让我们掌声有请——|来自郴州市图书馆的徐解秀老师！", ""},
    {'c', 16, "“学习强国”APP上线3年来，累计用户超过2亿人",
     "“学习强国”APP上线3年来，|累计用户超过2亿人", ""},
    {'c', 16, "2022年6月28日上午9时30分，读书会在市图书馆举行",
     "2022年6月28日上午9时30分，|读书会在市图书馆举行", ""},
    {'c', 16, "他在《论共产党员的修养》（1939年）中这样写道",
     "他在《论共产党员的修养》|（1939年）中这样写道", ""},
    {'c', 16, "人民邮电出版社2021年版第128页有详细说明",
     "人民邮电出版社|2021年版第128页有详细说明", ""},
    {'c', 16, "COVID-19疫情期间，全市党员干部冲锋在前",
     "COVID-19疫情期间，|全市党员干部冲锋在前", ""},
    {'c', 16, "我想说的是，读书不是为了雄辩和驳斥，而是为了思考",
     "我想说的是，读书不是为了|雄辩和驳斥，而是为了思考", ""},
    {'c', 13, "让我们一起翻开这本厚厚的历史书",
     "让我们一起翻开|这本厚厚的历史书", ""},
    {'p', 16, "我们要坚持以人民为中心的发展思想，不断实现人民对美好生活的向往",
     "我们要坚持以人民为中心的发展思想，|不断实现人民对美好生活的向往", ""},
    {'p', 16, "我宣布：郴州市第67期“庆七一·讲党史”读书会，现在开始！",
     "我宣布：郴州市第67期“庆七一·讲党史”读书会，现在开始！", ""},
    {'c', 12, "这些志愿者在博物馆门口耐心解答游客疑问",
     "这些志愿者在博物馆|门口耐心解答游客疑问", ""},
    {'c', 12, "我们沿着崎岖蜿蜒的山路徒步走向瞭望塔",
     "我们沿着崎岖蜿蜒的|山路徒步走向瞭望塔", ""},
    {'c', 11, "นี่คือการทดสอบการตัดคำภาษาไทยที่ยาวมากสำหรับคำบรรยาย",
     "นี่คือการ|ทดสอบการตัด|คำภาษาไทย|ที่ยาวมาก|สำหรับคำ|บรรยาย", "!"},
    {'q', 12, "人民就是江山，江山就是人民，打江山、守江山，守的是人民的心啊",
     "人民就是江山，|江山就是人民，打江山、|守江山，守的是人民的心啊", ""},
};
/* clang-format on */

static struct line_rules rules_for(const struct fixture *fixture, char how,
                                   int characters)
{
    return (struct line_rules){
        .faces = fixture->faces,
        .size_px = EM,
        .width_px = characters * EM + 1,
        .max_lines = how == 'q'   ? 5
                     : how == 't' ? 3
                                  : 2,
        .lower_longer = how == 'c',
        .keep_clauses = how == 'q' || how == 't',
        .dash_leads = how == 't',
        .keep = keep,
        .keep_count = sizeof(keep) / sizeof(*keep),
    };
}

static void test_table(void **state)
{
    const struct fixture *fixture = *state;
    size_t other = 0; /* all are told, then it fails */
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        const struct golden *golden = &table[i];
        struct line_rules rules =
            rules_for(fixture, golden->how, golden->characters);
        struct lines lines =
            golden->how == 'p'
                ? lines_pieces(&rules, golden->text, fixture->arena)
                : lines_break(&rules, golden->text, fixture->arena);
        struct buffer got = {0};
        for (size_t k = 0; k < lines.count; k++)
            buffer_printf(&got, "%s%s", k ? "|" : "", lines.list[k]);
        if (strcmp(buffer_text(&got), golden->lines) != 0) {
            print_error("%s\n%s expected\n", buffer_text(&got), golden->lines);
            other++;
        }
        assert_int_equal(lines.fits, !strchr(golden->flags, '!'));
        assert_int_equal(lines.forced, strchr(golden->flags, '*') != NULL);
        buffer_clear(&got);
    }
    assert_int_equal(other, 0);
}

static double ink_width(const struct fixture *fixture, const char *text)
{
    struct face_line line;
    faces_measure(fixture->faces, 0, EM, 0, text, &line);
    return line.ink_right - line.ink_left;
}

/* A text of clauses, numbers, names and Latin words, 1 to 80 characters. */
static void make_text(struct buffer *out, uint32_t *random)
{
    static const char *const parts[] = {
        "我们",     "学习",        "，",           "。",   "《党章》", "2022年",
        "第十九届", "35.6%",       "郴州市图书馆", "李明", "的",       "和",
        "——",       "……",          "“初心”",       "AI",   "Hunan ",   "、",
        "精神",     "（掌声）",    "？",           "38℃",  "群众",     "：",
        "徐解秀",   "卡尔·马克思", "5 km ",        "讲",   "𠮷",       "！",
    };
    *random = *random * 1664525 + 1013904223;
    size_t wanted = 1 + (*random >> 8) % 80;
    buffer_reset(out);
    for (;;) {
        *random = *random * 1664525 + 1013904223;
        const char *part =
            parts[(*random >> 8) % (sizeof(parts) / sizeof(*parts))];
        if (out->size &&
            text_count(buffer_text(out)) + text_count(part) > wanted)
            return;
        buffer_puts(out, part);
    }
}

static bool begins_with_any(const char *text, const char *set)
{
    uint32_t first = text_next(&text), member;
    while ((member = text_next(&set))) {
        if (member == first)
            return true;
    }
    return false;
}

static bool ends_with_any(const char *text, const char *set)
{
    uint32_t character, last = 0, member;
    while ((character = text_next(&text)))
        last = character;
    while ((member = text_next(&set))) {
        if (member == last)
            return true;
    }
    return false;
}

/* Both halves of something that should stay whole: it ended one line in part
 * and the next began with the rest. */
static bool is_split(const char *upper, const char *lower, const char *word)
{
    size_t size = strlen(word), length = strlen(upper);
    for (size_t cut = 1; cut < size; cut++) {
        if (length >= cut && strlen(lower) >= size - cut &&
            memcmp(upper + length - cut, word, cut) == 0 &&
            memcmp(lower, word + cut, size - cut) == 0)
            return true;
    }
    return false;
}

static void check_lines(const struct fixture *fixture,
                        const struct line_rules *rules,
                        const struct lines *lines)
{
    static const char *const whole[] = {
        "——",   "……", "2022年", "第十九届",     "35.6%", "38℃",
        "5 km", "AI", "Hunan",  "郴州市图书馆", "李明",  "徐解秀",
    };
    for (size_t i = 0; i < lines->count; i++) {
        assert_true(ink_width(fixture, lines->list[i]) <= rules->width_px);
        assert_false(text_is_blank(lines->list[i]));
        if (lines->forced || i == 0)
            continue;
        const char *upper = lines->list[i - 1], *lower = lines->list[i];
        if (begins_with_any(lower, "，。、；：？！）》”·%℃") ||
            ends_with_any(upper, "（《“"))
            fail_msg("%s|%s", upper, lower);
        for (size_t k = 0; k < sizeof(whole) / sizeof(*whole); k++) {
            if (is_split(upper, lower, whole[k]))
                fail_msg("%s|%s", upper, lower);
        }
    }
}

/* Blanks at line ends go; all other characters are there, in order. */
static void check_whole(const char *text, const struct lines *lines)
{
    const char *at = text;
    for (size_t i = 0; i < lines->count; i++) {
        for (const char *line = lines->list[i]; *line; line++) {
            while (*at == ' ' && *line != ' ')
                at++;
            assert_int_equal(*at, *line);
            at++;
        }
    }
    assert_true(text_is_blank(at));
}

static void test_any_text(void **state)
{
    const struct fixture *fixture = *state;
    struct buffer text = {0};
    uint32_t random = 7;
    size_t longer_upper = 0, no_clause = 0, pairs = 0;
    for (int round = 0; round < 500; round++) {
        make_text(&text, &random);
        int characters = 9 + round % 12;
        struct line_rules rules =
            rules_for(fixture, "ctq"[round % 3], characters);
        struct lines lines =
            lines_break(&rules, buffer_text(&text), fixture->arena);
        check_lines(fixture, &rules, &lines);
        check_whole(buffer_text(&text), &lines);
        assert_true(!lines.fits || lines.count <= rules.max_lines);
        if (rules.lower_longer && lines.fits && lines.count == 2) {
            pairs++;
            if (ink_width(fixture, lines.list[0]) >
                ink_width(fixture, lines.list[1]) + EM * 0.5) {
                /* Only at a clause's end, or where no other way fits. */
                longer_upper++;
                if (!ends_with_any(lines.list[0], "，。、；：？！”）》…—"))
                    no_clause++;
            }
        }
        struct lines pieces =
            lines_pieces(&rules, buffer_text(&text), fixture->arena);
        check_whole(buffer_text(&text), &pieces);
        for (size_t i = 0; i < pieces.count; i++) {
            lines = lines_break(&rules, pieces.list[i], fixture->arena);
            if (!lines.fits && !pieces.forced)
                fail_msg("%s: %s", buffer_text(&text), pieces.list[i]);
        }
    }
    assert_true(pairs > 20 && longer_upper * 3 < pairs);
    printf("%zu pairs, %zu with a longer upper line, %zu of them inside a "
           "clause\n",
           pairs, longer_upper, no_clause);
    assert_true(no_clause * 8 < pairs);

    buffer_clear(&text);
}

static void test_edges(void **state)
{
    const struct fixture *fixture = *state;
    struct line_rules rules = rules_for(fixture, 'c', 16);
    struct lines lines = lines_break(&rules, "", fixture->arena);
    assert_int_equal(lines.count, 0);
    assert_true(lines.fits);
    lines = lines_break(&rules, " \n　 ", fixture->arena);
    assert_int_equal(lines.count, 0);
    lines = lines_pieces(&rules, "", fixture->arena);
    assert_int_equal(lines.count, 0);
    /* A line end counts as a blank, and bytes that are no text do no harm. */
    lines = lines_break(&rules, "大家\n好", fixture->arena);
    assert_string_equal(lines.list[0], "大家 好");
    lines = lines_break(&rules, "大\xFF\xFE\x80家", fixture->arena);
    assert_int_equal(lines.count, 1);
    /* Long, and without any place to break. */
    struct buffer text = {0};
    for (int i = 0; i < 3000; i++)
        buffer_puts(&text, i % 7 ? "学" : "，");
    lines = lines_pieces(&rules, buffer_text(&text), fixture->arena);
    assert_true(lines.count > 90);
    lines = lines_break(&rules, buffer_text(&text), fixture->arena);
    assert_false(lines.fits);
    buffer_clear(&text);
}

int main(void)
{
    struct fixture fixture = {0};
    if (!fixture_open(&fixture, "clean")) {
        fixture_close(&fixture);
        return fixture_skipped();
    }
    struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_table, &fixture),
        cmocka_unit_test_prestate(test_any_text, &fixture),
        cmocka_unit_test_prestate(test_edges, &fixture),
    };
    int ret = cmocka_run_group_tests(tests, NULL, NULL);
    fixture_close(&fixture);
    return ret;
}
