/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owns a font file's form for libass: which faces of it are shown. What is
 * changed in one of them is faces_cmap.c's. */
#include "subtitles/faces_parts.h"

#include <string.h>
#include <sys/mman.h>

#include <libavutil/intreadwrite.h>

/* OpenType, "TTC header": tag, version, number of faces, where each begins. */
#define COLLECTION_COUNT 8
#define COLLECTION_FACES 12
/* A style has a few fonts with a few fall-backs each. */
#define CHOSEN_MOST 64

void faces_trim_collection(void *bytes, size_t size, const int *indices,
                           size_t count)
{
    uint8_t *head = bytes;
    if (size < COLLECTION_FACES || memcmp(head, "ttcf", 4) != 0)
        return;
    uint32_t had = AV_RB32(head + COLLECTION_COUNT);
    if (!count || had > (size - COLLECTION_FACES) / 4)
        return;
    for (size_t i = 0; i < count; i++) {
        if (indices[i] < (int)i || (uint32_t)indices[i] >= had)
            return;
    }
    uint8_t *faces = head + COLLECTION_FACES;
    for (size_t i = 0; i < count; i++)
        memmove(faces + 4 * i, faces + 4 * (size_t)indices[i], 4);
    AV_WB32(head + COLLECTION_COUNT, (uint32_t)count);
}

/* Rising, each once. */
static size_t chosen_add(int *chosen, size_t count, int index)
{
    size_t at = count;
    while (at && chosen[at - 1] >= index)
        at--;
    if ((at < count && chosen[at] == index) || count == CHOSEN_MOST)
        return count;
    memmove(chosen + at + 1, chosen + at, (count - at) * sizeof(*chosen));
    chosen[at] = index;
    return count + 1;
}

static size_t chosen_find(const struct faces *faces,
                          const struct face_file *file, int *chosen)
{
    size_t count = 0;
    for (size_t i = 0; i < faces->chain_count; i++) {
        for (size_t k = 0; k < faces->chains[i].count; k++) {
            const struct face_facts *facts = &faces->chains[i].list[k]->facts;
            if (strcmp(facts->file, file->facts.file) == 0)
                count = chosen_add(chosen, count, facts->index & 0xFFFF);
        }
    }
    return count;
}

void *faces_map(const struct faces *faces, size_t i, size_t *size)
{
    if (i >= faces->file_count)
        return faces->base ? faces_map(faces->base, i - faces->file_count, size)
                           : NULL;
    const struct face_file *file = &faces->files[i];
    void *bytes = mmap(NULL, file->size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
                       file->file, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    int chosen[CHOSEN_MOST];
    size_t count = chosen_find(faces, file, chosen);
    if (count < CHOSEN_MOST)
        faces_trim_collection(bytes, file->size, chosen, count);
    faces_widen_cmap(bytes, file->size);
    *size = file->size;
    return bytes;
}

void faces_unmap(void *bytes, size_t size)
{
    if (bytes)
        munmap(bytes, size);
}
