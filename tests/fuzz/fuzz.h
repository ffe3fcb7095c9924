/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the fuzzing programs share: libFuzzer's entry, and a check that is
 * there in release builds too. */
#ifndef REELPRESS_TESTS_FUZZ_H
#define REELPRESS_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                                                  \
    ((condition)                                                               \
         ? (void)0                                                             \
         : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition),    \
            abort()))

#endif
