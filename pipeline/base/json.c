/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns the reading of JSON files. (jansson's own would wait for ever at a pipe
 * that somebody put in the file's place.) */
#include "base/json.h"

#include "base/buffer.h"
#include "base/files.h"

#define JSON_LIMIT ((size_t)256 << 20)

json_t *json_read(const char *path)
{
    struct buffer bytes = {0};
    json_t *value = NULL;
    if (files_read(NULL, path, JSON_LIMIT, &bytes) >= 0 && bytes.size)
        value = json_loadb(bytes.data, bytes.size, 0, NULL);
    buffer_clear(&bytes);
    return value;
}
