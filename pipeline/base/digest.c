/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns SHA-256 sums and how fields are laid out in front of them: each with
 * its length as eight bytes, low byte first, on every machine. Knows nothing
 * of what is summed. */
#include "base/digest.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

/* FNV-1a, 64 bits: draft-eastlake-fnv-17. */
#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

struct digest {
    EVP_MD_CTX *context;
    uint64_t *also; /* lent; NULL: none */
};

struct digest *digest_create(void)
{
    /* libcrypto reads its configuration file at first use, which a confined
     * worker may not and which has no say in what a sum is. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    struct digest *digest = calloc(1, sizeof(*digest));
    if (!digest)
        memory_gone();
    digest->context = EVP_MD_CTX_new();
    if (!digest->context ||
        !EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL))
        memory_gone();
    return digest;
}

void digest_destroy(struct digest **digest)
{
    if (!digest || !*digest)
        return;
    EVP_MD_CTX_free((*digest)->context);
    free(*digest);
    *digest = NULL;
}

void digest_add(struct digest *digest, const void *bytes, size_t size)
{
    if (size && !EVP_DigestUpdate(digest->context, bytes, size))
        abort();
    if (digest->also)
        digest_mix(digest->also, bytes, size);
}

void digest_also(struct digest *digest, uint64_t *sum)
{
    digest->also = sum;
}

void digest_mix(uint64_t *sum, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint64_t value = *sum ? *sum : FNV_BASIS;
    for (size_t i = 0; i < size; i++)
        value = (value ^ at[i]) * FNV_PRIME;
    *sum = value;
}

static void put_number(uint8_t out[8], uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

void digest_field(struct digest *digest, const void *bytes, size_t size)
{
    uint8_t length[8];
    put_number(length, size);
    digest_add(digest, length, sizeof(length));
    digest_add(digest, bytes, size);
}

void digest_field_text(struct digest *digest, const char *text)
{
    digest_field(digest, text, text ? strlen(text) : 0);
}

void digest_field_int(struct digest *digest, int64_t value)
{
    uint8_t bytes[8];
    put_number(bytes, (uint64_t)value);
    digest_field(digest, bytes, sizeof(bytes));
}

void digest_finish(struct digest *digest, uint8_t out[DIGEST_BYTES])
{
    unsigned size = 0;
    if (!EVP_DigestFinal_ex(digest->context, out, &size) ||
        size != DIGEST_BYTES)
        abort();
}

void digest_finish_text(struct digest *digest, char out[DIGEST_TEXT])
{
    uint8_t sum[DIGEST_BYTES];
    digest_finish(digest, sum);
    digest_text(sum, out);
}

void digest_text(const uint8_t sum[DIGEST_BYTES], char out[DIGEST_TEXT])
{
    for (int i = 0; i < DIGEST_BYTES; i++) {
        out[2 * i] = "0123456789abcdef"[sum[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[sum[i] & 15];
    }
    out[DIGEST_TEXT - 1] = '\0';
}

void digest_of(const void *bytes, size_t size, uint8_t out[DIGEST_BYTES])
{
    struct digest *digest = digest_create();
    digest_add(digest, bytes, size);
    digest_finish(digest, out);
    digest_destroy(&digest);
}

static int add_descriptor(struct digest *digest, int descriptor)
{
    uint8_t bytes[65536];
    for (;;) {
        ssize_t size = read(descriptor, bytes, sizeof(bytes));
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return size < 0 ? AVERROR(errno) : 0;
        digest_add(digest, bytes, (size_t)size);
    }
}

int digest_file(struct log *log, const char *path, char out[DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    struct stat status;
    int ret = 0;
    /* Not blocking, as opening a pipe would wait for its other end. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 || fstat(descriptor, &status) < 0)
        ret = AVERROR(errno);
    else if (!S_ISREG(status.st_mode))
        ret = AVERROR(EINVAL);
    else
        ret = add_descriptor(digest, descriptor);
    if (descriptor >= 0)
        close(descriptor);
    if (ret >= 0)
        digest_finish_text(digest, out);
    else
        log_fail(log, ret,
                 _("%s: the file can't be read for its checksum (%s); check "
                   "that it is there and may be read"),
                 path, LOG_REASON(ret));
    digest_destroy(&digest);
    return ret;
}
