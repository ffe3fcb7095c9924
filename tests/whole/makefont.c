/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a font of make_font.h for whole-program tests, to standard output.
 *
 * usage: makefont FAMILY WEIGHT LETTERS           the file
 *        makefont FAMILY WEIGHT LETTERS NAME      as a script carries it */
#include <stdio.h>

#include "make_font.h"

int main(int argc, char **argv)
{
    struct buffer font = {0}, text = {0};
    if (argc < 4)
        return 2;
    make_font(&(struct make_font){.family = argv[1],
                                  .weight = atoi(argv[2]),
                                  .letters = argv[3]},
              &font);
    if (argc > 4)
        put_carried(argv[4], font.data, font.size, &text);
    const struct buffer *out = argc > 4 ? &text : &font;
    fwrite(out->data, 1, out->size, stdout);
    buffer_clear(&font);
    buffer_clear(&text);
    return 0;
}
