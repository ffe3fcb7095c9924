/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON files of our own, read as any other file is. */
#ifndef REELPRESS_BASE_JSON_H
#define REELPRESS_BASE_JSON_H

#include <jansson.h>

/* A new reference; NULL, without a word, when there is no such regular file or
 * it is none of JSON. */
json_t *json_read(const char *path);

#endif
