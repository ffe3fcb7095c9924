/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzzing program without libFuzzer: every seed of a folder, then
 * mutations of them for some seconds. Round n is the same in every run, so
 * that a round that crashed is run again by its number.
 * PROGRAM FOLDER [SECONDS [FIRST_ROUND]] */
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#define SEEDS_MOST 256
#define SIZE_MOST  8192

struct seed {
    uint8_t *bytes;
    size_t size;
};

struct seeds {
    struct seed list[SEEDS_MOST];
    size_t count;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool seed_read(struct seed *seed, const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    seed->bytes = calloc(1, SIZE_MOST);
    seed->size = seed->bytes ? fread(seed->bytes, 1, SIZE_MOST, file) : 0;
    fclose(file);
    return seed->bytes != NULL;
}

/* By name, whatever order the file system has. */
static void seeds_read(struct seeds *seeds, const char *folder)
{
    char *names[SEEDS_MOST];
    size_t count = 0;
    DIR *list = opendir(folder);
    for (struct dirent *entry; list && (entry = readdir(list));) {
        if (entry->d_name[0] != '.' && count < SEEDS_MOST)
            names[count++] = strdup(entry->d_name);
    }
    if (list)
        closedir(list);
    qsort(names, count, sizeof(names[0]), compare_names);
    for (size_t i = 0; i < count; i++) {
        if (seed_read(&seeds->list[seeds->count], folder, names[i]))
            seeds->count++;
        free(names[i]);
    }
}

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* What parsers look for. */
static const char *const words[] = {
    "\n",
    "\r\n",
    " --> ",
    "00:00:01,000",
    "[Events]",
    "Dialogue: ",
    ",",
    "\"",
    "\t",
    ";",
    ":",
    "：",
    "，",
    "\xff",
    "\xfe",
    "\xef\xbb\xbf",
    "WEBVTT\n",
    "{\\p1}",
    "&amp;",
    "<b>",
    "<v 甲>",
    "-",
    "[00:01.5]",
    "- ",
    "{",
    "}",
    "99999999999999999999",
    "0",
    "小时",
    "下午",
    "\xd6\xd0",
    "\x81\x30",
    "&#x110000;",
    "%",
    "#",
};

static void insert(struct seed *seed, size_t at, const void *bytes, size_t size)
{
    if (seed->size + size > SIZE_MOST)
        return;
    memmove(seed->bytes + at + size, seed->bytes + at, seed->size - at);
    memcpy(seed->bytes + at, bytes, size);
    seed->size += size;
}

static void mutate(struct seed *seed, const struct seeds *seeds,
                   uint64_t *random)
{
    size_t at = next_random(random) % (seed->size + 1);
    size_t span = next_random(random) % 16 + 1;
    if (span > seed->size - at)
        span = seed->size - at;
    const char *word =
        words[next_random(random) % (sizeof(words) / sizeof(words[0]))];
    const struct seed *other = &seeds->list[next_random(random) % seeds->count];
    size_t from = next_random(random) % (other->size + 1);
    size_t rest = other->size - from;
    switch (next_random(random) % 6) {
    case 0:
        if (at < seed->size)
            seed->bytes[at] ^= (uint8_t)(1u << next_random(random) % 8);
        break;
    case 1:
        insert(seed, at, word, strlen(word));
        break;
    case 2:
        memmove(seed->bytes + at, seed->bytes + at + span,
                seed->size - at - span);
        seed->size -= span;
        break;
    case 3:
        insert(seed, at, other->bytes + from, rest < 64 ? rest : 64);
        break;
    case 4:
        if (at < seed->size)
            seed->bytes[at] = (uint8_t)next_random(random);
        break;
    default:
        if (next_random(random) % 4 == 0)
            seed->size = at;
    }
}

/* A copy of its very size, so that sanitizers see a read past its end. */
static void run(const struct seed *seed)
{
    uint8_t *copy = malloc(seed->size + !seed->size);
    if (!copy)
        abort();
    memcpy(copy, seed->bytes, seed->size);
    LLVMFuzzerTestOneInput(copy, seed->size);
    free(copy);
}

static void run_round(const struct seeds *seeds, struct seed *room, long round)
{
    uint64_t random = (uint64_t)round * 7919 + 1;
    const struct seed *from = &seeds->list[next_random(&random) % seeds->count];
    memcpy(room->bytes, from->bytes, from->size);
    room->size = from->size;
    for (uint32_t n = next_random(&random) % 8 + 1; n > 0; n--)
        mutate(room, seeds, &random);
    run(room);
}

int main(int argc, char **argv)
{
    static struct seeds seeds;
    struct seed room = {calloc(1, SIZE_MOST), 0};
    long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 2;
    long first = argc > 3 ? strtol(argv[3], NULL, 10) : 0, round = first;
    if (argc > 1)
        seeds_read(&seeds, argv[1]);
    if (!seeds.count || !room.bytes) {
        fprintf(stderr, "%s FOLDER [SECONDS [FIRST_ROUND]]\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < seeds.count; i++)
        run(&seeds.list[i]);
    for (time_t end = time(NULL) + seconds; time(NULL) < end; round++) {
        /* What a crash leaves to be read: the hundred it lies in. */
        if (round % 100 == 0)
            fprintf(stderr, "round %ld\r", round);
        run_round(&seeds, &room, round);
    }
    printf("%zu seeds and %ld rounds\n", seeds.count, round - first);
    for (size_t i = 0; i < seeds.count; i++)
        free(seeds.list[i].bytes);
    free(room.bytes);
    return 0;
}
