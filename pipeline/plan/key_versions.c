/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which libraries make bytes here, in their exact versions. Not all of them
 * can be asked (x264, zimg by its header only), so the files that the process
 * has mapped are: their real names carry the version. */
#include "plan/build.h"

#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <libavcodec/avcodec.h>
#include <libavutil/cpu.h>
#include "base/files.h"

static const char *const makers[] = {
    "libavcodec.so",    "libavfilter.so", "libavformat.so", "libavutil.so",
    "libswresample.so", "libx264.so",     "libzimg.so",     "libass.so",
    "libharfbuzz.so",   "libfreetype.so", "libunibreak.so", "libebur128.so",
    "libpng16.so",      "libjpeg.so",     "libheif.so",     "libde265.so",
    "libfribidi.so",    "libz.so",        "liblcms2.so",
};
#define MAKER_COUNT (sizeof(makers) / sizeof(makers[0]))

struct found {
    struct arena *arena;
    const char *name[MAKER_COUNT];
};

static int visit(struct dl_phdr_info *info, size_t size, void *opaque)
{
    struct found *found = opaque;
    const char *name = files_name(info->dlpi_name);
    for (size_t i = 0; i < MAKER_COUNT; i++) {
        char path[PATH_MAX];
        if (strncmp(name, makers[i], strlen(makers[i])) != 0)
            continue;
        if (realpath(info->dlpi_name, path))
            name = files_name(path);
        found->name[i] = arena_strdup(found->arena, name);
        break;
    }
    return 0;
}

char *key_versions(struct arena *arena)
{
    struct found found = {.arena = arena};
    struct buffer out = {0};
    dl_iterate_phdr(visit, &found);
    buffer_printf(&out, "ffmpeg %s %u\n", av_version_info(), avcodec_version());
    for (size_t i = 0; i < MAKER_COUNT; i++)
        buffer_printf(&out, "%s\n", found.name[i] ? found.name[i] : makers[i]);
    /* The scaler is told to use AVX2 where there is one, and rounds
     * differently without. */
    buffer_printf(&out, "%s\n",
                  av_get_cpu_flags() & AV_CPU_FLAG_AVX2 ? "avx2" : "plain");
    char *text = arena_strdup(arena, buffer_text(&out));
    buffer_clear(&out);
    return text;
}
