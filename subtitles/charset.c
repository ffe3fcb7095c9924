/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the guess which encoding a text file is in, and its conversion. Knows
 * nothing of what kind of text it is: lists, subtitles and YAML come here. */
#include "subtitles/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <uchardet/uchardet.h>

#include "base/log.h"
#include "base/text.h"

/* The name that is told and the one that iconv knows. */
struct encoding {
    const char *name, *iconv_name;
};

static const struct encoding encodings[] = {
    {"UTF-8", "UTF-8"},
    {"UTF-16LE", "UTF-16LE"},
    {"UTF-16BE", "UTF-16BE"},
    {"GB18030", "GB18030"},
    {"Big5", "BIG5"},
    /* What Hong Kong and ETEN systems add to Big5. */
    {"Big5", "BIG5-HKSCS"},
    {"Windows-1252", "WINDOWS-1252"},
};

enum {
    UTF8,
    UTF16LE,
    UTF16BE,
    GB18030,
    BIG5,
    BIG5_HKSCS,
    WINDOWS_1252,
};

static int charset_convert(const char *bytes, size_t size, const char *from,
                           struct buffer *out)
{
    iconv_t table = iconv_open("UTF-8", from);
    if (table == (iconv_t)-1)
        return AVERROR(EINVAL);
    char piece[4096];
    char *in = (char *)(uintptr_t)bytes;
    int ret = 0;
    buffer_reset(out);
    while (size) {
        char *to = piece;
        size_t room = sizeof(piece);
        size_t done = iconv(table, &in, &size, &to, &room);
        /* errno first: growing the buffer may change it. */
        int error = done == (size_t)-1 ? errno : 0;
        buffer_append(out, piece, (size_t)(to - piece));
        if (error && error != E2BIG) {
            ret = AVERROR(EILSEQ);
            break;
        }
    }
    iconv_close(table);
    return ret;
}

/* Line ends to LF, in place; a closing Ctrl-Z of old editors goes. */
static void charset_unify_lines(struct buffer *text)
{
    size_t to = 0;
    for (size_t from = 0; from < text->size; from++) {
        char c = text->data[from];
        if (c == '\r') {
            if (from + 1 < text->size && text->data[from + 1] == '\n')
                continue;
            c = '\n';
        }
        text->data[to++] = c;
    }
    while (to && text->data[to - 1] == 0x1a)
        to--;
    text->size = to;
    if (text->data)
        text->data[to] = '\0';
}

/* Control characters say that this is no text, whatever it converts to. */
static bool charset_is_text(const struct buffer *text)
{
    size_t controls = 0;
    for (size_t i = 0; i < text->size; i++) {
        unsigned char c = (unsigned char)text->data[i];
        controls += (c < 0x20 && !strchr("\t\n\r\f\v\x1a\x1b", c)) || !c;
    }
    return controls * 200 <= text->size;
}

static int charset_take(const char *bytes, size_t size, int encoding,
                        struct buffer *out, const char **name)
{
    int ret = charset_convert(bytes, size, encodings[encoding].iconv_name, out);
    if (ret < 0)
        return ret;
    if (!charset_is_text(out))
        return AVERROR(EILSEQ);
    charset_unify_lines(out);
    *name = encodings[encoding].name;
    return 0;
}

/* The byte order mark's length, 0 when there is none. */
static size_t charset_mark(const char *bytes, size_t size, int *encoding)
{
    static const struct {
        const char *mark;
        size_t size;
        int encoding;
    } marks[] = {
        {"\xef\xbb\xbf", 3, UTF8},
        {"\xff\xfe", 2, UTF16LE},
        {"\xfe\xff", 2, UTF16BE},
        {"\x84\x31\x95\x33", 4, GB18030},
    };
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (size >= marks[i].size &&
            memcmp(bytes, marks[i].mark, marks[i].size) == 0) {
            *encoding = marks[i].encoding;
            return marks[i].size;
        }
    }
    return 0;
}

/* UTF-16 without a mark: its ASCII characters (line ends at least) have zero
 * bytes, all at the same parity. -1: it is not that. */
static int charset_utf16_order(const char *bytes, size_t size)
{
    size_t zeros[2] = {0};
    for (size_t i = 0; i < size; i++)
        zeros[i & 1] += bytes[i] == 0;
    if (zeros[0] + zeros[1] == 0)
        return -1;
    if (zeros[1] >= 8 * zeros[0] && zeros[1] * 100 >= size)
        return UTF16LE;
    if (zeros[0] >= 8 * zeros[1] && zeros[0] * 100 >= size)
        return UTF16BE;
    return -1;
}

/* UTF-8 with a few broken bytes (a file cut in the middle of a character)
 * stays UTF-8 with U+FFFD there: read as GB18030 all of it would be wrong. */
static bool charset_mend_utf8(const char *bytes, size_t size,
                              struct buffer *out)
{
    size_t good = 0, bad = 0;
    buffer_reset(out);
    for (size_t i = 0; i < size;) {
        size_t length = 1;
        unsigned char c = (unsigned char)bytes[i];
        if (c >= 0x80) {
            length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
            if (length > size - i || c < 0xc0 ||
                !text_is_utf8(bytes + i, length)) {
                bad++;
                i++;
                buffer_puts(out, "\xef\xbf\xbd");
                continue;
            }
            good++;
        }
        buffer_append(out, bytes + i, length);
        i += length;
    }
    return good >= 20 && bad * 25 <= good;
}

/* What the two-byte characters say for GB18030 and for Big5: the logarithm of
 * how likely each is in real text, in thousandths, added up. Both sets hold
 * their everyday characters in a block in front (GB 2312 level 1: leads B0 to
 * D7; Big5 level 1: leads A4 to C6), and each has punctuation where the other
 * has rarities. A handful of the most frequent characters decides short texts:
 * the first thirty are about a fifth of any page. */
struct pair_score {
    int64_t gb, big5;
    size_t pairs;
    size_t high;   /* bytes from 0x80 on */
    bool adjacent; /* two of them stand side by side somewhere */
};

static const uint16_t gb_frequent[] = {
    0xb1ea, 0xb2bb, 0xb4f3, 0xb5bd, 0xb5c4, 0xb5d8, 0xb8f6, 0xb9fa,
    0xbbe1, 0xbde1, 0xbfaa, 0xc0b4, 0xc1cb, 0xc3c7, 0xc8cb, 0xc8d5,
    0xc9cf, 0xc9fa, 0xcab1, 0xcac7, 0xcaf8, 0xcbfb, 0xcce2, 0xceaa,
    0xced2, 0xd2aa, 0xd2bb, 0xd3d0, 0xd4da, 0xd5e2, 0xd6d0,
};
static const uint16_t big5_frequent[] = {
    0xa440, 0xa446, 0xa448, 0xa457, 0xa46a, 0xa4a3, 0xa4a4, 0xa4e9,
    0xa54c, 0xa5cd, 0xa661, 0xa662, 0xa6b3, 0xa7da, 0xa7f4, 0xa8d3,
    0xa8ec, 0xaaba, 0xac4f, 0xacb0, 0xad6e, 0xadcc, 0xadd3, 0xaec9,
    0xb0ea, 0xb36f, 0xb5b2, 0xb67d, 0xb77c, 0xbcd0, 0xc344,
};

/* ln(share of the class in texts / its number of characters), times 1000. */
enum {
    FREQUENT = -5000,
    GB_LEVEL_1 = -8500,
    GB_SIGN = -7400,
    GB_LEVEL_2 = -12400,
    GB_OTHER = -15400,
    BIG5_LEVEL_1 = -8900,
    BIG5_SIGN = -8400,
    BIG5_LEVEL_2 = -13500,
    BIG5_OTHER = -16300,
    /* Per character: what neither western text nor noise reaches. */
    UNLIKELY = -11500,
};
/* Mainland offices write GB18030: Big5 must win by this much. */
#define BIG5_HANDICAP 4000

static bool is_frequent(const uint16_t *list, size_t count, uint16_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == code)
            return true;
    }
    return false;
}

static int gb_likelihood(unsigned lead, unsigned trail)
{
    if (is_frequent(gb_frequent, sizeof(gb_frequent) / sizeof(*gb_frequent),
                    (uint16_t)(lead << 8 | trail)))
        return FREQUENT;
    if (trail < 0xa1)
        return GB_OTHER;
    if (lead == 0xa1 || lead == 0xa3)
        return GB_SIGN;
    return lead >= 0xb0 && lead <= 0xd7   ? GB_LEVEL_1
           : lead >= 0xd8 && lead <= 0xf7 ? GB_LEVEL_2
                                          : GB_OTHER;
}

static int big5_likelihood(unsigned lead, unsigned trail)
{
    if (is_frequent(big5_frequent,
                    sizeof(big5_frequent) / sizeof(*big5_frequent),
                    (uint16_t)(lead << 8 | trail)))
        return FREQUENT;
    if (trail < 0x40 || (trail > 0x7e && trail < 0xa1))
        return BIG5_OTHER;
    if (lead >= 0xa4 && lead <= 0xc6)
        return BIG5_LEVEL_1;
    /* From A374 on it is phonetic letters. */
    if (lead == 0xa1 || lead == 0xa2)
        return BIG5_SIGN;
    return lead >= 0xc9 && lead <= 0xf9 ? BIG5_LEVEL_2 : BIG5_OTHER;
}

static struct pair_score charset_score(const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    struct pair_score score = {0};
    for (size_t i = 0; i < size; i++) {
        score.high += bytes[i] >= 0x80;
        score.adjacent |= i && bytes[i] >= 0x80 && bytes[i - 1] >= 0x80;
    }
    for (size_t i = 0; i + 1 < size; i++) {
        if (bytes[i] < 0x80)
            continue;
        /* GB18030's four-byte characters have a digit as second byte. */
        if (bytes[i + 1] >= 0x30 && bytes[i + 1] <= 0x39 && i + 3 < size) {
            i += 3;
            continue;
        }
        score.pairs++;
        score.gb += gb_likelihood(bytes[i], bytes[i + 1]);
        score.big5 += big5_likelihood(bytes[i], bytes[i + 1]);
        i++;
    }
    return score;
}

/* A second opinion, asked only when ours is undecided. */
static bool charset_detector_says(const char *bytes, size_t size,
                                  const char *word)
{
    uchardet_t detector = uchardet_new();
    if (!detector)
        return false;
    bool says = false;
    if (uchardet_handle_data(detector, bytes, size) == 0) {
        uchardet_data_end(detector);
        says = strcasecmp(uchardet_get_charset(detector), word) == 0;
    }
    uchardet_delete(detector);
    return says;
}

static bool charset_is_western(const struct pair_score *score, size_t size)
{
    if (!score->high || score->high * 6 > size)
        return false;
    int64_t unlikely = (int64_t)score->pairs * UNLIKELY;
    return !score->adjacent || (score->gb < unlikely && score->big5 < unlikely);
}

static int charset_decode_legacy(const char *bytes, size_t size,
                                 struct buffer *out, const char **name)
{
    struct pair_score score = charset_score(bytes, size);
    int order[4] = {GB18030, BIG5, BIG5_HKSCS, WINDOWS_1252};
    int64_t lead = score.big5 - score.gb;
    bool big5 = lead > BIG5_HANDICAP;
    if (!big5 && lead > 0)
        big5 = charset_detector_says(bytes, size, "BIG5");
    if (charset_is_western(&score, size)) {
        memcpy(order, (int[]){WINDOWS_1252, GB18030, BIG5, BIG5_HKSCS},
               sizeof(order));
    } else if (big5) {
        memcpy(order, (int[]){BIG5, BIG5_HKSCS, GB18030, WINDOWS_1252},
               sizeof(order));
    }
    for (size_t i = 0; i < 4; i++) {
        /* Windows-1252 takes nearly anything: not what is full of high bytes.
         */
        if (order[i] == WINDOWS_1252 && score.high * 4 > size)
            continue;
        if (charset_take(bytes, size, order[i], out, name) == 0)
            return 0;
    }
    return AVERROR(EILSEQ);
}

/* Two GB characters may be two valid ones of UTF-8 by chance (模式, 联通 read
 * as Latin and Greek letters that stand in no word together). Where all are
 * so, somewhere two side by side, and each is an everyday character of GB 2312,
 * it is GB. */
static bool charset_is_disguised_gb(const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t run = 0, runs = 0;
    for (size_t i = 0; i <= size; i++) {
        if (i < size && bytes[i] >= 0x80) {
            bool leads = run % 2 == 0;
            if (leads ? bytes[i] < 0xc4 || bytes[i] > 0xd7 : bytes[i] < 0xa1)
                return false;
            run++;
            continue;
        }
        runs += run >= 4;
        run = 0;
    }
    return runs > 0;
}

static int charset_decode_wanted(const char *bytes, size_t size,
                                 const char *wanted, struct buffer *out,
                                 const char **name)
{
    int marked = -1;
    size_t mark = charset_mark(bytes, size, &marked);
    for (int i = 0; i < (int)(sizeof(encodings) / sizeof(encodings[0])); i++) {
        if (strcasecmp(wanted, encodings[i].name) != 0 &&
            strcasecmp(wanted, encodings[i].iconv_name) != 0)
            continue;
        size_t skip = marked == i ? mark : 0;
        if (charset_take(bytes + skip, size - skip, i, out, name) == 0)
            return 0;
    }
    static const struct {
        const char *word;
        int encoding;
    } aliases[] = {
        {"gbk", GB18030},         {"gb2312", GB18030},      {"cp936", GB18030},
        {"utf8", UTF8},           {"cp950", BIG5},          {"big-5", BIG5},
        {"cp1252", WINDOWS_1252}, {"latin1", WINDOWS_1252},
    };
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (strcasecmp(wanted, aliases[i].word) == 0)
            return charset_take(bytes, size, aliases[i].encoding, out, name);
    }
    if (strcasecmp(wanted, "utf-16") == 0 && marked > UTF8 && marked < GB18030)
        return charset_take(bytes + mark, size - mark, marked, out, name);
    if (strcasecmp(wanted, "utf-16") == 0)
        return charset_take(bytes, size, UTF16LE, out, name);
    return AVERROR(EILSEQ);
}

int charset_decode(const char *bytes, size_t size, const char *wanted,
                   struct buffer *out, const char **name)
{
    *name = encodings[UTF8].name;
    buffer_reset(out);
    if (!size)
        return 0;
    if (wanted)
        return charset_decode_wanted(bytes, size, wanted, out, name);

    int encoding = UTF8;
    size_t mark = charset_mark(bytes, size, &encoding);
    bytes += mark;
    size -= mark;
    if (mark && charset_take(bytes, size, encoding, out, name) == 0)
        return 0;
    encoding = charset_utf16_order(bytes, size);
    if (encoding >= 0 && size % 2 == 0 &&
        charset_take(bytes, size, encoding, out, name) == 0)
        return 0;
    if (text_is_utf8(bytes, size) && !charset_is_disguised_gb(bytes, size))
        return charset_take(bytes, size, UTF8, out, name);
    if (charset_mend_utf8(bytes, size, out) && charset_is_text(out)) {
        charset_unify_lines(out);
        *name = encodings[UTF8].name;
        return 0;
    }
    return charset_decode_legacy(bytes, size, out, name);
}
