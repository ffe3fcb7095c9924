/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presets from files: finds them in folders, reads them through the table,
 * checks what one option alone can't, and finds one by name. */
#include "presets/preset.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/files.h"
#include "base/text.h"

#define PRESET_BYTES (256 * 1024) /* far above any file written by people */

/* One file on its way to a preset. */
struct preset_file {
    const char *name; /* as faults show it */
    const struct yaml_node *map;
    struct arena *arena;
    struct faults *faults;
};

static struct fault_place place_of(const struct preset_file *file,
                                   const char *key)
{
    const struct yaml_node *node = yaml_find(file->map, key);
    struct fault_place place = {
        .file = file->name, .field = key, .in_text = true};
    if (node) {
        place.row = node->line;
        place.column = node->column;
    }
    return place;
}

/* A whole number at `*text`, above 0 and below a million; 0 if there is none.
 */
static int read_number(const char **text)
{
    long value = 0;
    const char *at = *text;
    for (; isdigit((unsigned char)*at) && value < 100000; at++)
        value = value * 10 + (*at - '0');
    if (isdigit((unsigned char)*at))
        return 0;
    *text = at;
    return (int)value;
}

static bool read_rate(const char *text, AVRational *out)
{
    int numerator = read_number(&text), denominator = 1;
    if (*text == '/') {
        text++;
        denominator = read_number(&text);
    }
    if (numerator <= 0 || denominator <= 0 || *text)
        return false;
    av_reduce(&out->num, &out->den, numerator, denominator, 1000000);
    return av_cmp_q(*out, (AVRational){10, 1}) >= 0 &&
           av_cmp_q(*out, (AVRational){240, 1}) <= 0;
}

static void check_rate(const struct preset_file *file, struct preset *preset)
{
    const char *text = text_fold_width(file->arena, preset->rate_written);
    preset->rate = (AVRational){0, 1};
    preset->rate_cap = (AVRational){0, 1};
    bool good = false;
    if (strncmp(text, "source", 6) != 0)
        good = read_rate(text, &preset->rate);
    else if (strncmp(text + 6, "<=", 2) == 0)
        good = read_rate(text + 8, &preset->rate_cap);
    else
        good = text[6] == '\0';
    if (!good)
        fault_add(file->faults, FAULT_SESSION, place_of(file, "rate"),
                  _("the rate \"%s\" can't be read; write a number from 10 to "
                    "240 like 25 or 30000/1001, or source<=30"),
                  preset->rate_written);
}

/* "2M", "500k", "65536" to bytes. */
static bool read_bytes(const char *text, int64_t *out)
{
    int64_t value = read_number(&text);
    if (*text == 'k' || *text == 'K' || *text == 'M') {
        value *= *text == 'M' ? 1000000 : 1000;
        text++;
    }
    *out = value;
    return value > 0 && *text == '\0';
}

static bool read_size(const char *text, struct cover *cover)
{
    cover->width = read_number(&text);
    if (*text++ != 'x')
        return false;
    cover->height = read_number(&text);
    return *text == '\0' && cover->width >= 32 && cover->height >= 32 &&
           cover->width <= 8192 && cover->height <= 8192;
}

static bool read_cover_word(const char *word, int place, struct cover *cover)
{
    if (place == 0) {
        cover->shape = word;
        return strpbrk(word, "/\\:*?\"<>|") == NULL;
    }
    if (place == 1)
        return read_size(word, cover);
    if (strncmp(word, "jpeg<=", 6) == 0)
        return read_bytes(word + 6, &cover->jpeg_bytes);
    if (strncmp(word, "png<=", 5) == 0)
        return read_bytes(word + 5, &cover->png_bytes);
    return false;
}

static bool read_cover(struct arena *arena, const char *line,
                       struct cover *cover)
{
    const char *at = text_fold_width(arena, line);
    int place = 0;
    for (;;) {
        at += strspn(at, " \t");
        size_t length = strcspn(at, " \t");
        if (length == 0)
            return place >= 2;
        if (!read_cover_word(arena_strndup(arena, at, length), place++, cover))
            return false;
        at += length;
    }
}

static void check_covers(const struct preset_file *file, struct preset *preset)
{
    struct cover *covers = NULL;
    preset->cover_count = 0;
    for (size_t i = 0; i < preset->cover_lines.count; i++) {
        struct cover cover = {0};
        const char *line = preset->cover_lines.items[i];
        if (!read_cover(file->arena, line, &cover)) {
            fault_add(file->faults, FAULT_SESSION, place_of(file, "covers"),
                      _("the cover \"%s\" can't be read; write its shape, its "
                        "pixels (32 to 8192) and its limits, like \"3x4 "
                        "1080x1440 jpeg<=2M\""),
                      line);
            continue;
        }
        struct cover *room =
            ARENA_PUSH(file->arena, covers, preset->cover_count);
        *room = cover;
    }
    preset->covers = covers;
}

/* What is not given fits the frame: in the table stand a 1080p frame's. */
static void fit_to_frame(const struct preset_file *file, struct preset *preset)
{
    int64_t shorter =
        preset->width < preset->height ? preset->width : preset->height;
    const struct {
        const char *key;
        int64_t *value, fitting;
    } sizes[] = {
        {"safe_left", &preset->safe_left, preset->width / 20},
        {"safe_right", &preset->safe_right, preset->width / 20},
        {"safe_top", &preset->safe_top, preset->height / 20},
        {"safe_bottom", &preset->safe_bottom, preset->height / 20},
        {"caption_size", &preset->caption_px,
         shorter * 64 / 1080 > 8 ? shorter * 64 / 1080 : 8},
    };
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        if (!yaml_find(file->map, sizes[i].key))
            *sizes[i].value = sizes[i].fitting;
    }
}

static void check_frame(const struct preset_file *file, struct preset *preset)
{
    fit_to_frame(file, preset);
    if (preset->width % 2 || preset->height % 2)
        fault_add(file->faults, FAULT_SESSION,
                  place_of(file, preset->width % 2 ? "width" : "height"),
                  _("a frame of %dx%d can't be coded; width and height must "
                    "be even"),
                  (int)preset->width, (int)preset->height);
    int64_t across = preset->width - preset->safe_left - preset->safe_right;
    int64_t down = preset->height - preset->safe_top - preset->safe_bottom;
    if (across < preset->width / 4 || down < preset->height / 4)
        fault_add(file->faults, FAULT_SESSION, place_of(file, "safe_left"),
                  _("the safe margins leave %dx%d pixels of %dx%d; leave at "
                    "least a quarter of the width and of the height"),
                  (int)across, (int)down, (int)preset->width,
                  (int)preset->height);
    if (preset->fit == FIT_NONE)
        preset->fit = FIT_BLUR;
}

static bool is_word(const char *text, const char *const *choices)
{
    for (; *choices; choices++) {
        if (strcmp(text, *choices) == 0)
            return true;
    }
    return false;
}

/* The encoder's words go into a string of name=value pairs, so that a wrong
 * one would only be found while encoding. */
static void check_encoder(const struct preset_file *file, struct preset *preset)
{
    static const char *const speeds[] = {
        "ultrafast", "superfast", "veryfast", "faster",   "fast",
        "medium",    "slow",      "slower",   "veryslow", NULL};
    static const char *const tunes[] = {"film",       "animation",  "grain",
                                        "stillimage", "fastdecode", NULL};
    static const char *const profiles[] = {"baseline", "main", "high", NULL};
    static const char *const levels[] = {"3.0", "3.1", "3.2", "4.0", "4.1",
                                         "4.2", "5.0", "5.1", "5.2", NULL};
    const struct {
        const char *key, *value;
        const char *const *choices;
    } words[] = {
        {"speed", preset->speed, speeds},
        {"tune", preset->tune, tunes},
        {"profile", preset->profile, profiles},
        {"level", preset->level, levels},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (words[i].value && !is_word(words[i].value, words[i].choices))
            fault_add(file->faults, FAULT_SESSION, place_of(file, words[i].key),
                      _("\"%s\" is no %s that x264 knows; take one like "
                        "\"%s\""),
                      words[i].value, words[i].key, words[i].choices[2]);
    }
}

static void check_limits(const struct preset_file *file, struct preset *preset)
{
    if (preset->max_rate_bps > 0 && preset->buffer_bits == 0)
        preset->buffer_bits = 2 * preset->max_rate_bps;
    if (preset->constant_rate && preset->max_rate_bps <= 0)
        fault_add(file->faults, FAULT_SESSION, place_of(file, "constant_rate"),
                  _("constant_rate needs a rate to hold; write it as "
                    "max_rate, like 8M"));
    int64_t most = preset->max_rate_bps + preset->audio_bit_rate_bps;
    if (preset->max_total_bps > 0 && preset->max_rate_bps > 0 &&
        most > preset->max_total_bps)
        fault_add(file->faults, FAULT_SESSION, place_of(file, "max_rate"),
                  _("picture and sound may take %d kbit/s together, more than "
                    "max_total_rate; lower max_rate or audio_rate"),
                  (int)(most / 1000));
    if (preset->max_length_s > 0 && preset->min_length_s > preset->max_length_s)
        fault_add(file->faults, FAULT_SESSION, place_of(file, "min_length"),
                  _("min_length is above max_length; no film could be made"));
}

static bool preset_read(const struct preset_file *file, struct preset *preset)
{
    option_defaults(preset_options, preset_option_count, preset, file->arena);
    option_load(preset_options, preset_option_count, preset, file->map,
                file->name, NULL, file->arena, file->faults);
    if (faults_block(file->faults))
        return false;
    check_rate(file, preset);
    check_covers(file, preset);
    check_frame(file, preset);
    check_encoder(file, preset);
    check_limits(file, preset);
    return !faults_block(file->faults);
}

static const struct preset *find_exact(const struct preset_catalogue *catalogue,
                                       const char *name)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        if (strcmp(catalogue->list[i].name, name) == 0)
            return &catalogue->list[i];
    }
    return NULL;
}

/* Faults of installed files don't hold back a session that may not need them.
 */
static void faults_move(struct faults *to, const struct faults *from,
                        bool soften)
{
    for (size_t i = 0; i < from->count; i++) {
        struct fault *fault = ARENA_PUSH(to->arena, to->list, to->count);
        *fault = from->list[i];
        if (soften)
            fault->kind = FAULT_WARNING;
    }
}

static void load_file(struct preset_catalogue *out, const char *folder,
                      const char *name, int rank, struct arena *arena,
                      struct faults *faults)
{
    bool own = rank == 0;
    struct faults found = {.arena = faults->arena};
    struct buffer text = {0};
    const char *path = files_join(arena, folder, name);
    struct preset_file file = {
        .name = own ? files_join(arena, "presets", name) : path,
        .arena = arena,
        .faults = &found,
    };
    struct preset preset = {
        .name = files_stem(arena, name),
        .file = path,
        .shown = file.name,
        .rank = rank,
    };
    int ret = files_read(NULL, path, PRESET_BYTES, &text);
    if (ret < 0)
        fault_add(
            &found, FAULT_SESSION, (struct fault_place){.file = file.name},
            _("the preset can't be read: %s; check the file"), LOG_REASON(ret));
    else
        file.map =
            yaml_parse(arena, &found, file.name, buffer_text(&text), text.size);
    bool is_read = file.map && preset_read(&file, &preset);
    if (is_read) {
        struct preset *room = ARENA_PUSH(arena, out->list, out->count);
        *room = preset;
    } else if (own) {
        struct preset *room = ARENA_PUSH(arena, out->broken, out->broken_count);
        *room = preset;
    }
    faults_move(faults, &found, !own);
    buffer_clear(&text);
}

/* One alias must lead to one preset. An earlier folder's hides a later one's,
 * as its name does. */
static void check_aliases(const struct preset_catalogue *catalogue,
                          struct faults *faults)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct preset *preset = &catalogue->list[i];
        for (size_t k = 0; preset->alias && k < i; k++) {
            const struct preset *other = &catalogue->list[k];
            if (!other->alias || other->rank != preset->rank ||
                !text_equal_fold(other->alias, preset->alias))
                continue;
            fault_add(faults, preset->rank ? FAULT_WARNING : FAULT_SESSION,
                      (struct fault_place){.file = preset->shown},
                      _("the preset \"%s\" has the alias \"%s\", and so has "
                        "\"%s\"; give one of them another"),
                      preset->name, preset->alias, other->name);
        }
    }
}

static int compare_names(const void *a, const void *b)
{
    const struct preset *left = a, *right = b;
    return strcmp(left->name, right->name);
}

void presets_load(struct preset_catalogue *out, const char *const *folders,
                  size_t folder_count, struct arena *arena,
                  struct faults *faults)
{
    static const char *const endings[] = {"yaml", "yml", NULL};
    *out = (struct preset_catalogue){0};
    for (size_t f = 0; f < folder_count; f++) {
        char **names = NULL;
        size_t count = 0;
        if (!files_is_folder(folders[f]) ||
            files_list(NULL, folders[f], arena, &names, &count) < 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            if (files_has_ending(names[i], endings) &&
                !find_exact(out, files_stem(arena, names[i])))
                load_file(out, folders[f], names[i], (int)f, arena, faults);
        }
    }
    check_aliases(out, faults);
    if (out->count)
        qsort(out->list, out->count, sizeof(*out->list), compare_names);
}

static bool preset_is(const struct preset *preset, const char *name)
{
    return text_equal_fold(preset->name, name) ||
           (preset->alias && text_equal_fold(preset->alias, name));
}

const struct preset *presets_find(const struct preset_catalogue *catalogue,
                                  const char *name)
{
    const struct preset *found = NULL;
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct preset *preset = &catalogue->list[i];
        if (text_equal_fold(preset->name, name))
            return preset;
        if (preset_is(preset, name) && (!found || preset->rank < found->rank))
            found = preset;
    }
    return found;
}

bool presets_is_broken(const struct preset_catalogue *catalogue,
                       const char *name)
{
    for (size_t i = 0; i < catalogue->broken_count; i++) {
        if (preset_is(&catalogue->broken[i], name))
            return true;
    }
    return false;
}

const char *presets_suggest(const struct preset_catalogue *catalogue,
                            const char *name)
{
    size_t count = 0;
    const char *answer = NULL;
    const char **names = calloc(2 * catalogue->count + 1, sizeof(*names));
    if (!names)
        return NULL;
    for (size_t i = 0; i < catalogue->count; i++) {
        names[count++] = catalogue->list[i].name;
        if (catalogue->list[i].alias)
            names[count++] = catalogue->list[i].alias;
    }
    answer = text_nearest(name, names, count);
    free(names);
    return answer;
}
