/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cell with a time or a date. What was read prints to what reads as the
 * same, to the millisecond. */
#include "fuzz.h"

#include <string.h>

#include "base/timecode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[256], printed[40];
    struct timecode read, again;
    int year, month, day;
    if (size >= sizeof(text))
        size = sizeof(text) - 1;
    memcpy(text, data, size);
    text[size] = '\0';
    if (timecode_parse_date(text, &year, &month, &day) >= 0)
        FUZZ_CHECK(year >= 1900 && year <= 2999 && month >= 1 && month <= 12 &&
                   day >= 1 && day <= 31);
    if (timecode_parse(text, &read) < 0 || read.form == TIMECODE_NONE)
        return 0;
    FUZZ_CHECK(read.flicks >= 0);
    timecode_text(read.flicks, printed);
    FUZZ_CHECK(timecode_parse(printed, &again) >= 0);
    int64_t apart = again.flicks - read.flicks;
    FUZZ_CHECK(llabs(apart) <= FLICKS_PER_SECOND / 1000);
    return 0;
}
