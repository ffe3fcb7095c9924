/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subtitle files of any bytes; and what is ASS among them as a script of its
 * own, window by window. */
#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "subtitles/carried.h"
#include "subtitles/cues.h"
#include "subtitles/foreign.h"

static void read_foreign(const char *script, struct arena *arena)
{
    struct faces *faces = faces_create();
    struct buffer out = {0};
    struct foreign *foreign = foreign_read(script, faces, 0, NULL, arena);
    const struct foreign_frame frames[] = {
        {.width = 320, .height = 180},
        {180, 320, {-194, 0, 374, 320}, 1920, 1080},
        {200, 200, {0, 44, 200, 156}, 1920, 1080},
    };
    const struct foreign_rules rules = {
        .safe = {10, 10, 170, 170},
        .caption_bottom = 160,
        .caption_px = 10,
    };
    for (size_t i = 0; i < foreign->count; i++)
        FUZZ_CHECK(foreign->events[i].end_ms >= foreign->events[i].start_ms);
    for (size_t i = 0; i < 3; i++) {
        struct foreign_fitted *fitted =
            foreign_fit(foreign, &frames[i], &rules, 1000, 20000, arena);
        foreign_place(fitted, &rules, NULL, 0, arena);
        for (int64_t at = 0; at < 20000; at += 4000)
            foreign_window(fitted, at, at + 4000, at, NULL, 0, &out);
    }
    buffer_clear(&out);
    faces_destroy(&faces);
}

static int take_font(void *opaque, const char *name, const void *bytes,
                     size_t size)
{
    size_t *total = opaque;
    FUZZ_CHECK(name && bytes);
    *total += size;
    return 0;
}

/* What is taken out is data and nothing else; no line is lost. */
static void read_carried(const uint8_t *data, size_t size)
{
    struct buffer whole = {0}, bare = {0};
    bool fonts = false;
    size_t total = 0;
    buffer_append(&whole, data, size);
    bool carries = carried_strip(whole.data, size, &bare, &fonts);
    carried_read(buffer_text(&whole), take_font, &total);
    FUZZ_CHECK(total <= size);
    FUZZ_CHECK(carries || bare.size == 0);
    FUZZ_CHECK(bare.size <= size);
    size_t lines = 0;
    for (size_t i = 0; carries && i < size; i++)
        lines += data[i] == '\n';
    for (size_t i = 0; i < bare.size; i++)
        lines -= bare.data[i] == '\n';
    FUZZ_CHECK(lines == 0);
    buffer_clear(&whole);
    buffer_clear(&bare);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"a.srt", "a.vtt", "a.ass", "a.lrc"};
    const char *name = names[size % 4];
    struct faults faults = {.arena = arena_create()};
    struct cues *cues =
        cues_parse(name, (const char *)data, size, faults.arena, &faults);
    FUZZ_CHECK(cues || faults.count > 0);
    for (size_t i = 0; cues && i < cues->count; i++) {
        const struct cue *cue = &cues->list[i];
        FUZZ_CHECK(cue->end_flicks > cue->start_flicks);
        FUZZ_CHECK(cue->start_flicks >= 0);
        FUZZ_CHECK(i == 0 || cue->start_flicks >= cue[-1].start_flicks);
        FUZZ_CHECK(!text_is_blank(cue->text));
    }
    read_carried(data, size);
    if (cues && cues->ass_script)
        read_foreign(cues->ass_script, faults.arena);
    arena_destroy(&faults.arena);
    return 0;
}
