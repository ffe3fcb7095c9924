/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4) over libcrypto: keys, checksums, proof. Fields are fed
 * with their length, so that no two different sequences read the same. */
#ifndef REELPRESS_BASE_DIGEST_H
#define REELPRESS_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include "base/log.h"

#define DIGEST_BYTES 32
#define DIGEST_TEXT  65 /* 64 hex digits and the closing zero */

struct digest; /* one running sum */

struct digest *digest_create(void); /* memory.h without memory */
void digest_destroy(struct digest **digest);
void digest_add(struct digest *digest, const void *bytes, size_t size);
/* The same with its length in front: for keys. */
void digest_field(struct digest *digest, const void *bytes, size_t size);
void digest_field_text(struct digest *digest, const char *text); /* NULL = "" */
void digest_field_int(struct digest *digest, int64_t value);
/* What is fed from now on goes into this sum too; NULL: into none. */
void digest_also(struct digest *digest, uint64_t *sum);
/* A short sum (FNV-1a), to tell apart and not to prove; a new one is 0. */
void digest_mix(uint64_t *sum, const void *bytes, size_t size);
void digest_finish(struct digest *digest, uint8_t out[DIGEST_BYTES]);
void digest_finish_text(struct digest *digest, char out[DIGEST_TEXT]);

void digest_text(const uint8_t sum[DIGEST_BYTES], char out[DIGEST_TEXT]);
void digest_of(const void *bytes, size_t size, uint8_t out[DIGEST_BYTES]);
int digest_file(struct log *log, const char *path, char out[DIGEST_TEXT]);

#endif
