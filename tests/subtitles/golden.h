/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Golden pictures: grey PNG files that are compared with what was drawn. A
 * pixel may lie as far off as its neighbours do, so that a slope drawn a
 * fraction of a pixel elsewhere passes and a lost stroke does not. Knows
 * nothing of text. REELPRESS_GOLDEN=write in the environment writes the files
 * anew; a picture that fails is left in the temporary folder to be seen. */
#ifndef REELPRESS_TESTS_GOLDEN_H
#define REELPRESS_TESTS_GOLDEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

struct golden {
    uint8_t *grey;
    int width, height;
};

enum golden_level { GOLDEN_SAME, GOLDEN_GOOD, GOLDEN_BAD, GOLDEN_FAIL };

/* Code values beyond what the neighbours allow. */
#define GOLDEN_GOOD_MOST 6
#define GOLDEN_BAD_MOST  32

static inline struct golden golden_create(int width, int height)
{
    struct golden golden = {NULL, width, height};
    golden.grey = calloc((size_t)width * (size_t)height, 1);
    if (!golden.grey)
        abort();
    return golden;
}

static inline bool golden_read(const char *file, struct golden *out)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    *out = (struct golden){0};
    if (!png_image_begin_read_from_file(&image, file))
        return false;
    image.format = PNG_FORMAT_GRAY;
    *out = golden_create((int)image.width, (int)image.height);
    return png_image_finish_read(&image, NULL, out->grey, 0, NULL) != 0;
}

static inline bool golden_write(const char *file, const struct golden *golden)
{
    png_image image = {
        .version = PNG_IMAGE_VERSION,
        .width = (png_uint_32)golden->width,
        .height = (png_uint_32)golden->height,
        .format = PNG_FORMAT_GRAY,
    };
    return png_image_write_to_file(&image, file, 0, golden->grey, 0, NULL) != 0;
}

/* How far `value` lies outside of what stands around x, y. */
static inline int golden_beyond(const struct golden *golden, int x, int y,
                                int value)
{
    int low = 255, high = 0;
    for (int v = y - 1; v <= y + 1; v++) {
        for (int u = x - 1; u <= x + 1; u++) {
            if (u < 0 || v < 0 || u >= golden->width || v >= golden->height)
                continue;
            int at = golden->grey[v * golden->width + u];
            low = at < low ? at : low;
            high = at > high ? at : high;
        }
    }
    return value < low ? low - value : value > high ? value - high : 0;
}

static inline enum golden_level golden_compare(const struct golden *expected,
                                               const struct golden *drawn)
{
    int worst = 0;
    bool same = true;
    if (expected->width != drawn->width || expected->height != drawn->height)
        return GOLDEN_FAIL;
    for (int y = 0; y < drawn->height; y++) {
        for (int x = 0; x < drawn->width; x++) {
            int at = y * drawn->width + x;
            if (expected->grey[at] == drawn->grey[at])
                continue;
            int one = golden_beyond(expected, x, y, drawn->grey[at]);
            int two = golden_beyond(drawn, x, y, expected->grey[at]);
            same = false;
            worst = one > worst ? one : worst;
            worst = two > worst ? two : worst;
        }
    }
    return same                        ? GOLDEN_SAME
           : worst <= GOLDEN_GOOD_MOST ? GOLDEN_GOOD
           : worst <= GOLDEN_BAD_MOST  ? GOLDEN_BAD
                                       : GOLDEN_FAIL;
}

/* Compares with NAME.png in `folder`, or writes it. */
static inline enum golden_level golden_check(const char *folder,
                                             const char *name,
                                             const struct golden *drawn)
{
    static const char *const levels[] = {"same", "good", "bad", "fail"};
    const char *wish = getenv("REELPRESS_GOLDEN");
    const char *temp = getenv("TMPDIR");
    char file[512];
    struct golden expected;
    snprintf(file, sizeof(file), "%s/%s.png", folder, name);
    if (wish && strcmp(wish, "write") == 0)
        return golden_write(file, drawn) ? GOLDEN_SAME : GOLDEN_FAIL;
    enum golden_level level = golden_read(file, &expected)
                                  ? golden_compare(&expected, drawn)
                                  : GOLDEN_FAIL;
    free(expected.grey);
    if (level > GOLDEN_SAME)
        printf("%s: %s\n", name, levels[level]);
    if (level > GOLDEN_GOOD) {
        snprintf(file, sizeof(file), "%s/reelpress-%s.png",
                 temp ? temp : "/tmp", name);
        if (golden_write(file, drawn))
            printf("what was drawn: %s\n", file);
    }
    return level;
}

#endif
