/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an index of a constant rate looks like, for the tests that build one
 * from a file and those that build one from packets in memory. */
#ifndef REELPRESS_TESTS_INGEST_EXPECT_CONSTANT_H
#define REELPRESS_TESTS_INGEST_EXPECT_CONSTANT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "ingest/index.h"

static inline void expect_constant(const struct index *index, size_t frames,
                                   AVRational rate)
{
    assert_int_equal(index->frame_count, frames);
    assert_true(index->constant_rate);
    assert_int_equal(index->rate.num, rate.num);
    assert_int_equal(index->rate.den, rate.den);
    for (size_t k = 0; k < frames; k++)
        assert_int_equal(index->frames[k].flicks,
                         index->first_flicks + clock_flicks((int64_t)k, rate));
    assert_int_equal(index->end_flicks,
                     index->first_flicks + clock_flicks((int64_t)frames, rate));
}

#endif
